"""Practice: choosing a set, answering in place, hints, what is learned from it."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np

from zhiwei.curriculum import api as curriculum
from zhiwei.curriculum.values import ItemCard
from zhiwei.engines import judging, variants
from zhiwei.engines import practice as engine
from zhiwei.engines.practice import Constraints, Tier
from zhiwei.kernel import audit, bulk
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.values import Actor, Level, Verb
from zhiwei.learning.models import Assignment, Practice, PracticeItem
from zhiwei.learning.queries.bank import Known, Shelf, known_of, pupil_view, shelf_for
from zhiwei.learning.queries.path import grade_of
from zhiwei.learning.queries.tiers import tiers_of
from zhiwei.learning.rules.standing import counted_share
from zhiwei.learning.services import projecting
from zhiwei.learning.values import Answer, PracticeState, Recommended, Source

LEAST_MINUTES, MOST_MINUTES = 5, 60
MINUTES_AN_ITEM = 2.0
ANSWER_KEYS = frozenset({"text", "value", "steps"})
MAX_VALUE_CHARS = 20_000


def begin_practice(
    *, actor: Actor, now: datetime, today: date, subject: str, minutes: int, points: Collection[str] = ()
) -> Practice:
    """Choose a practice set for the actor.

    Raises:
        InvalidInputError: Minutes out of range.
        ConflictError: The bank has nothing for this pupil now.

    Effects:
        One audit row.
    """
    tier = tiers_of([actor.person_id], subject=subject, now=now, today=today)[actor.person_id].tier
    made = compose(
        tenant_id=actor.tenant_id,
        tiers={actor.person_id: tier},
        subject=subject,
        minutes=minutes,
        grade=grade_of(actor.person_id, today),
        points=points,
        now=now,
    )
    if not made:
        raise ConflictError("题库里暂时没有适合现在练的题。换个学科，或过几天再来。", code="practice.empty")
    audit.record(
        actor=actor, verb=Verb.CREATE, kind="practice", object_id=made[0].pk, now=now, level=Level.PERSONAL
    )
    return made[0]


def compose(
    *,
    tenant_id: int,
    tiers: Mapping[int, Tier],
    subject: str,
    minutes: int,
    grade: int | None,
    now: datetime,
    points: Collection[str] = (),
    assignment: Assignment | None = None,
) -> list[Practice]:
    """Choose a set for each of several pupils at once and keep them; pupils with nothing to do get none.

    Raises:
        InvalidInputError: Minutes out of range.
    """
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise InvalidInputError(
            f"练习时间应在 {LEAST_MINUTES}–{MOST_MINUTES} 分钟之间。", code="practice.minutes"
        )
    shelf = shelf_for(subject, grade, points=points)
    known = known_of(list(tiers), shelf, now=now)
    chosen = {
        person_id: _choose(shelf, known, person_id, tier, minutes, grade, now)
        for person_id, tier in tiers.items()
    }
    cards = {
        card.uuid: card
        for card in curriculum.get_items({one.item_uuid for many in chosen.values() for one in many})
    }
    practices = bulk.insert_rows(
        [
            Practice(
                tenant_id=tenant_id,
                person_id=person_id,
                assignment=assignment,
                subject=subject,
                tier=tiers[person_id],
                minutes=minutes,
                parameters={"engine": "practice/1", "band": list(tiers[person_id].band)},
                made_at=now,
            )
            for person_id, many in chosen.items()
            if many
        ]
    )
    bulk.insert_rows([row for one in practices for row in _rows(one, chosen[one.person_id], cards)])
    return practices


def recommend(
    *, person_id: int, subject: str, tier: Tier, minutes: int, grade: int | None, now: datetime
) -> list[Recommended]:
    """Return what a pupil would best do next, without keeping anything."""
    shelf = shelf_for(subject, grade)
    return _choose(shelf, known_of([person_id], shelf, now=now), person_id, tier, minutes, grade, now)


def answer(*, now: datetime, question: PracticeItem, value: Mapping[str, Any]) -> judging.Judgement:
    """Judge an answer at once and learn from it.

    Raises:
        ConflictError: The question was answered already.
        InvalidInputError: Not an answer, or too long.
    """
    row = PracticeItem.objects.select_for_update(of=("self",)).select_related("practice").get(pk=question.pk)
    if row.answered_at is not None:
        raise ConflictError("这道题已经答过了。", code="practice.answered")
    if not set(value) <= ANSWER_KEYS or len(str(value)) > MAX_VALUE_CHARS:
        raise InvalidInputError("作答内容的格式不对。", code="practice.shape")
    verdict = judge(row, value)
    row.value, row.score, row.answered_at = dict(value), min(verdict.score, row.max_score), now
    row.judgement = judging.judgement_to_json(verdict)
    row.save(update_fields=["value", "score", "answered_at", "judgement"])
    projecting.take_in(
        tenant_id=row.tenant_id, person_id=row.practice.person_id, answers=[answer_from(row, now)], now=now
    )
    _finish(row.practice, now)
    return verdict


def take_hint(*, question: PracticeItem, most: int) -> int:
    """Take the next hint; returns how many are taken. After the answer nothing changes any more."""
    row = PracticeItem.objects.select_for_update().get(pk=question.pk)
    if row.answered_at is None and row.hints < most:
        row.hints += 1
        row.save(update_fields=["hints"])
    return row.hints


def judge(row: PracticeItem, value: Mapping[str, Any]) -> judging.Judgement:
    """Return the judging engine's verdict on an answer."""
    grader = judging.grader_for(judging.item_from_json(dict(row.content)))
    return grader.judge(judging.response_from_json({"id": str(row.pk), **value}))


