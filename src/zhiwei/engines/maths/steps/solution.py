"""One door for both kinds of working: formulas line by line, or sentences with numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zhiwei.engines.maths.nodes import free_symbols
from zhiwei.engines.maths.steps.derivation import check_derivation
from zhiwei.engines.maths.steps.prose import check_prose
from zhiwei.engines.maths.steps.report import SolutionVerdict
from zhiwei.engines.maths.steps.statements import statements

_WORD = re.compile(r"[A-Za-z]{3,}|[\u4e00-\u9fff]{2}")


def check_solution(problem: str, reference: Sequence[str], student: Sequence[str]) -> SolutionVerdict:
    """Judge a worked solution of either kind; see ``check_prose`` and ``check_derivation``."""
    if _is_prose(reference) and _is_prose(student):
        return check_prose(problem, reference, student)
    return check_derivation(student, reference, problem)


def _is_prose(lines: Sequence[str]) -> bool:
    """Sentences with numbers: no formula has a letter in it, and there are words enough."""
    if not lines or any(free_symbols(item.node) for line in lines for item in statements(line)):
        return False
    return sum(len(_WORD.findall(line)) for line in lines) >= 3
