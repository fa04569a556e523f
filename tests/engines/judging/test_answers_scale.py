"""What is stated of a mark agrees with how often it is right, level by level."""

from __future__ import annotations

import numpy as np
import pytest

from zhiwei.engines.judging.learning.scale import Seen, fit_scale, level_of


@pytest.mark.parametrize("doubt", [0.6, 1.0, 1.5])
def test_every_level_is_stated_as_sure_as_it_is_right(doubt: float) -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=4_000)
    quality = values + doubt * rng.normal(size=4_000)
    levels = np.array([0.0, 1.0, 2.0])
    truth = levels[np.searchsorted(np.quantile(quality, [0.2, 0.7]), quality)]
    slope = float(np.cov(truth, values)[0, 1])
    values = truth.mean() + slope * values
    spread = np.full(4_000, float((truth - values).std()))
    seen = Seen(truth[:1_000], values[:1_000], spread[:1_000], values[1_000:], spread[1_000:])
    scale = fit_scale(seen, levels)
    fresh, marks = values[1_000:], truth[1_000:]
    given, stated = scale.marks(fresh), scale.confidence(fresh)
    assert set(given) == set(levels)
    for level in levels:
        told = given == level
        assert stated[told].mean() == pytest.approx((marks[told] == level).mean(), abs=0.07)
    assert (level_of(fresh, scale.cuts) == given).all()
