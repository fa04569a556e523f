"""Lists of bases and documents, and one page of a document with the passage marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from zhiwei.ai import knowledge_access as access
from zhiwei.ai.models import KnowledgeBase, KnowledgeDocument, KnowledgePassage
from zhiwei.ai.values import Audience, DocumentState
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.kernel.api import OrganisationInfo
from zhiwei.kernel.values import Actor, Verb

BLOCKS_A_SHEET = 60
"""Blocks shown at once of a document without pages."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A stretch of a block: plain, or part of the passage that is cited."""

    text: str
    marked: bool
    first: bool = False


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """One block of a page; ``level`` above 0 for headings."""

    parts: tuple[Shown, ...]
    level: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page (or stretch) of a document."""

    number: int
    last: int
    blocks: tuple[ShownBlock, ...]
    paged: bool


def bases_for(actor: Actor, text: str = "") -> list[KnowledgeBase]:
    """Return the bases the actor sees, with how many documents can be asked (``ready``)."""
    rows = access.bases_in_reach(actor, Verb.READ)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(about__icontains=text))
    ready = Count("documents", filter=Q(documents__state=DocumentState.READY))
    return list(rows.annotate(ready=ready).select_related("owner").order_by("name"))


def documents_of(actor: Actor, base: KnowledgeBase) -> list[KnowledgeDocument]:
    """Return the documents of a base that the actor sees, without their text, newest first."""
    rows = access.documents_in_reach(actor, Verb.READ).filter(base=base).defer("text", "outline")
    return list(rows.annotate(found=Count("passages")).order_by("-added_at", "-pk"))


def classes_to_open(actor: Actor) -> list[OrganisationInfo]:
    """Return the classes the actor may name as an audience: those where they may do anything as staff."""
    return kernel.classes_taught(actor, verb=Verb.READ, kind="person")


def is_reading(documents: Sequence[KnowledgeDocument]) -> bool:
    """Tell whether any document is still being read."""
    return any(one.state in {DocumentState.WAITING, DocumentState.READING} for one in documents)


def passage_of(document: KnowledgeDocument, passage_id: int) -> KnowledgePassage | None:
    """Return one passage of a document."""
    return document.passages.filter(pk=passage_id).first()


def sheet_of(document: KnowledgeDocument, number: int, passage: KnowledgePassage | None) -> Sheet:
    """Return one page of a document; that of the passage when one is named."""
    outline: list[list[int]] = document.outline
    paged = any(page for _start, page, _level in outline)
    sheets = [
        page if paged else at // BLOCKS_A_SHEET + 1 for at, (_start, page, _level) in enumerate(outline)
    ]
    if passage is not None:
        starts = [at for at, row in enumerate(outline) if row[0] <= passage.start]
        number = sheets[starts[-1]] if starts else number
    last = max(document.pages, max(sheets, default=1)) if paged else max(sheets, default=1)
    number = min(max(number, 1), last)
    ends = [row[0] - 1 for row in outline[1:]] + [len(document.text)]
    blocks = tuple(
        ShownBlock(_parts(document.text, row[0], end, passage), row[2])
        for row, end, sheet in zip(outline, ends, sheets, strict=True)
        if sheet == number and document.text[row[0] : end].strip()
    )
    return Sheet(number, last, blocks, paged)


def words_on(document: KnowledgeDocument, number: int, passage: KnowledgePassage | None) -> str:
    """Return the words of a passage that stand on one page; it may begin on the page before."""
    if passage is None:
        return ""
    outline: list[list[int]] = document.outline
    ends = [row[0] - 1 for row in outline[1:]] + [len(document.text)]
    pieces = [
        document.text[max(row[0], passage.start) : min(end, passage.end)]
        for row, end in zip(outline, ends, strict=True)
        if row[1] == number and row[0] < passage.end and end > passage.start
    ]
    return "\n".join(pieces)


def _parts(text: str, start: int, end: int, passage: KnowledgePassage | None) -> tuple[Shown, ...]:
    if passage is None or passage.end <= start or passage.start >= end:
        return (Shown(text[start:end], marked=False),)
    first, last = max(start, passage.start), min(end, passage.end)
    parts = (
        Shown(text[start:first], marked=False),
        Shown(text[first:last], marked=True, first=first == passage.start),
        Shown(text[last:end], marked=False),
    )
    return tuple(one for one in parts if one.text)


def audiences_of(audience: str, classes: Sequence[int]) -> list[str]:
    """Return the names of the classes an audience is limited to."""
    if audience != Audience.CLASSES:
        return []
    return [kernel.get_organisation(one).name for one in classes]


def today_classes(actor: Actor) -> list[int]:
    """Return the classes a pupil is in today."""
    return kernel.classes_of_pupils([actor.person_id], clock.today(clock.now())).get(actor.person_id, [])
