"""Finding items: by text, pinyin, formula, knowledge point, subject, type, grade, difficulty and state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from zhiwei.curriculum import access
from zhiwei.curriculum.models import Item, ItemEntry
from zhiwei.curriculum.values import ItemState
from zhiwei.engines.indexing import Wanted, codes, wanted_terms
from zhiwei.kernel.values import Actor

DEEPEST = 1000
"""Matches that are counted; a search with more says "1000+"."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; empty fields narrow nothing.

    Attributes:
        text: Pieces between spaces, all of which must fit (see ``engines.indexing.wanted_terms``).
        points: Knowledge point keys, any of which an item may have.
        easiest, hardest: Bounds of difficulty, 0 to 1.
        mine: Only items the actor wrote.
    """

    text: str = ""
    subject: str = ""
    types: Sequence[str] = ()
    points: Sequence[str] = ()
    stage: str = ""
    grade: int | None = None
    easiest: float | None = None
    hardest: float | None = None
    states: Sequence[str] = (ItemState.PUBLISHED,)
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found.

    Attributes:
        total: How many there are, at most ``DEEPEST``.
        more: Whether there are more than ``total``.
    """

    rows: tuple[Item, ...]
    total: int
    more: bool


def find_items(actor: Actor, search: Search, *, limit: int = 50, offset: int = 0) -> Found:
    """Return one page: items on knowledge points that are named by the search first, then the others; newest first.

    Raises:
        ForbiddenError: The actor's roles see no items.

    Cost:
        Three queries at most: two of the index, one that reads the page through the items' walls. Measured in
        ``benchmarks/bank.py``.
    """
    ids = _found_ids(actor, search)
    page = ids[offset : offset + limit]
    found = {row.pk: row for row in Item.objects.filter(pk__in=page)}
    chosen = tuple(found[pk] for pk in page if pk in found)
    return Found(chosen, min(len(ids), DEEPEST), len(ids) > DEEPEST)


def _found_ids(actor: Actor, search: Search) -> list[int]:
    """Ids of what fits, best first, at most one more than ``DEEPEST``."""
    rows = access.entries_in_reach(actor).filter(_facts(search))
    if search.mine:
        rows = rows.filter(author_id=actor.person_id)
    if search.points:
        rows = rows.filter(words__overlap=sorted(codes(f"k:{key}" for key in search.points)))
    pieces = wanted_terms(search.text)
    for piece in pieces:
        rows = rows.filter(_fits(piece, "words"))
    if not pieces:
        return _newest(rows, DEEPEST + 1)
    named = Q()
    for piece in pieces:
        named |= _fits(piece, "topics")
    first = _newest(rows.filter(named), DEEPEST + 1)
    return first + _newest(rows.exclude(named), DEEPEST + 1 - len(first))


def _newest(rows: QuerySet[ItemEntry], limit: int) -> list[int]:
    return list(rows.order_by("-pk").values_list("pk", flat=True)[:limit]) if limit else []


def _fits(piece: Wanted, field: str) -> Q:
    either = Q()
    for way in piece.ways:
        either |= Q(**{f"{field}__contains": sorted(codes(way))})
    return either


def _facts(search: Search) -> Q:
    facts = Q(state__in=list(search.states))
    exact = {"subject": search.subject, "stage": search.stage, "grade": search.grade}
    facts &= Q(**{name: value for name, value in exact.items() if value not in ("", None)})
    if search.types:
        facts &= Q(type__in=list(search.types))
    if search.easiest is not None:
        facts &= Q(difficulty__gte=search.easiest)
    if search.hardest is not None:
        facts &= Q(difficulty__lte=search.hardest)
    return facts


def ids_on_points(keys: Sequence[str]) -> QuerySet[ItemEntry, int]:
    """Return the ids of items on any of these points, by the index."""
    wanted = sorted(codes(f"k:{key}" for key in keys))
    return ItemEntry.objects.filter(words__overlap=wanted).values_list("pk", flat=True)
