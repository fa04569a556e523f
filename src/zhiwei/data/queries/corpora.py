"""What the pages of corpora show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zhiwei.data.access import corpora_in_reach, reviewable_corpora
from zhiwei.data.models import Corpus, CorpusEntry, Version
from zhiwei.data.rules.products import readers
from zhiwei.data.values import AnswerItem, CorpusState, Facet, JudgedAnswer, VersionState
from zhiwei.kernel import api as kernel
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import STAFF_ROLES, Actor, Level, Role, Verb


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry with the answer it refers to; ``answer`` is ``None`` once it was recalled or removed."""

    entry: CorpusEntry
    answer: JudgedAnswer | None
    item: AnswerItem | None


def facets(actor: Actor) -> list[Facet]:
    """Return what released answers there are in the schools the actor may draw from."""
    schools = kernel.tenants_in_reach(actor, verb=Verb.CREATE, kind="corpus", level=Level.PERSONAL)
    ids = [one.id for one in schools]
    return [facet for reader in readers().values() for facet in reader.facets(ids)] if ids else []


def answers_by(found: Sequence[Facet], attribute: str) -> list[tuple[Any, int]]:
    """Return how many released answers there are by subject, scene, item type or grade, most first."""
    counted: Counter[Any] = Counter()
    for one in found:
        counted[getattr(one, attribute)] += one.answers
    return counted.most_common()


def entries(
    corpus: Corpus, *, flag: str = "", band: str = "", split: str = "", kept: str = ""
) -> QuerySet[CorpusEntry]:
    """Return the entries that fit the choices, question by question."""
    rows = CorpusEntry.objects.filter(corpus=corpus).select_related("person")
    if flag:
        rows = rows.filter(flags__contains=[flag])
    if band:
        rows = rows.filter(band=band)
    if split:
        rows = rows.filter(split=split)
    if kept:
        rows = rows.filter(kept=kept == "1")
    return rows.order_by("item_key", "ref")


def shown(rows: Sequence[CorpusEntry]) -> list[Shown]:
    """Return entries with their answers, read once by product."""
    found = {
        product: readers()[product].fetch([one.ref for one in rows if one.product == product])
        for product in {one.product for one in rows}
    }
    pairs = [(one, found[one.product].get(one.ref)) for one in rows]
    return [Shown(one, pair[0] if pair else None, pair[1] if pair else None) for one, pair in pairs]


def picture_of(entry: CorpusEntry, place: int) -> int:
    """Return the stored picture at a place (from 0) of an entry's answer.

    Raises:
        NotFoundError: The answer has no such picture.
    """
    (one,) = shown([entry])
    if one.answer is None or not 0 <= place < len(one.answer.images):
        raise NotFoundError
    return one.answer.images[place]


def open_reviews(actor: Actor) -> list[tuple[Corpus, int]]:
    """Return corpora with how many sampled entries still wait for this reviewer."""
    found = []
    for corpus in reviewable_corpora(actor).filter(state=CorpusState.BUILT).order_by("-built_at")[:50]:
        sampled = CorpusEntry.objects.filter(corpus=corpus, sample__gt=0)
        mine = sampled.filter(reviews__reviewer_id=actor.person_id).count()
        closed = sum(
            one.reviews.count() >= 2
            for one in sampled.exclude(reviews__reviewer_id=actor.person_id).prefetch_related("reviews")
        )
        found.append((corpus, sampled.count() - mine - closed))
    return found


def waiting_reviews(actor: Actor) -> int:
    """Return how many corpora wait for this reviewer."""
    return sum(waiting > 0 for _corpus, waiting in open_reviews(actor))


def waiting_versions(actor: Actor) -> int:
    """Return how many versions wait for a decision that this actor may take."""
    rows = Version.objects.filter(state=VersionState.WAITING, corpus__in=corpora_in_reach(actor, Verb.READ))
    return rows.exclude(requested_by_id=actor.person_id).count()


def possible_recipients(version: Version, today: date) -> list[kernel.PersonInfo]:
    """Return the staff of the version's organisation, by name."""
    found: dict[int, kernel.PersonInfo] = {}
    for role in sorted(STAFF_ROLES - {Role.TEACHER, Role.CLASS_TEACHER}):
        for one in kernel.people_holding(version.tenant_id, role, today):
            if one.tenant_id == version.tenant_id:
                found[one.id] = one
    return sorted(found.values(), key=lambda one: one.name)
