"""Partial fractions, and functions with gaps."""

from __future__ import annotations

import pytest

from zhiwei.engines.maths import judge


@pytest.mark.parametrize(
    ("student", "reference"),
    [
        ("1/(x-1)-1/(x+1)", "2/(x²-1)"),
        ("x+1+1/(x-1)", "x^2/(x-1)"),
        ("1/(x-1)+2/(x-1)^2", "(x+1)/(x-1)^2"),
        ("1/x - x/(x^2+1)", "1/(x(x²+1))"),
    ],
)
def test_partial_fractions_are_known(student: str, reference: str) -> None:
    assert judge(student, reference, test="PartFrac").equal


@pytest.mark.parametrize(
    ("student", "reference"),
    [
        ("2/(x²-1)", "2/(x²-1)"),
        ("(x+1)/(x-1)^2", "(x+1)/(x-1)^2"),
        ("1/(x-1)+1/(x-1)", "2/(x-1)"),
        ("1/x+(1-x)/(x^2-1)", "1/x-1/(x+1)"),
    ],
)
def test_what_still_splits_is_refused(student: str, reference: str) -> None:
    assert judge(student, reference, test="PartFrac").reason == "not_partial_fractions"


@pytest.mark.parametrize(
    ("student", "reference", "reason"),
    [
        ("y=x²/x", "y=x", "domain"),
        ("f(x)=x²/x", "f(x)=x", "domain"),
        ("y=sin x/sin x", "y=1", "domain"),
        ("y=1", "y=sin x/sin x", "domain"),
        ("y=(1-cos x)/(1-cos x)", "y=1", "domain"),
        ("y=tan x/tan x", "y=1", "domain"),
        ("y=tan x", "y=sin x/cos x", "equal"),
        ("y=cot x", "y=cos x/sin x", "equal"),
        ("y=sin x/(2cos x)", "y=(1/2)tan x", "equal"),
        ("y=(e^x+1)/(e^x+1)", "y=1", "equal"),
        ("f(x)=1/(sin x cos x)", "f(x)=2/sin(2x)", "equal"),
        ("y=(x^2-1)/(x-1)", "y=x+1", "domain"),
        ("y=2/(2x)", "y=1/x", "equal"),
        ("f(x)=2x", "f(x)=x+x", "equal"),
        ("x²/x", "x", "equal"),
    ],
)
def test_gaps_belong_to_a_stated_function(student: str, reference: str, reason: str) -> None:
    assert judge(student, reference).reason == reason
