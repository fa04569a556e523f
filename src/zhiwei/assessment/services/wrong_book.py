"""The wrong-answer book: built from released marks alone, reviewed by its pupil, corrected by pupil or teacher."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zhiwei.assessment.models import Response, WrongEntry
from zhiwei.assessment.rules.mastery import state_of
from zhiwei.assessment.rules.reasons import CAUSES, cause_of
from zhiwei.assessment.values import WrongState
from zhiwei.engines import scheduling
from zhiwei.kernel import audit, clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor, Level, Verb

NOTHING_LOST = 1e-9
KEPT_TRIES = 20


def take_release(payload: Mapping[str, Any], *, now: datetime) -> int:
    """Bring a pupil's book up to a release; returns how many entries stand for this sitting.

    The same release again changes nothing, an older one neither. What became right by a changed mark leaves the
    book; a cause that a person named, and every review, stay.
    """
    revision = int(payload["revision"])
    standing = 0
    for told in payload["responses"]:
        lost = _lost(told)
        known = WrongEntry.objects.filter(response_id=int(told["response_id"])).first()
        if known is not None and known.revision >= revision:
            standing += known.state != WrongState.RECALLED
        elif lost <= NOTHING_LOST:
            if known is not None:
                known.delete()
        else:
            _write(known, payload, told, lost, now)
            standing += 1
    return standing


def take_recall(payload: Mapping[str, Any]) -> int:
    """Hide the entries of a sitting whose marks were taken back; a later release brings them again."""
    rows = WrongEntry.objects.filter(
        response__sitting_id=int(payload["sitting_id"]), revision__lt=int(payload["revision"])
    )
    return rows.update(state=WrongState.RECALLED, revision=int(payload["revision"]))


def record_review(
    *,
    entry: WrongEntry,
    now: datetime,
    share: float,
    what: str,
    detail: Mapping[str, Any] | None = None,
) -> WrongEntry:
    """Note that a pupil tried again: the memory, the state and the day of the next review follow.

    Args:
        share: What the try earned of its marks, 0 to 1.
        what: ``own`` (the same question), ``similar`` or ``self`` (judged by oneself).
        detail: What the page shows of the newest try.
    """
    row = WrongEntry.objects.select_for_update().get(pk=entry.pk)
    tries = [{**one, "detail": None} for one in row.card.get("tries", [])][-KEPT_TRIES + 1 :]
    tries.append({"at": now.isoformat(), "share": share, "what": what, "detail": dict(detail or {})})
    memory = scheduling.review(_memory(row.card), scheduling.grade_of(share), now)
    row.card = {"memory": _as_json(memory), "tries": tries}
    row.state = state_of([(clock.today(datetime.fromisoformat(one["at"])), one["share"]) for one in tries])
    row.due_at, row.reviewed_at = memory.due, now
    row.save(update_fields=["card", "state", "due_at", "reviewed_at"])
    return row


def correct_cause(*, actor: Actor, now: datetime, entry: WrongEntry, cause: str) -> None:
    """Say why an answer was wrong; a person's word stays whatever is released later.

    Raises:
        InvalidInputError: Not one of the causes.

    Effects:
        One audit row.
    """
    if cause not in CAUSES:
        raise InvalidInputError("请选择一个错因。", code="wrong.cause")
    entry.cause = cause
    entry.cause_by = "pupil" if actor.person_id == entry.person_id else "teacher"
    entry.save(update_fields=["cause", "cause_by"])
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="wrong_entry",
        object_id=entry.pk,
        about_id=entry.person_id,
        now=now,
        level=Level.PERSONAL,
        detail={"cause": cause},
    )


def _lost(told: Mapping[str, Any]) -> float:
    return float(told["max_score"]) - float(told["score"]) if told.get("score") is not None else 0.0


def _write(
    known: WrongEntry | None, payload: Mapping[str, Any], told: Mapping[str, Any], lost: float, now: datetime
) -> None:
    row = known or _fresh(payload, told, now)
    row.points, row.lost, row.revision = list(told.get("points", [])), lost, int(payload["revision"])
    if row.cause_by == "machine":
        row.cause = cause_of(told.get("reasons", []), str(told.get("type", "")))
    if row.state == WrongState.RECALLED:
        tries = row.card.get("tries", [])
        row.state = state_of(
            [(clock.today(datetime.fromisoformat(one["at"])), one["share"]) for one in tries]
        )
    row.save()


def _fresh(payload: Mapping[str, Any], told: Mapping[str, Any], now: datetime) -> WrongEntry:
    """Make an entry; the mistake itself is the first review, at the time of the answer."""
    response = Response.objects.get(pk=int(told["response_id"]))
    share = min(max(float(told["score"]) / float(told["max_score"]), 0.0), 1.0)
    at = min(datetime.fromisoformat(str(told["answered_at"])), now)
    memory = scheduling.review(None, scheduling.grade_of(min(share, 0.79)), at)
    return WrongEntry(
        tenant_id=response.tenant_id,
        person_id=int(payload["person_id"]),
        response=response,
        subject=str(payload["subject"]),
        state=WrongState.NOT_YET,
        card={"memory": _as_json(memory), "tries": []},
        due_at=memory.due,
        added_at=now,
    )


def _memory(card: Mapping[str, Any]) -> scheduling.Memory | None:
    kept = card.get("memory")
    if not kept:
        return None
    return scheduling.Memory(
        float(kept["stability"]),
        float(kept["difficulty"]),
        datetime.fromisoformat(kept["last_review"]),
        datetime.fromisoformat(kept["due"]),
    )


def _as_json(memory: scheduling.Memory) -> dict[str, object]:
    return {
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "last_review": memory.last_review.isoformat(),
        "due": memory.due.isoformat(),
    }
