"""The one face of all graders, and where each item type's grader is found.

A type's module offers ``build(item, marked, seed) -> Grader``. It is imported only when an item of that type
is judged, so a school that never sets an essay never loads an encoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from .errors import ItemError
from .values import Item, ItemType, Judgement, Marked, Response

_HERE = "zhiwei.engines.judging"
MODULES: dict[ItemType, str] = {
    ItemType.SINGLE_CHOICE: f"{_HERE}.choice",
    ItemType.MULTIPLE_CHOICE: f"{_HERE}.choice",
    ItemType.TRUE_FALSE: f"{_HERE}.choice",
    ItemType.BLANK: f"{_HERE}.blank",
    ItemType.NUMERIC: f"{_HERE}.numeric",
    ItemType.MATCHING: f"{_HERE}.matching",
    ItemType.ORDERING: f"{_HERE}.ordering",
    ItemType.EXPRESSION: f"{_HERE}.expression",
    ItemType.SOLUTION: f"{_HERE}.solution",
    ItemType.SHORT_ANSWER: f"{_HERE}.short_answer",
    ItemType.ESSAY: f"{_HERE}.essay",
    ItemType.FILE: f"{_HERE}.by_hand",
    ItemType.COMPOSITE: f"{_HERE}.composite",
}
UNGUARDED = frozenset({ItemType.COMPOSITE, ItemType.FILE})
"""Types that need no guard of their own: parts are guarded one by one, files are not read."""


class Grader(Protocol):
    """Judges responses to one item; stateless between calls, so the order of responses changes nothing."""

    def judge(self, response: Response) -> Judgement:
        """Judge one response; never raises on what a pupil may write."""
        ...

    def judge_many(self, responses: Sequence[Response]) -> list[Judgement]:
        """Judge many at once, in order.

        Closed types judge each as if alone. Short answers and essays that learn from marks take the batch as
        evidence of what is usual, so a judgement may differ from :meth:`judge`; the order changes nothing.
        """
        ...


class GraderModule(Protocol):
    """What the module of an item type offers."""

    def build(self, item: Item, marked: Sequence[Marked], seed: int) -> Grader:
        """A grader for ``item`` that has learned from ``marked`` (which may be empty).

        Raises:
            ItemError: the item cannot be judged as it stands (say which key and why).
        """
        ...


def build_grader(item: Item, marked: Sequence[Marked] = (), *, seed: int = 0) -> Grader:
    """The bare grader of the item's type, without calibration and without the guard against abuse.

    Raises:
        ItemError: the item cannot be judged as it stands, or this installation has no grader for its type.
    """
    if find_spec(MODULES[item.type]) is None:
        raise ItemError(f"item: type: this installation has no grader for {item.type.value}")
    module = cast(GraderModule, import_module(MODULES[item.type]))
    return module.build(item, marked, seed)


def grader_for(
    item: Item, marked: Sequence[Marked] = (), *, seed: int = 0, tolerated_error: float | None = None
) -> Grader:
    """The grader to use: the type's own, its confidence calibrated, behind the guard every answer passes.

    Args:
        item: what was asked; only ``type`` and ``max_score`` are needed.
        marked: responses a teacher has marked, any number of them.
        seed: makes whatever is drawn at random repeatable.
        tolerated_error: share of released judgements that a teacher might change; decides ``defer``.
            Without it the grader of the type decides (closed types: 5 %).

    Raises:
        ItemError: the item cannot be judged as it stands.
    """
    from .calibrated import released
    from .guard import Guarded

    if tolerated_error is not None and not 0 < tolerated_error < 1:
        raise ItemError(f"tolerated_error: {tolerated_error:g} is not between 0 and 1")
    built = build_grader(item, marked, seed=seed)
    if item.type in UNGUARDED:
        return built
    inner = released(item, built, marked, seed=seed, tolerated_error=tolerated_error)
    return Guarded(item, inner, marked)
