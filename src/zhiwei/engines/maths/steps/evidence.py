"""What each line of a word problem's solution shows, measured against problem and reference solution."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from zhiwei.engines.maths.steps.quantities import Line, read_line, values_in

LINE_FEATURES = (
    "arithmetic_error",
    "new_value",
    "first_new_value",
    "known_result",
    "operands_known",
    "operands_new",
    "no_number",
    "bare_answer",
    "position",
    "before_new_value",
    "same_step_in_reference",
    "operation_differs",
    "after_wrong",
    "has_final",
    "derivable",
    "first_line",
    "result_in_problem",
    "words_shared",
    "calculation",
    "after_final",
    "first_calculation",
    "sets_up",
    "last_line",
    "wrong_operand_pair",
)
_FACTS = {Fraction(n) for n in (7, 12, 24, 30, 31, 52, 60, 100, 365, 1000, 3600, 16, 36, 3)}
_CLOSE = Fraction(1, 100)


@dataclass(frozen=True, slots=True)
class Setting:
    """The problem and its reference solution as numbers."""

    problem: frozenset[Fraction]
    reference: tuple[Line, ...]
    values: frozenset[Fraction]
    final: Fraction | None
    pairs: frozenset[tuple[frozenset[Fraction], str]]
    words: frozenset[str]


def near(a: Fraction, b: Fraction) -> bool:
    """Equal up to rounding to cents."""
    return abs(a - b) <= _CLOSE


def among(value: Fraction, values: frozenset[Fraction]) -> bool:
    """Whether ``value`` is one of ``values`` up to rounding, or the same as a percentage."""
    return any(near(value, other) or near(value, other * 100) or near(value * 100, other) for other in values)


def setting(problem: str, reference: Sequence[str]) -> Setting:
    """Read problem and reference solution."""
    lines = tuple(read_line(text) for text in reference if text.strip())
    values = {value for line in lines for value in (*line.numbers, *line.results)}
    values |= {calc.value for line in lines for calc in line.calculations if calc.value is not None}
    pairs = frozenset(
        (frozenset(calc.operands), _main(calc.marks)) for line in lines for calc in line.calculations
    )
    given = values_in(problem)
    final = lines[-1].results[-1] if lines and lines[-1].results else None
    words = frozenset(word for line in lines for word in line.words)
    return Setting(given, lines, frozenset(values), final, pairs, words)


def _main(marks: Sequence[str]) -> str:
    return "*" if "*" in marks or "/" in marks else "+"


def measure(lines: Sequence[Line], frame: Setting) -> list[list[float]]:
    """One row of :data:`LINE_FEATURES` a line."""
    known = frame.problem | frame.values
    fresh = [_fresh(line, known) for line in lines]
    first_new = next((i for i, flag in enumerate(fresh) if flag), len(lines))
    first_calc = next((i for i, line in enumerate(lines) if line.calculations), len(lines))
    final_at = next((i for i, line in enumerate(lines) if _has_final(line, frame)), len(lines))
    seen: set[Fraction] = set(frame.problem)
    rows = []
    for i, line in enumerate(lines):
        operands = line.operands
        wrong = not all(calc.right for calc in line.calculations)
        row = [
            wrong, fresh[i], i == first_new, _known_result(line, frame), bool(operands) and all(among(v,
            known) for v in operands),
            any(not among(v, frozenset(seen)) for v in operands), not line.numbers, _bare(line), i /
            len(lines),
            i + 1 == first_new, _same_step(line, frame), _operation_differs(line, frame), i > first_new,
            _has_final(line, frame),
            fresh[i] and _derivable(line, frozenset(seen) | frame.values), i == 0,
            any(among(v, frame.problem) for v in line.results) if line.calculations else 0,
            len(line.words & frame.words) / (1 + len(line.words)), bool(line.calculations), i >
            final_at, i == first_calc,
            bool(line.words & {"let", "assume", "设"}), i == len(lines) - 1, _wrong_pair(line, frame),
        ]  # fmt: skip
        rows.append([float(value) for value in row])
        seen |= set(line.numbers) | set(line.results)
    return rows


def _fresh(line: Line, known: frozenset[Fraction]) -> bool:
    results = line.results if line.calculations else line.numbers[-1:]
    return any(not among(value, known) for value in results)


def _known_result(line: Line, frame: Setting) -> bool:
    return bool(line.calculations) and all(among(value, frame.values) for value in line.results)


def _bare(line: Line) -> bool:
    return len(line.text.split()) <= 2


def _has_final(line: Line, frame: Setting) -> bool:
    return frame.final is not None and any(near(value, frame.final) for value in line.results)


def _same_step(line: Line, frame: Setting) -> bool:
    return any(
        (frozenset(calc.operands), _main(calc.marks)) in frame.pairs
        for calc in line.calculations
        if calc.operands
    )


def _operation_differs(line: Line, frame: Setting) -> bool:
    sets = {operands for operands, _ in frame.pairs if len(operands) > 1}
    return any(frozenset(calc.operands) in sets for calc in line.calculations) and not _same_step(line, frame)


def _wrong_pair(line: Line, frame: Setting) -> bool:
    """Two quantities are combined that the reference never combines, although it uses both."""
    used = {value for operands, _ in frame.pairs for value in operands}
    together = {pair for operands, _ in frame.pairs for pair in combinations(sorted(operands), 2)}
    for calc in line.calculations:
        pairs = list(combinations(sorted(set(calc.operands)), 2))
        if any(a in used and b in used and (a, b) not in together for a, b in pairs):
            return True
    return False


def _derivable(line: Line, values: frozenset[Fraction]) -> bool:
    """Every result is one operation away from known values."""
    pool = [float(value) for value in sorted(values)[:40]]
    return all(any(_one_step(a, b, float(value)) for a in pool for b in pool) for value in line.results)


def _one_step(a: float, b: float, value: float) -> bool:
    return min(abs(a + b - value), abs(a - b - value), abs(a * b - value), abs(a - b * value)) <= float(
        _CLOSE
    )


def fact_numbers(lines: Sequence[Line], frame: Setting) -> int:
    """How many numbers of everyday knowledge (days, minutes, dozens) the lines bring in."""
    return sum(value in _FACTS and value not in frame.problem for line in lines for value in line.operands)


CATEGORY_FEATURES = tuple(
    re.findall(
        r"\w+",
        "constant arithmetic_error final_seen_before unit_words unused_numbers foreign_numbers "
        "everyday_numbers "
        "operation_differs same_step new_value first_step position lines_more time_words percent derivable "
        "wrong_pair no_number final_is_multiple operand_count fraction_words",
    )
)
_UNIT_WORDS = frozenset(
    re.findall(
        r"\w+",
        "minutes minute hours hour seconds inches inch feet foot yards miles cents ounces pounds meters cm "
        "km kilometers grams kilograms liters gallons quarts convert dozen",
    )
)
_TIME_WORDS = frozenset(["week", "weeks", "month", "months", "year", "years", "days", "day", "weekend"])
_FRACTION_WORDS = frozenset(
    ["half", "third", "quarter", "twice", "times", "double", "triple", "more", "fewer", "less"]
)


def describe(
    lines: Sequence[Line], frame: Setting, wrong: int, rows: Sequence[Sequence[float]]
) -> list[float]:
    """One row of :data:`CATEGORY_FEATURES` for a solution whose first wrong step is ``wrong``."""
    line, row = lines[wrong], dict(zip(LINE_FEATURES, rows[wrong], strict=True))
    used = frozenset(value for item in lines for value in item.numbers)
    final_before = any(_has_final(item, frame) for item in lines[:-1])
    last = lines[-1].results[-1] if lines[-1].results else None
    steps = sum(bool(item.calculations) for item in lines) - sum(
        bool(item.calculations) for item in frame.reference
    )
    foreign = [value for value in line.operands if not among(value, frame.problem | frame.values)]
    return [
        1.0, row["arithmetic_error"], float(final_before), min(3, len(line.words & _UNIT_WORDS)) / 3,
        min(3, sum(not among(value, used) for value in frame.problem)) / 3, min(3, len(foreign)) / 3,
        min(3, fact_numbers(lines, frame)) / 3, row["operation_differs"], row["same_step_in_reference"],
        row["new_value"],
        row["first_line"], row["position"], max(-3, min(3, steps)) / 3, min(2, len(line.words &
        _TIME_WORDS)) / 2,
        float("%" in line.text), row["derivable"], row["wrong_operand_pair"], row["no_number"],
        float(_multiple(last, frame)),
        min(6, len(line.operands)) / 6, min(2, len(line.words & _FRACTION_WORDS)) / 2,
    ]  # fmt: skip


def _multiple(last: Fraction | None, frame: Setting) -> bool:
    """The final answer is off by a usual conversion factor."""
    if last is None or not frame.final or not last:
        return False
    ratio = last / frame.final
    return any(
        near(ratio, factor) or near(1 / ratio, factor)
        for factor in map(Fraction, (7, 10, 12, 16, 24, 36, 60, 100, 1000))
    )
