"""Answers from knowledge bases: indexes kept in memory by revision, permission as a mask, silence where it is due."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from zhiwei.ai import knowledge_access as access
from zhiwei.ai.models import KnowledgeBase, KnowledgePassage
from zhiwei.engines.retrieval import (
    LOOKED_AT,
    THRESHOLD,
    Entry,
    Index,
    build_index,
    chance_answered,
    quote,
    search,
)
from zhiwei.kernel.values import Actor, Verb

MOST_KEPT = 24
"""Indexes (one for each set of bases asked together) kept in a process."""
MOST_FOUND = 5
NEAR_BEST = 0.72
"""Share of the best passage's score that the others need to be shown beside it."""


@dataclass(frozen=True)
class _Shelf:
    """An index with the passages and documents its places stand for."""

    index: Index
    passages: tuple[int, ...]
    documents: np.ndarray


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage that answers: verbatim, with its place and the sentences that say it."""

    passage_id: int
    document_uuid: str
    document: str
    base: str
    page: int
    heading: str
    text: str
    quote_start: int
    quote_end: int

    @property
    def before(self) -> str:
        """The passage up to the quoted sentences."""
        return self.text[: self.quote_start]

    @property
    def quoted(self) -> str:
        """The sentences that answer."""
        return self.text[self.quote_start : self.quote_end]

    @property
    def after(self) -> str:
        """The passage after them."""
        return self.text[self.quote_end :]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bases say to a question; not ``found``: the materials do not answer it, ``cited`` is merely nearest."""

    question: str
    found: bool
    chance: float
    cited: tuple[Cited, ...]


_shelves: OrderedDict[tuple[tuple[int, int], ...], _Shelf] = OrderedDict()
_lock = Lock()


def ask(
    actor: Actor, question: str, *, bases: Sequence[KnowledgeBase] | None = None, companion: bool = False
) -> Answer:
    """Answer a question from what the actor may see.

    Args:
        bases: Only these (all in the actor's reach); every base in reach when not given.
        companion: Only bases opened to the companion.
    """
    rows = list(bases) if bases is not None else list(access.bases_in_reach(actor, Verb.SEARCH))
    if companion:
        rows = [one for one in rows if one.for_companion]
    question = " ".join(question.split())
    shelf = _shelf_of(rows)
    seen = set(
        access.documents_in_reach(actor, Verb.SEARCH).filter(base__in=rows).values_list("pk", flat=True)
    )
    allowed = np.isin(shelf.documents, np.array(sorted(seen), dtype=np.int64))
    hits = search(shelf.index, question, most=MOST_FOUND, allowed=allowed)
    ids = [shelf.passages[hit.place] for hit in hits]
    kept = KnowledgePassage.objects.filter(pk__in=ids).select_related("document", "base")
    kept = kept.defer("document__text", "document__outline", "terms", "counts", "vector")
    by_id = {row.pk: row for row in kept}
    there = [(hit, by_id[one]) for hit, one in zip(hits, ids, strict=True) if one in by_id]
    texts = [row.text for _hit, row in there]
    chance = chance_answered(question, [hit for hit, _row in there], texts)
    shown = [one for one in there if one[0].score >= NEAR_BEST * there[0][0].score][:LOOKED_AT]
    return Answer(question, chance >= THRESHOLD, chance, tuple(_cited(question, row) for _hit, row in shown))


def _cited(question: str, row: KnowledgePassage) -> Cited:
    found = quote(question, row.text)
    return Cited(
        row.pk,
        str(row.document.uuid),
        row.document.title,
        row.base.name,
        row.page,
        row.heading,
        row.text,
        found.start if found else 0,
        found.end if found else 0,
    )


def _shelf_of(bases: Sequence[KnowledgeBase]) -> _Shelf:
    """Return the index over some bases as they are now: a revision counted since makes a new one."""
    key = tuple(sorted((one.pk, one.revision) for one in bases))
    with _lock:
        kept = _shelves.get(key)
        if kept is not None:
            _shelves.move_to_end(key)
            return kept
    made = _load([one.pk for one in bases])
    mine = {one.pk for one in bases}
    with _lock:
        for stale in [one for one in _shelves if {pk for pk, _revision in set(one) - set(key)} & mine]:
            del _shelves[stale]
        _shelves[key] = made
        while len(_shelves) > MOST_KEPT:
            _shelves.popitem(last=False)
    return made


def _load(base_ids: Sequence[int]) -> _Shelf:
    rows = KnowledgePassage.objects.filter(base_id__in=base_ids).order_by("pk")
    entries, passages, documents = [], [], []
    columns = ("pk", "document_id", "terms", "counts", "vector")
    for pk, document_id, terms, counts, vector in rows.values_list(*columns).iterator(chunk_size=2000):
        passages.append(pk)
        documents.append(document_id)
        entries.append(
            Entry(
                np.frombuffer(terms, dtype=np.uint32),
                np.frombuffer(counts, dtype=np.uint8),
                np.frombuffer(vector, dtype=np.float16),
            )
        )
    return _Shelf(build_index(entries), tuple(passages), np.array(documents, dtype=np.int64))
