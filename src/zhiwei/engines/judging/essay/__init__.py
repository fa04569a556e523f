"""Essays: traits by named measures, slips located, learned from a teacher's marks; always a suggestion."""

from __future__ import annotations

from collections.abc import Sequence

from zhiwei.engines.judging.protocol import Grader
from zhiwei.engines.judging.values import Item, Marked

from .features import NAMES, essay_features
from .grader import ENGINE, VERSION, EssayGrader, build_essay

__all__ = ["ENGINE", "NAMES", "VERSION", "EssayGrader", "build", "essay_features"]


def build(item: Item, marked: Sequence[Marked], seed: int) -> Grader:
    """A grader for one essay task that has learned from what is marked."""
    return build_essay(item, marked, seed)
