"""Mathematics: read what pupils write, decide whether it equals the reference answer, and say why not.

>>> judge("(x+1)^2", "x²+2x+1").equal
True
>>> judge("x=2", "x=±2").reason
'lost_solution'
"""

from __future__ import annotations

from zhiwei.engines.maths.errors import UndecidedError, UnreadableError
from zhiwei.engines.maths.forms import FORMS, check_form
from zhiwei.engines.maths.judge import Verdict, judge
from zhiwei.engines.maths.nodes import Node, Num, Op, Sym
from zhiwei.engines.maths.reading import Reading, read
from zhiwei.engines.maths.reasons import catalogue, sentence
from zhiwei.engines.maths.show import show
from zhiwei.engines.maths.steps import (
    SolutionVerdict,
    StepVerdict,
    check_derivation,
    check_prose,
    check_solution,
    is_phrase,
    line_says,
)

__all__ = [
    "FORMS",
    "Node",
    "Num",
    "Op",
    "Reading",
    "SolutionVerdict",
    "StepVerdict",
    "Sym",
    "UndecidedError",
    "UnreadableError",
    "Verdict",
    "catalogue",
    "check_derivation",
    "check_form",
    "check_prose",
    "check_solution",
    "judge",
    "is_phrase",
    "line_says",
    "read",
    "sentence",
    "show",
]
