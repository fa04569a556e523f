"""Numbers in words, strokes beside ÷, and single places where a function is missing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.maths import judge
from zhiwei.engines.maths.words import figures

SPOKEN = "零一二三四五六七八九"


def said(value: int) -> str:
    """Return 0–99 in words."""
    tens, ones = divmod(value, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else SPOKEN[tens] + "十"
    return lead + (SPOKEN[ones] if ones or not lead else "")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 99), st.integers(1, 99), st.integers(1, 9))
def test_a_spoken_fraction_is_the_written_one(top: int, below: int, whole: int) -> None:
    assert judge(f"{said(below)}分之{said(top)}", f"{top}/{below}").equal
    assert judge(f"负{said(below)}分之{said(top)}", f"-{top}/{below}").equal
    assert judge(f"{said(whole)}又{said(below)}分之{said(top)}", f"{whole * below + top}/{below}").equal
    assert not judge(f"{said(below)}分之{said(top)}", f"{top + 1}/{below}").equal


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("二分之根号三", "(√(3)/2)"), ("百分之五", "(5/100)"), ("三分之派", "(派/3)"), ("负根号二", "-√2"),
        ("x=二十五厘米", "x=25厘米"), ("3.5万", "(3.5*10000)"), ("3分之2", "(2/3)"), ("正负二", "正负2"),
    ],
)  # fmt: skip
def test_words_become_figures(written: str, shown: str) -> None:
    assert figures(written).replace("根号", "√") == shown


@pytest.mark.parametrize(
    "text", ["一次函数", "三角形", "第一象限", "一切实数", "不会", "x+1", "一一对应", "负无穷"]
)
def test_words_that_say_something_else_stay(text: str) -> None:
    assert figures(text) == text


@pytest.mark.parametrize(
    ("student", "reference"),
    [("3/4÷3/8", "2"), ("1/2÷1/4×2", "4"), ("x÷2", "x/2"), ("6÷2/3", "9"), ("{±1}", "{-1,1}"),
     ("{2±√3}", "{2-√3,2+√3}"),
     ("(2,5)", "x=2,y=5"), ("(2,5)", "y=5,x=2"), ("{x=2,y=5}", "x=2,y=5"), ("约等于3.14", "3.14")],
)  # fmt: skip
def test_written_otherwise_and_the_same(student: str, reference: str) -> None:
    assert judge(student, reference).equal


@pytest.mark.parametrize(
    ("student", "reference"),
    [("3/4÷3/8", "1/32"), ("{±1}", "{1}"), ("(5,2)", "x=2,y=5"), ("(2,5)", "x=2,y=5,z=1"), ("(2,5)", "x=2或x=5"),
     ("三分之二", "3/2"), ("x=2,y=5", "(2,5)")],
)  # fmt: skip
def test_written_alike_and_not_the_same(student: str, reference: str) -> None:
    assert not judge(student, reference).equal


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("y=sin x/sin x", "y=1", False), ("y=cos x·tan x", "y=sin x", False), ("y=x^0", "y=1", False),
        ("y=(e^x-1)/(e^x-1)", "y=1", False), ("y=|x|·x/|x|", "y=x", False), ("y=e^x/e^x", "y=1", True),
        ("y=tan x", "y=sin x/cos x", True), ("y=|x|/x", "y=x/|x|", True), ("sin x/sin x", "1", True),
        ("y=1/(2+cos x)·(2+cos x)", "y=1", True),
    ],
)  # fmt: skip
def test_gaps_of_any_denominator_belong_to_a_stated_function(one: str, other: str, same: bool) -> None:
    assert judge(one, other).equal is same
    assert judge(other, one).equal is same


@pytest.mark.parametrize(
    ("student", "reference", "same"),
    [("ln(2x)+C", "ln x+C", True), ("ln x+C", "ln|x|+C", False), ("ln|3x|+C", "ln|x|+C", True),
     ("ln(x²)+C", "2ln x+C", False),
     ("ln x", "ln x+C", False)],
)  # fmt: skip
def test_logarithms_as_antiderivatives(student: str, reference: str, same: bool) -> None:
    assert judge(student, reference, test="antiderivative").equal is same
