"""Variants: questions with parameters become one question a seed, by arithmetic of our own.

>>> item = {"type": "numeric", "max_score": 1, "stem": "{{a}}+1=?", "reference_answers": ["{{b}}"],
...         "parameters": [{"name": "a", "min": 2, "max": 2}], "derived": {"b": "a+1"}}
>>> variant(item, 7)["reference_answers"]
['3']
"""

from __future__ import annotations

from zhiwei.engines.variants.arithmetic import FormulaError, evaluate, holds
from zhiwei.engines.variants.drawing import VariantError, draw, has_parameters, variant

__all__ = ["FormulaError", "VariantError", "draw", "evaluate", "has_parameters", "holds", "variant"]
