"""Comparisons of how an answer is written, and names of comparisons that are not known."""

from __future__ import annotations

import pytest

from zhiwei.engines.maths import judge


@pytest.mark.parametrize(
    ("test", "student", "reference", "equal"),
    [
        ("CasEqual", "x+1", "x+1", True),
        ("CasEqual", "1+x", "x+1", False),
        ("CasEqual", "x+x", "2x", False),
        ("EqualComAss", "1+x", "x+1", True),
        ("EqualComAss", "y*x*2", "2*x*y", True),
        ("EqualComAss", "x+x", "2x", False),
        ("EqualComAss", "(x+1)^2", "x^2+2x+1", False),
        ("EqualComAss", "-y+x", "x-y", True),
        ("SubstEquiv", "a^2+b", "y+x^2", True),
        ("SubstEquiv", "a^2+b^2", "y+x^2", False),
        ("SameType", "x=1", "y=2", True),
        ("SameType", "x", "x=1", False),
        ("GT", "3", "2", True),
        ("GTE", "2", "2", True),
        ("GTE", "1", "2", False),
        ("NumSigFigs", "3.14", "3.14159", False),
        ("NumSigFigs", "3.14", "3.14", True),
        ("NumDecPlaces", "2.50", "2.50", True),
        ("NumDecPlaces", "2.5", "2.50", False),
        ("SomethingElse", "x", "x", False),
        ("PartFrac", "1/x", "1/x", True),
    ],
)
def test_named_comparisons(test: str, student: str, reference: str, equal: bool) -> None:
    assert judge(student, reference, test=test).equal is equal


def test_figures_may_be_asked_for() -> None:
    assert judge("3.14", "3.14159", test="NumSigFigs", options={"figures": 3}).equal
    assert judge("3.15", "3.14159", test="NumSigFigs", options={"figures": 3}).reason == "different"


def test_an_unknown_comparison_says_so() -> None:
    assert judge("x", "x", test="Unheard").reason == "unknown_test"
