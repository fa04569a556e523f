"""Judging responses by the engines: idempotent, explained, learning from the teacher's marks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from zhiwei.assessment.models import Mark, Response, Sitting, WorkItem
from zhiwei.assessment.rules.paper_reading import is_picture_only, is_unsure, reading_confidence
from zhiwei.assessment.services.scores import settle_sitting
from zhiwei.assessment.values import MarkerKind, ResponseState, SittingState
from zhiwei.engines import judging as engine
from zhiwei.kernel import audit
from zhiwei.kernel.values import Actor, Level, Verb

LEARNS = frozenset({"short_answer", "essay", "blank", "solution"})
"""Types whose graders gain from marked answers; the others are judged by their key alone."""


@dataclass(frozen=True)
class Change:
    """What judging again would do to one response."""

    response_id: int
    person_id: int
    old_score: float | None
    new_score: float
    why: tuple[str, ...]
    released: bool


def judge_sitting(*, sitting_id: int, now: datetime) -> dict[str, int]:
    """Judge every response of a sitting that was handed in; judging again writes nothing new.

    Returns:
        How many marks were written, and how many of them are doubtful.
    """
    sitting = Sitting.objects.select_for_update().get(pk=sitting_id)
    rows = list(sitting.responses.select_related("item").order_by("item__position"))
    written = [mark for row in rows for mark in _judge_rows(row.item, [row], now)]
    if sitting.state == SittingState.HANDED_IN:
        sitting.state = SittingState.JUDGED
        sitting.save(update_fields=["state"])
    settle_sitting(sitting)
    doubtful = sum(row.state == ResponseState.DOUBTFUL for row in rows)
    return {"marks": len(written), "doubtful": doubtful}


def judge_item(*, item_id: int, now: datetime) -> dict[str, int]:
    """Judge all responses to one question that no person has marked, learning from those that one has."""
    item = WorkItem.objects.get(pk=item_id)
    rows = list(open_responses(item))
    written = _judge_rows(item, rows, now)
    for sitting in Sitting.objects.filter(pk__in={row.sitting_id for row in rows}):
        settle_sitting(sitting)
    return {"marks": len(written), "responses": len(rows)}


def preview_rejudge(*, item: WorkItem) -> list[Change]:
    """Return exactly whose marks would change, and why, if the question were judged again now. Writes nothing.

    Responses that a person marked keep the person's mark and are not listed.
    """
    rows = list(open_responses(item))
    changes = []
    for row, verdict in zip(rows, _verdicts(item, rows), strict=True):
        if row.score is None or abs(row.score - verdict.score) > 1e-9:
            why = tuple(reason.zh for reason in verdict.reasons)
            released = row.sitting.released_at is not None
            changes.append(Change(row.pk, row.sitting.person_id, row.score, verdict.score, why, released))
    return changes


def rejudge_item(*, actor: Actor, now: datetime, item: WorkItem) -> int:
    """Judge a question again for everybody and return how many scores changed.

    Effects:
        New marks (the old ones stay as history); one audit row. Released sittings keep showing what was
        released until they are released again.
    """
    before = dict(item.responses.values_list("pk", "score"))
    judge_item(item_id=item.pk, now=now)
    changed = sum(before[pk] != score for pk, score in item.responses.values_list("pk", "score"))
    audit.record(
        actor=actor,
        verb=Verb.MARK,
        kind="work_item",
        object_id=item.pk,
        now=now,
        level=Level.PERSONAL,
        detail={"rejudged": len(before), "changed": changed, "revision": item.revision},
    )
    return changed


def response_value(row: Response) -> engine.Response:
    """Return a response as the engines take it."""
    value = row.value
    return engine.Response(
        id=str(row.pk),
        text=str(value.get("text", "") or ""),
        value=value.get("value"),
        steps=tuple(map(str, value.get("steps", ()) or ())),
    )


def open_responses(item: WorkItem) -> Sequence[Response]:
    """Return the handed-in answers to a question that no person has marked and that a machine can read."""
    rows = item.responses.exclude(state=ResponseState.REVIEWED).exclude(sitting__state=SittingState.ANSWERING)
    return [row for row in rows.select_related("sitting").order_by("pk") if not is_picture_only(row.value)]


def _judge_rows(item: WorkItem, rows: Sequence[Response], now: datetime) -> list[Mark]:
    open_rows = [
        row for row in rows if row.state != ResponseState.REVIEWED and not is_picture_only(row.value)
    ]
    written = []
    learned = _marked_digest(item)
    for row, verdict in zip(open_rows, _verdicts(item, open_rows), strict=True):
        digest = _input_hash(item, row, learned)
        if row.mark is not None and row.mark.kind == MarkerKind.MACHINE and row.mark.input_hash == digest:
            continue
        mark = _write(item, row, verdict, digest, now)
        written.append(mark)
    return written


def _verdicts(item: WorkItem, rows: Sequence[Response]) -> list[engine.Judgement]:
    if not rows:
        return []
    grader = _grader(json.dumps(item.content, sort_keys=True, ensure_ascii=False), _marked(item))
    return grader.judge_many([response_value(row) for row in rows])


@lru_cache(maxsize=64)
def _grader(content: str, marked: tuple[tuple[str, float], ...]) -> engine.Grader:
    """Build a grader once per process, question and set of learned marks."""
    examples = [
        engine.Marked(engine.response_from_json({"id": str(number), **json.loads(value)}), score)
        for number, (value, score) in enumerate(marked)
    ]
    return engine.grader_for(engine.item_from_json(json.loads(content)), examples)


def _marked(item: WorkItem) -> tuple[tuple[str, float], ...]:
    if item.type not in LEARNS:
        return ()
    rows = item.responses.filter(state=ResponseState.REVIEWED, score__isnull=False).order_by("pk")
    return tuple(
        (json.dumps(value, sort_keys=True, ensure_ascii=False), float(score or 0))
        for value, score in rows.values_list("value", "score")
        if value and not is_picture_only(value)
    )


def _marked_digest(item: WorkItem) -> str:
    return hashlib.sha256(repr(_marked(item)).encode()).hexdigest()


def _input_hash(item: WorkItem, row: Response, learned: str) -> str:
    parts: Mapping[str, Any] = {"item": item.content, "value": row.value, "learned": learned}
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def write_verdict(item: WorkItem, row: Response, verdict: engine.Judgement, now: datetime) -> Mark:
    """Write a verdict from outside the engines (a model's) as a machine's mark."""
    return _write(item, row, verdict, _input_hash(item, row, verdict.engine), now)


def _write(item: WorkItem, row: Response, verdict: engine.Judgement, digest: str, now: datetime) -> Mark:
    mark = Mark.objects.create(
        tenant_id=row.tenant_id,
        response=row,
        kind=MarkerKind.MACHINE,
        engine=verdict.engine,
        engine_version=verdict.version,
        parameters=dict(verdict.parameters),
        input_hash=digest,
        item_revision=item.revision,
        score=min(verdict.score, item.max_score),
        max_score=item.max_score,
        judgement=engine.judgement_to_json(verdict),
        confidence=verdict.confidence,
        at=now,
    )
    row.mark, row.score = mark, mark.score
    row.confidence = min(verdict.confidence, reading_confidence(row.value))
    doubtful = verdict.defer or is_unsure(row.value)
    row.state = ResponseState.DOUBTFUL if doubtful else ResponseState.SURE
    row.version += 1
    row.save(update_fields=["mark", "score", "confidence", "state", "version"])
    return mark
