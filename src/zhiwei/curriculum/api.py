"""The curriculum's door: items and knowledge points as values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from zhiwei.curriculum import access
from zhiwei.curriculum.models import Item, Point
from zhiwei.curriculum.queries import points as graph
from zhiwei.curriculum.queries import wrong_ideas
from zhiwei.curriculum.queries.cards import item_card, item_cards
from zhiwei.curriculum.queries.searching import Search, find_items, ids_on_points
from zhiwei.curriculum.values import ItemCard, ItemPage, ItemState, PointCard, PointGroup
from zhiwei.engines.hints import WrongIdea
from zhiwei.kernel.values import Actor

__all__ = [
    "get_items",
    "get_points",
    "items_for_points",
    "points_tree",
    "search_items",
    "search_points",
    "wrong_ideas_of",
]


def wrong_ideas_of(points: Iterable[str]) -> list[WrongIdea]:
    """Return the misconceptions known of some knowledge points."""
    return wrong_ideas.of_points(points)


def get_items(uuids: Iterable[str], *, actor: Actor | None = None, seed: int = 1) -> list[ItemCard]:
    """Return published items in reach with their current content, in the order asked; unknown ones are left out.

    Args:
        actor: Who takes them; sealed items are given only to those who may see them (to nobody without one).
        seed: Fixes the numbers of items with parameters: give each work its own (``work.pk``), so that a work
            stays as it is and the next one has other numbers.
    """
    wanted = list(dict.fromkeys(map(str, uuids)))
    reach = _unsealed() if actor is None else access.items_in_reach(actor)
    rows = {str(row.uuid): row for row in reach.filter(uuid__in=wanted, state=ItemState.PUBLISHED)}
    cards = {card.uuid: card for card in item_cards(list(rows.values()), seed=seed)}
    return [cards[one] for one in wanted if one in cards]


def search_items(
    actor: Actor,
    *,
    text: str = "",
    subject: str = "",
    types: Sequence[str] = (),
    points: Sequence[str] = (),
    stage: str = "",
    grade: int | None = None,
    easiest: float | None = None,
    hardest: float | None = None,
    limit: int = 20,
    offset: int = 0,
) -> ItemPage:
    """Return published items that fit, those on points named by the text first, then newest, with content.

    Args:
        text: Chinese, pinyin (``fangcheng``, ``yyycfc``), words or a formula (``x^2-5x``); pieces between
            spaces must all fit.
        points: Knowledge point keys, any of which an item may have.
        easiest: Least difficulty (0 easy … 1 hard).
        hardest: Greatest difficulty.
        limit: At most 100.

    Raises:
        ForbiddenError: The actor's roles see no items.
    """
    search = Search(text, subject, types, points, stage, grade, easiest, hardest)
    found = find_items(actor, search, limit=min(limit, 100), offset=offset)
    return ItemPage(tuple(item_cards(found.rows)), found.total, found.more)


def items_for_points(points: Iterable[str], *, limit: int = 200) -> list[ItemCard]:
    """Return published items in reach on any of these knowledge points (without content), easiest first."""
    rows = _unsealed().filter(state=ItemState.PUBLISHED, pk__in=ids_on_points(list(points)))
    return [item_card(row, {}) for row in rows.order_by("difficulty", "pk")[:limit]]


def get_points(keys: Iterable[str]) -> dict[str, PointCard]:
    """Return knowledge points by key, with the keys of what they require (two queries)."""
    rows = list(Point.objects.filter(key__in=set(keys)))
    return {card.key: card for card in graph.cards(rows)}


def points_tree(subject: str = "") -> list[PointGroup]:
    """Return the living knowledge points grouped by subject, stage, grade and domain, in teaching order."""
    return graph.points_tree(subject)


def search_points(text: str, *, subject: str = "", limit: int = 20) -> list[PointCard]:
    """Return knowledge points whose name, pinyin, English name, definition or key contains every piece of text."""
    return graph.cards(list(graph.search_points(text, subject=subject)[: min(limit, 200)]))


def _unsealed() -> QuerySet[Item]:
    return Item.objects.filter(Q(sealed_until__isnull=True) | Q(sealed_until__lte=Now()))
