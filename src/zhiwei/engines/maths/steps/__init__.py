"""Worked solutions: lines of algebra and sentences with numbers, judged step by step."""

from __future__ import annotations

from zhiwei.engines.maths.steps.derivation import check_derivation
from zhiwei.engines.maths.steps.prose import check_prose
from zhiwei.engines.maths.steps.report import SolutionVerdict, StepVerdict
from zhiwei.engines.maths.steps.says import is_phrase, line_says
from zhiwei.engines.maths.steps.solution import check_solution

__all__ = [
    "SolutionVerdict",
    "StepVerdict",
    "check_derivation",
    "check_prose",
    "check_solution",
    "is_phrase",
    "line_says",
]
