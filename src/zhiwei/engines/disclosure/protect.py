"""Making figures of groups safe: a least number of people, no dominating person, keyed noise, and memory.

The four together, because each alone fails: a least size falls to differences of two queries, noise falls to asking
often, memory falls to scaled copies of a figure. Noise is drawn from a key and from what is summed, so that the same
figure always carries the same noise (asking again teaches nothing); a figure that differs from an earlier one in what
fewer than k people contribute is answered with the earlier answer, so that an answer and its refusal cannot be told
apart either. After the cell-key method of census offices (Fraser and Wooton 2005; Thompson, Broadfoot and Elazar 2013)
and simulatable auditing (Kenthapadi, Mishra and Nissim 2005).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from math import copysign, log1p

import numpy as np

from zhiwei.engines.disclosure.cells import Figure, Measured, Sketch

LEAST_K = 5
DOMINANCE = 0.5
"""No person may contribute more than this share of a sum of amounts."""


@dataclass(frozen=True, slots=True)
class Protection:
    """How figures are protected.

    Attributes:
        k: Fewest people behind any figure; at least 5.
        epsilon: Noise of a figure has the scale of the largest contribution of one person over this.
        key: Secret that draws the noise; 16 bytes or more.
    """

    k: int
    epsilon: float
    key: bytes

    def __post_init__(self) -> None:
        """Refuse weak settings.

        Raises:
            ValueError: k below 5, no noise, or a short key.
        """
        if self.k < LEAST_K or not 0 < self.epsilon <= 10 or len(self.key) < 16:
            raise ValueError(f"k = {self.k}, epsilon = {self.epsilon}, key of {len(self.key)} bytes")


@dataclass(frozen=True)
class Earlier:
    """A figure that was told before, with the sketch of what stood behind it."""

    sketch: Sketch
    figure: Figure


def protect(measured: Measured, how: Protection, earlier: Sequence[Earlier]) -> Figure | None:
    """Return a figure that may be told, or ``None`` when too few people stand behind it.

    Args:
        earlier: Every figure told before of the same data under the same key.
    """
    if measured.people < how.k or 0 < measured.contributing < how.k or measured.contributing == 0:
        return None
    if measured.most > DOMINANCE * measured.amount:
        return None
    near = _nearest(measured.sketch, how.k, earlier)
    if near is not None:
        return Figure(near.rows, near.total, near.squares, near.people, near.scale, earlier=True)
    scale = measured.most / how.epsilon
    noise = _Noise(how.key, measured)
    return Figure(
        rows=max(0.0, round(measured.rows + noise.draw("rows", measured.most_rows / how.epsilon))),
        total=measured.total + noise.draw("total", scale),
        squares=max(0.0, measured.squares + noise.draw("squares", measured.most_squares / how.epsilon)),
        people=max(float(how.k), round(measured.people + noise.draw("people", 1 / how.epsilon))),
        scale=scale,
    )


def _nearest(sketch: Sketch, k: int, earlier: Sequence[Earlier]) -> Figure | None:
    """Return the earlier figure that differs in what the fewest people contribute, if those are fewer than k."""
    if not earlier:
        return None
    known = np.stack([one.sketch for one in earlier])
    differing = np.count_nonzero(known != sketch, axis=1)
    place = int(np.argmin(differing))
    return earlier[place].figure if differing[place] < k else None


class _Noise:
    """Laplace noise from a key and from exactly what is summed."""

    def __init__(self, key: bytes, measured: Measured) -> None:
        told = f"{measured.rows}:{measured.total:.6g}:{measured.squares:.6g}:{measured.people}".encode()
        self._seed = hmac.new(key, measured.sketch.tobytes() + told, hashlib.sha256).digest()

    def draw(self, name: str, scale: float) -> float:
        digest = hmac.new(self._seed, name.encode(), hashlib.sha256).digest()
        uniform = (int.from_bytes(digest[:7], "big") + 0.5) / 2**56 - 0.5
        return copysign(-scale * log1p(-2 * abs(uniform)), uniform)
