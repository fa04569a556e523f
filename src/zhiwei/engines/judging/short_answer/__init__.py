"""Short answers: judged by rubric, reference and marks; what to mark next; what means the same."""

from __future__ import annotations

from collections.abc import Sequence

from zhiwei.engines.judging.protocol import Grader
from zhiwei.engines.judging.values import Item, Marked

from .choosing import choose_next
from .cross import item_key
from .expectation import Lessons
from .grader import ENGINE, VERSION, ShortAnswerGrader
from .grouping import AnswerGroup, group_answers

__all__ = ["ENGINE", "VERSION", "AnswerGroup", "ShortAnswerGrader", "build", "choose_next", "group_answers"]


def build(item: Item, marked: Sequence[Marked], seed: int) -> Grader:
    """A grader for one short-answer item; marks that name another item teach it across questions."""
    own = tuple(mark for mark in marked if _same(item, mark.item))
    lessons = tuple((mark.item, mark) for mark in marked if mark.item and mark.item.reference_texts())
    keys = frozenset(item_key(other) for other, _ in lessons if _same(item, other))
    known = Lessons(lessons, keys | {item_key(item)})
    return ShortAnswerGrader(item, own, known, seed, known.elsewhere())


def _same(item: Item, other: Item | None) -> bool:
    """Whether a mark belongs to the item itself: it names no other, or one that is the same."""
    if other is None or (item.id and item.id == other.id):
        return True
    return not (item.id and other.id) and item_key(item) == item_key(other)
