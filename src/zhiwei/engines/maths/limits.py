"""Bounds that keep every comparison short, whatever is typed."""

from __future__ import annotations

MAX_CHARACTERS = 2_000
MAX_TOKENS = 1_200
MAX_NESTING = 160
"""Levels of a tree that was read; deeper ones would end in the interpreter's own limit."""
MAX_DEPTH = 60
MAX_DIGITS = 400
MAX_EXPONENT_10 = 400
MAX_FACTORIAL = 400
MAX_SUM_TERMS = 400
MAX_POLYNOMIAL_TERMS = 400
MAX_POLYNOMIAL_DEGREE = 60
PAIR_SECONDS = 2.0
