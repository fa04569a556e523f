"""Worked solutions: the first wrong step, its kind, follow-through and other routes."""

from __future__ import annotations

import pytest

from zhiwei.engines.maths import check_derivation, check_prose, is_phrase, line_says

LINEAR = ["2x=6", "x=3"]
CASES = [
    ("解方程 2x+2=8", ["解：移项，得 2x=8-2", "合并同类项，得 2x=6", "系数化为1，得 x=3"], LINEAR, None, ""),
    ("解方程：2x+2=8", ["移项得 2x=8+2", "2x=10", "x=5"], LINEAR, 0, "term_not_negated"),
    ("2x+2=8", ["2x=6", "x=1/3"], LINEAR, 1, "inverted_division"),
    ("", ["x²-5x+6=0", "(x-2)(x-3)=0", "x-2=0或x-3=0", "∴x₁=2，x₂=3"], ["x=2或x=3"], None, ""),
    ("", ["x²=4x", "两边除以x，得 x=4"], ["x(x-4)=0", "x=0或x=4"], 1, "lost_solution"),
    ("", ["x²-5x+6=0", "(x-2)(x-3)=0", "x₁=-2，x₂=-3"], ["x=2或x=3"], 2, "sign_error"),
    ("-2x+1>5", ["-2x>4", "x>-2"], ["-2x>4", "x<-2"], 1, "inequality_not_reversed"),
    (
        "x/(x-1)=1/(x-1)+2",
        ["去分母得 x=1+2(x-1)", "x=1", "检验：当x=1时，x-1=0，x=1是增根"],
        ["x=1"],
        None,
        "",
    ),
    ("(x+1)/3+1=x/6", ["去分母，得 2(x+1)+1=x", "x=-3"], ["2(x+1)+6=x", "x=-8"], 0, "term_not_multiplied"),
    (
        "",
        ["x+y=5①，x-y=1②", "①+②得 2x=6", "x=3", "把x=3代入①得 3+y=5", "y=2", "∴x=3，y=2"],
        ["x=3,y=2"],
        None,
        "",
    ),
    ("", ["x+y=5，x-y=1", "相加得 2x=4", "x=2"], ["x=3,y=2"], 1, "wrong_step"),
    ("", ["原式=(x+1)²-x²", "=x²+2x+1-x²", "=2x+1"], ["2x+1"], None, ""),
    ("", ["(x+1)²-x²=x²+1-x²=1"], ["2x+1"], 0, "different"),
    ("", ["S=1/2×6×8=28"], ["S=24"], 0, "calculation"),
    ("", ["(x+2)²=9", "x+2=3", "x=1"], ["x=1或x=-5"], 1, "lost_solution"),
    (
        "",
        ["Let x be the number.", "Then 2x + 3 = 11", "Subtracting 3 gives 2x = 8", "so x = 4"],
        ["x=4"],
        None,
        "",
    ),
]


@pytest.mark.parametrize(("problem", "student", "reference", "first", "kind"), CASES)
def test_first_wrong_step_and_its_kind(
    problem: str, student: list[str], reference: list[str], first: int | None, kind: str
) -> None:
    verdict = check_derivation(student, reference, problem)
    assert (verdict.first_wrong, verdict.kind) == (first, kind)
    assert len(verdict.steps) == len(student)


def test_lines_after_a_mistake_are_judged_by_the_pupils_own_value() -> None:
    verdict = check_derivation(["2x=8+2", "2x=10", "x=5"], LINEAR, "2x+2=8")
    assert [step.status for step in verdict.steps] == ["wrong", "follows", "follows"]
    assert verdict.answer_right is False


def test_a_right_answer_by_a_wrong_step_is_noticed() -> None:
    verdict = check_derivation(["2x=7", "x=3"], LINEAR, "2x+2=8")
    assert verdict.first_wrong == 0
    assert verdict.lucky


PROBLEM = "Tom has 3 boxes of 12 pens and gives 5 pens away. How many pens has he left?"
REFERENCE = ["He has 3 * 12 = 36 pens.", "He keeps 36 - 5 = 31 pens.", "31"]


