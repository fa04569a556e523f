"""Numbers into words: sure is said only where everything that is believed says the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiwei.learning.rules.standing import certainty_of, counted_share, standing_of
from zhiwei.learning.values import Certainty, Standing


@pytest.mark.parametrize(
    ("low", "high", "n", "told"),
    [
        (0.85, 0.97, 5, Certainty.SURE),
        (0.85, 0.97, 1, Certainty.UNSURE),
        (0.70, 0.97, 5, Certainty.FAIR),
        (0.50, 0.97, 5, Certainty.UNSURE),
        (0.10, 0.40, 9, Certainty.SURE),
        (0.10, 0.40, 0, Certainty.UNSURE),
    ],
)
def test_how_sure_is_said(low: float, high: float, n: int, told: Certainty) -> None:
    assert certainty_of(low, high, n) is told


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.integers(0, 30))
def test_a_wider_interval_is_never_surer(a: float, b: float, more: float, less: float, n: int) -> None:
    low, high = sorted((a, b))
    order = [Certainty.UNSURE, Certainty.FAIR, Certainty.SURE]
    wider = certainty_of(max(low - less, 0.0), min(high + more, 1.0), n)
    assert order.index(wider) <= order.index(certainty_of(low, high, n))


def test_nothing_is_told_of_a_point_nobody_saw() -> None:
    assert standing_of(0.99, 0) is Standing.UNKNOWN


@given(st.floats(0, 1), st.integers(0, 9))
def test_hints_never_add(share: float, hints: int) -> None:
    assert 0.0 <= counted_share(share, hints + 1) <= counted_share(share, hints) <= share
