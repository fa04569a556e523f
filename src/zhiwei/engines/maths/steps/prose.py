"""Word problems solved in sentences: find the first wrong step with the reference solution at hand.

A solution whose final number is the reference's and whose calculations hold is taken as right, whatever
its route.
Otherwise each line is weighed by what it shows (``evidence``), with the coefficients of a conditional
logistic model.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from zhiwei.engines.maths.steps.evidence import Setting, describe, measure, near, setting
from zhiwei.engines.maths.steps.quantities import Line, read_line
from zhiwei.engines.maths.steps.report import SolutionVerdict, StepVerdict

MAX_LINES = 80


@cache
def _weights() -> tuple[list[float], list[str], list[list[float]]]:
    raw = json.loads(files(__package__).joinpath("weights.json").read_text(encoding="utf-8"))
    return raw["line"], raw["categories"], raw["category"]


def check_prose(problem: str, reference: Sequence[str], student: Sequence[str]) -> SolutionVerdict:
    """Judge a solution in prose.

    Args:
        problem: the question.
        reference: lines of a right solution; the last number is the answer.
        student: lines of the pupil's solution.

    Returns:
        Verdict with the first wrong line and one of calculation, quantity, fact, misread, other,
        went_on, unit.
    """
    frame = setting(problem, reference)
    lines = [read_line(text) for text in student[:MAX_LINES]]
    if not lines:
        return SolutionVerdict((), None, answer_right=False)
    right = answer_right(lines, frame)
    broken = next((i for i, line in enumerate(lines) if _clearly_broken(line)), None)
    if right:
        return _verdict(lines, broken, "calculation" if broken is not None else "", right=True)
    rows = measure(lines, frame)
    wrong = most_likely(rows, _weights()[0])
    return _verdict(lines, wrong, category(describe(lines, frame, wrong, rows)), right=False)


def answer_right(lines: Sequence[Line], frame: Setting) -> bool:
    """Whether a number of the last line with numbers is the reference's final number."""
    last = next((line for line in reversed(lines) if line.numbers), None)
    if last is None or frame.final is None:
        return False
    final = frame.final
    return any(near(value, final) or near(value * 100, final) for value in (*last.numbers, *last.results))


def most_likely(rows: Sequence[Sequence[float]], weights: Sequence[float]) -> int:
    """Index of the line with the highest weight."""
    scores = [sum(a * b for a, b in zip(row, weights, strict=True)) for row in rows]
    return max(range(len(scores)), key=scores.__getitem__)


def category(features: Sequence[float]) -> str:
    """The most likely kind of error."""
    _, names, table = _weights()
    scores = [sum(a * b for a, b in zip(features, row, strict=True)) for row in table]
    return names[max(range(len(scores)), key=scores.__getitem__)]


def _clearly_broken(line: Line) -> bool:
    """A false calculation with few operands and no clock times, compass words or reversed differences
    in it."""
    if ":" in line.text:
        return False
    for calc in line.calculations:
        simple = len(calc.operands) == 2 and calc.value is not None
        reversed_difference = simple and calc.marks == ("-",) and calc.value == -calc.claimed
        if simple and not calc.right and not reversed_difference and line.text.count("=") == 1:
            return True
    return False


def _verdict(lines: Sequence[Line], wrong: int | None, kind: str, *, right: bool) -> SolutionVerdict:
    steps = []
    for i, line in enumerate(lines):
        if wrong is None or i < wrong:
            status = "right" if line.calculations or line.numbers else "unread"
        elif i == wrong:
            status = "wrong"
        else:
            status = (
                "follows" if line.calculations and all(calc.right for calc in line.calculations) else "unread"
            )
        steps.append(StepVerdict(status, kind if i == wrong else ""))
    return SolutionVerdict(
        tuple(steps), wrong, kind if wrong is not None else "", right, right and wrong is not None
    )