def test_prose_with_a_wrong_step() -> None:
    student = ["He has 3 x 12 = 36 pens.", "He then has 36 + 5 = 41 pens.", "41"]
    verdict = check_prose(PROBLEM, REFERENCE, student)
    assert verdict.first_wrong == 1
    assert verdict.answer_right is False


def test_prose_by_another_route_raises_no_alarm() -> None:
    student = ["One box after giving away has 12 - 5 = 7 pens.", "With the two others 7 + 24 = 31 pens."]
    verdict = check_prose(PROBLEM, REFERENCE, student)
    assert verdict.first_wrong is None
    assert verdict.answer_right


def test_a_false_calculation_before_a_right_answer() -> None:
    verdict = check_prose(PROBLEM, REFERENCE, ["He has 3 x 12 = 35 pens.", "So 31 are left."])
    assert (verdict.first_wrong, verdict.kind, verdict.lucky) == (0, "calculation", True)


def test_rubric_formulas_are_found_in_lines() -> None:
    assert line_says("移项，得 2x = 8-2", "2x=6")
    assert not line_says("移项，得 2x = 8+2", "2x=6")
    assert line_says("设甲有x人", "设甲有 x 人")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("3x-6=x+4", "x=5"),
        ("3x-6=x+4", "2x=10"),
        ("4x-2=3x+6-6", "4x-3x=2"),
        ("3x-2x>1+1", "x>2"),
        ("-x≤11", "x≥-11"),
        ("100x+80x=360", "180x=360"),
        ("\\frac{x}{30}+\\frac{2(x+6)}{30}=1", "x+2(x+6)=30"),
        ("W=(10+x)(100-5x)", "W=-5(x-5)^2+1125"),
        ("W=-5x^2+50x+1000", "W=-5(x-5)^2+1125"),
        ("x^2+6x=7", "(x+3)^2=16"),
        ("(x+3)^2=16", "x+3=±4"),
        ("x^2-5x+6=0", "(x-2)(x-3)=0"),
        ("Δ=9-8=1", "Δ=17"),
        ("9-8=1", "(-3)^2-4×2×(-1)=17"),
        ("x=(3+7)/2", "x=5"),
        ("40+7=47", "7"),
        ("=-16", "16"),
        ("W=-5(x-5)^2+1125", "1125"),
        ("=4+12", "16"),
        ("=a^2-b^2", "(a+b)(a-b)"),
    ],
)
def test_a_line_that_is_not_there_yet_does_not_say_it(line: str, wanted: str) -> None:
    assert not line_says(line, wanted)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("x=5", "2x=10"),
        ("10=2x", "2x=10"),
        ("2(2x-1)=3(x+2)-6", "2(2x-1)=3(x+2)-6"),
        ("4x-3x=2", "4x-2=3x+6-6"),
        ("x=2或x=3", "(x-2)(x-3)=0"),
        ("b^2-4ac=9+8=17", "b^2-4ac=17"),
        ("Δ=(-3)^2-4×2×(-1)=17", "Δ=17"),
        ("-8÷(4/9)×(4/9)", "-8\\div\\frac49\\times\\frac49"),
        ("(-2)^2-2×(-2)×3", "(-2)^2-2\\times(-2)\\times3"),
        ("3√3-2√3+2√3", "3\\sqrt3-2\\sqrt3+2\\sqrt3"),
        ("=3√3", "3\\sqrt{3}"),
        ("=4+12=16", "16"),
        ("所以最大面积为 72 m²。", "72"),
        ("答：利润最大为1125元", "1125"),
        ("经检验，x=9是原方程的解", "检验"),
    ],
)
def test_a_line_as_far_along_says_it(line: str, wanted: str) -> None:
    assert line_says(line, wanted)


def test_words_are_told_from_formulas() -> None:
    assert is_phrase("检验")
    assert is_phrase("check")
    assert not is_phrase("x=5")
    assert not is_phrase("16")
