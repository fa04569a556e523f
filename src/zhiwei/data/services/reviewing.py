"""Sampling review: two people look at the same answers, neither seeing the other's word nor the given score."""

from __future__ import annotations

from datetime import datetime

from zhiwei.data.models import Corpus, CorpusEntry, Review
from zhiwei.kernel import audit
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.values import Actor, Level, Verb

REVIEWERS = 2


def next_to_review(actor: Actor, corpus: Corpus) -> CorpusEntry | None:
    """Return the first sampled entry the actor has not reviewed and that still needs a reviewer."""
    mine = Review.objects.filter(corpus=corpus, reviewer_id=actor.person_id).values("entry_id")
    rows = CorpusEntry.objects.filter(corpus=corpus, sample__gt=0).exclude(pk__in=mine)
    for entry in rows.order_by("sample"):
        if entry.reviews.count() < REVIEWERS:
            return entry
    return None


def review_entry(
    *,
    actor: Actor,
    now: datetime,
    corpus: Corpus,
    entry: CorpusEntry,
    is_usable: bool,
    score: float,
    note: str = "",
) -> Review:
    """Write down one reviewer's word.

    Raises:
        InvalidInputError: The score is outside the question's marks.
        ConflictError: Not sampled, reviewed by this person already, or by two others.
    """
    if not 0 <= score <= entry.max_score:
        raise InvalidInputError(f"分数要在 0 到 {entry.max_score:g} 之间。", code="corpus.review_score")
    if entry.corpus_id != corpus.pk or not entry.sample:
        raise ConflictError("这份作答不在抽样之列。", code="corpus.not_sampled")
    locked = CorpusEntry.objects.select_for_update().get(pk=entry.pk)
    reviewers = set(locked.reviews.values_list("reviewer_id", flat=True))
    if actor.person_id in reviewers or len(reviewers) >= REVIEWERS:
        raise ConflictError("这份作答已由您或另外两人复核。", code="corpus.reviewed")
    row = Review.objects.create(
        tenant_id=corpus.tenant_id,
        corpus=corpus,
        entry=entry,
        reviewer_id=actor.person_id,
        is_usable=is_usable,
        score=score,
        note=note.strip()[:200],
        at=now,
    )
    audit.record(
        actor=actor,
        verb=Verb.MARK,
        kind="corpus_entry",
        object_id=entry.pk,
        about_id=entry.person_id,
        now=now,
        tenant_id=entry.tenant_id,
        level=Level.PERSONAL,
        detail={"corpus": corpus.pk, "usable": is_usable},
    )
    return row
