"""Questions that are much the same, and the knowledge points a question seems to be on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from zhiwei.curriculum import access
from zhiwei.curriculum.models import Item, ItemEntry, Point
from zhiwei.curriculum.rules.contents import facts_of
from zhiwei.engines.indexing import Shingles, codes, similarity, suggest, terms_of
from zhiwei.kernel.values import Actor

ALIKE = 0.55
"""Likeness from which two stems are shown as perhaps the same."""
RUN, RUNS, LOOKED_AT = 4, 12, 200
KNOWN = 3000


@dataclass(frozen=True, slots=True)
class Alike:
    """An item whose stem is much the same; ``share`` in [0, 1]."""

    item: Item
    share: float


def alike_items(
    actor: Actor, content: Mapping[str, Any], *, without: str = "", limit: int = 5
) -> list[Alike]:
    """Return items in reach whose stem is much the same, likest first.

    Candidates share a run of a few neighbouring characters somewhere; they are compared by shingles.
    """
    stem = str(content.get("stem", ""))
    wanted = _runs(stem)
    if not wanted:
        return []
    ids = list(
        access.entries_in_reach(actor).filter(wanted).order_by("-pk").values_list("pk", flat=True)[:LOOKED_AT]
    )
    rows = access.items_in_reach(actor).filter(pk__in=ids)
    rows = rows.exclude(uuid=without) if without else rows
    mine = Shingles.of(_text(content))
    found = [Alike(row, round(similarity(mine, Shingles.of(row.search_text)), 3)) for row in rows]
    return sorted((one for one in found if one.share >= ALIKE), key=lambda one: -one.share)[:limit]


def suggested_points(
    actor: Actor, content: Mapping[str, Any], *, without: str = "", limit: int = 5
) -> list[tuple[Point, float]]:
    """Return the points a question is likeliest on, with shares in (0, 1]; learned from items in reach."""
    subject = str(content.get("subject", ""))
    items = access.items_in_reach(actor).filter(subject=subject).exclude(points=[])
    items = items.exclude(uuid=without) if without else items
    ids = dict(items.order_by("-pk").values_list("pk", "points")[:KNOWN])
    entries = ItemEntry.objects.filter(pk__in=ids).values_list("pk", "words")
    known = [(frozenset(words) - codes(f"k:{key}" for key in ids[pk]), ids[pk]) for pk, words in entries]
    rows = {row.key: row for row in Point.objects.filter(subject=subject, retired=False)}
    texts = {key: codes(terms_of(f"{row.name} {row.definition}")) for key, row in rows.items()}
    found = suggest(codes(terms_of(_text(content))), known, texts, limit=limit)
    return [(rows[key], share) for key, share in found if key in rows]


def _text(content: Mapping[str, Any]) -> str:
    return facts_of({"type": "", **content}).text


def _runs(stem: str) -> Q:
    """Items that hold one of a dozen short runs of this stem, spread over it."""
    pieces = [term for term in _ordered(stem) if len(term) > RUN // 2]
    step = max(1, len(pieces) // RUNS)
    wanted = Q()
    for start in range(0, max(len(pieces) - RUN + 1, 1), step):
        group = pieces[start : start + RUN]
        if group:
            wanted |= Q(words__contains=sorted(codes(group)))
    return wanted


def _ordered(stem: str) -> list[str]:
    """Terms of the stem's pairs of Chinese characters and words, in their order."""
    found: list[str] = []
    for size in range(len(stem)):
        pair = stem[size : size + 2]
        if len(pair) == 2 and all("\u3400" <= one <= "\u9fff" for one in pair):
            found.append(f"w:{pair}")
    found += sorted(
        term for term in terms_of(stem) if term.startswith("w:") and term[2:3].isascii() and len(term) > 5
    )
    return found