def _choose(
    shelf: Shelf, known: Known, person_id: int, tier: Tier, minutes: int, grade: int | None, now: datetime
) -> list[Recommended]:
    if not shelf.cards:
        return []
    view = pupil_view(known, shelf, person_id, now=now, grade=grade)
    wanted = Constraints(count=max(round(minutes / MINUTES_AN_ITEM), 3), minutes=float(minutes))
    found = engine.practice_set(shelf.bank, view, tier, wanted)
    met, observed = known.met[person_id], known.observed.get(person_id, set())
    out = []
    for place, reason in zip(found.items, found.reasons, strict=True):
        card = shelf.cards[place]
        before = met.get(card.uuid)
        if before is not None and before.last_share < 1.0:
            told = "wrong"
        elif card.points[0] not in observed:
            told = "next"
        else:
            told = reason
        success = float(np.round(view.success[place], 4))
        out.append(Recommended(card.uuid, card.points, told, success, float(shelf.bank.minutes[place])))
    return out


def _rows(
    practice: Practice, chosen: Sequence[Recommended], cards: Mapping[str, ItemCard]
) -> list[PracticeItem]:
    there = [one for one in chosen if one.item_uuid in cards]
    return [
        PracticeItem(
            tenant_id=practice.tenant_id,
            practice=practice,
            position=position,
            item_uuid=one.item_uuid,
            item_version=cards[one.item_uuid].version,
            content=_content(cards[one.item_uuid], practice.pk),
            points=list(one.points),
            reason=one.reason,
            expected=one.expected,
            max_score=float(cards[one.item_uuid].content["max_score"]),
        )
        for position, one in enumerate(there, start=1)
    ]


def _content(card: ItemCard, seed: int) -> dict[str, Any]:
    """Return the question as asked: one with parameters gets numbers of its own for each practice."""
    if not variants.has_parameters(card.content):
        return card.content
    return dict(variants.variant(card.content, zlib.crc32(f"{card.uuid}/{seed}".encode())))


def answer_from(row: PracticeItem, now: datetime) -> Answer:
    """Return an answered question as it is learned from."""
    score = float(row.score or 0.0)
    return Answer(
        response_id=row.pk,
        sitting_id=row.practice_id,
        item_key=str(row.item_uuid),
        subject=row.practice.subject,
        points=tuple(row.points),
        score=score,
        max_score=row.max_score,
        share=counted_share(min(max(score / row.max_score, 0.0), 1.0), row.hints),
        at=now,
        source=Source.PRACTICE,
    )


def _finish(practice: Practice, now: datetime) -> None:
    if not practice.items.filter(answered_at__isnull=True).exists():
        Practice.objects.filter(pk=practice.pk).update(state=PracticeState.DONE, finished_at=now)
