"""Putting two calibrations on one scale through the items they share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from zhiwei.engines.psychometrics.items import Floats, Items, expected_scores


@dataclass(frozen=True, slots=True)
class Link:
    """θ on the old scale = ``scale``·θ on the new form's scale + ``shift``."""

    scale: float
    shift: float

    def items(self, new: Items) -> Items:
        """Return the new form's items on the old scale."""
        return new.rescaled(self.scale, self.shift)

    def theta(self, new: Floats) -> Floats:
        """Return abilities on the old scale."""
        return np.asarray(self.scale * new + self.shift)


def mean_sigma(old: Items, new: Items) -> Link:
    """Link by means and deviations of the common items' difficulties (Marco 1977).

    Args:
        old: The common items as calibrated before.
        new: The same items, in the same order, as calibrated now.

    Raises:
        ValueError: Fewer than two common difficulties, or none of them differ.
    """
    b_old, b_new = old.difficulty[old.valid], new.difficulty[new.valid]
    if len(b_old) != len(b_new) or len(b_old) < 2 or b_new.std() == 0:
        raise ValueError("linking needs at least two common items of different difficulty")
    scale = float(b_old.std() / b_new.std())
    return Link(scale, float(b_old.mean() - scale * b_new.mean()))


def stocking_lord(old: Items, new: Items, *, nodes: int = 41) -> Link:
    """Link by bringing the common items' test characteristic curves together (Stocking & Lord 1983).

    Args:
        old: The common items as calibrated before.
        new: The same items, in the same order, as calibrated now.
        nodes: Abilities, from −4 to 4, at which the curves are compared with normal weights.
    """
    theta = np.linspace(-4, 4, nodes)
    weight = np.exp(-(theta**2) / 2)
    target = expected_scores(old, theta).sum(axis=0)

    def loss(x: Floats) -> float:
        curve = expected_scores(new.rescaled(float(np.exp(x[0])), float(x[1])), theta).sum(axis=0)
        return float((weight * (curve - target) ** 2).sum())

    start = mean_sigma(old, new)
    best = minimize(
        loss,
        [np.log(start.scale), start.shift],
        method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-12},
    )
    return Link(float(np.exp(best.x[0])), float(best.x[1]))
