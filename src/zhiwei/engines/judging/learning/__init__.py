"""Learning a teacher's marks: what graders of short answers and essays share."""

from __future__ import annotations

from .model import Learned, Pool, learn, pool_of
from .scale import Scale

__all__ = ["Learned", "Pool", "Scale", "learn", "pool_of"]
