"""Learning a teacher's marks: what graders of short answers and essays share."""

from __future__ import annotations

from .blocks import block, essay_blocks
from .expectation import centrality, shared_content, standardised
from .model import Learned, Pool, learn, pool_of
from .scale import Scale

__all__ = [
    "Learned",
    "Pool",
    "Scale",
    "block",
    "centrality",
    "essay_blocks",
    "learn",
    "pool_of",
    "shared_content",
    "standardised",
]
