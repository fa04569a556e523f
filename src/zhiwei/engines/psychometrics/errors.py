"""What a score matrix can be refused for."""

from __future__ import annotations


class ScoreMatrixError(ValueError):
    """A score matrix or a bank of items cannot be used; the message says where and why in one sentence."""
