"""Conversations with the companion: begun, continued within limits, handed over, answered by a teacher, removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from zhiwei.ai.models import Dialogue, Turn
from zhiwei.ai.queries import task_sources
from zhiwei.ai.queries.companion import setting_of, standing_of
from zhiwei.ai.services.companion_replies import Reply, Situation, next_hint, reply_to
from zhiwei.ai.services.guarding import tell_protocol
from zhiwei.ai.values import DialogueState
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock, keys
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.values import Actor, Level, Role, Verb

LONGEST_SAID = 1000
MOST_TURNS = 200
KIND = "dialogue"


def begin(
    *, actor: Actor, now: datetime, source: str = "", key: str = "", subject: str = "", said: str = ""
) -> Dialogue:
    """Begin a conversation about a task, or freely with a first question.

    Raises:
        ConflictError: The companion is closed to this pupil now (``companion.closed``).
        InvalidInputError: Neither a task nor a question, or a question that is too long.
        NotFoundError: No such task of this pupil.
    """
    _check_open(actor, now)
    task = task_sources.task_of(actor, source, key, now=now) if source else None
    if task is None:
        _check_said(said)
    keep = timedelta(days=setting_of(actor.tenant_id).keep_days)
    dialogue = Dialogue.objects.create(
        tenant_id=actor.tenant_id,
        person_id=actor.person_id,
        subject=task.card.subject if task else subject[:30],
        source=source,
        task=key,
        title=(task.card.title if task else _("随便问问"))[:120],
        begun_at=now,
        last_at=now,
        keep_until=now + keep,
    )
    _record(actor, now, dialogue, Verb.CREATE, {"task": bool(task)})
    _turn(actor, now, dialogue, said if said or task is None else None)
    return dialogue


def say(*, actor: Actor, now: datetime, dialogue: Dialogue, said: str) -> Reply:
    """Keep what a pupil says and reply to it.

    Raises:
        ConflictError: Closed now, or the conversation is too long.
        InvalidInputError: Nothing said, or too much.

    Effects:
        Two turns; a crisis signal reaches the people the school's protocol names.
    """
    return _turn(actor, now, dialogue, said)


def hint(*, actor: Actor, now: datetime, dialogue: Dialogue) -> Reply:
    """Give the next rung of the ladder; how far a pupil went is kept.

    Raises:
        ConflictError: Closed now, or the conversation is too long.
    """
    return _turn(actor, now, dialogue, None)


def hand_over(*, actor: Actor, now: datetime, dialogue: Dialogue) -> None:
    """Give a conversation to the teachers of its subject (the class teacher when it has none).

    Raises:
        ConflictError: It waits for a teacher already.

    Effects:
        Notifications; an audit row.
    """
    dialogue = _locked(dialogue)
    if dialogue.state == DialogueState.HANDED:
        raise ConflictError("已经转给老师了，请等老师回复。", code="companion.handed")
    dialogue.state, dialogue.handed_at = DialogueState.HANDED, now
    dialogue.save(update_fields=["state", "handed_at"])
    told = _("已经把这段对话转给老师。老师回复后会通知你。")
    _add(dialogue, Reply("handed", told, dialogue.rung), now)
    text = f"{actor.name}把一段学伴对话转给您"
    _tell(_teachers(actor, dialogue, now), text, dialogue, "ai:companion_read", now)
    _record(actor, now, dialogue, Verb.UPDATE, {"handed": True})


def answer(*, actor: Actor, now: datetime, dialogue: Dialogue, said: str) -> None:
    """Keep a teacher's answer and tell the pupil.

    Raises:
        InvalidInputError: Nothing said, or too much.
    """
    _check_said(said)
    dialogue = _locked(dialogue)
    keep_turn(dialogue, "teacher", "answer", said.strip(), now, rung=dialogue.rung, by_id=actor.person_id)
    dialogue.state, dialogue.last_at = DialogueState.ANSWERED, now
    dialogue.save(update_fields=["state", "last_at"])
    text = f"{actor.name}回复了你转交的问题"
    _tell([dialogue.person_id], text, dialogue, "ai:companion_dialogue", now)
    _record(actor, now, dialogue, Verb.ANSWER)


def remove(*, actor: Actor, now: datetime, dialogue: Dialogue) -> None:
    """Remove one's own conversation, for good."""
    _record(actor, now, dialogue, Verb.DELETE)
    dialogue.delete()


def situation(actor: Actor, dialogue: Dialogue, now: datetime) -> Situation:
    """Return all that a reply in this conversation depends on."""
    task = task_sources.task_of(actor, dialogue.source, dialogue.task, now=now) if dialogue.source else None
    guarded = task_sources.guarded(actor, now=now)
    return Situation(actor, task, guarded, task_sources.wrong_ideas(dialogue.subject), dialogue.rung, now)


def _turn(actor: Actor, now: datetime, dialogue: Dialogue, said: str | None) -> Reply:
    """One exchange: what the pupil says and the reply to it; the next hint when nothing is said (``None``)."""
    _check_open(actor, now)
    if said is not None:
        _check_said(said)
    dialogue = _locked(dialogue)
    here = situation(actor, dialogue, now)
    reply = next_hint(here) if said is None else reply_to(said, here)
    if said is not None:
        guards = dict(reply.guards)
        keep_turn(dialogue, "pupil", "said", said.strip(), now, rung=dialogue.rung, guards=guards)
    if reply.crisis is not None:
        tell_protocol(actor, reply.crisis, key=keys.data_key(actor.tenant_id, now), now=now)
    _add(dialogue, reply, now)
    return reply


def _record(
    actor: Actor, now: datetime, dialogue: Dialogue, verb: Verb, detail: Mapping[str, bool] | None = None
) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        kind=KIND,
        object_id=dialogue.pk,
        about_id=dialogue.person_id,
        level=Level.SENSITIVE,
        now=now,
        detail=dict(detail or {}),
    )


def _tell(people: list[int], text: str, dialogue: Dialogue, page: str, now: datetime) -> None:
    kernel.notify(
        person_ids=people,
        tenant_id=dialogue.tenant_id,
        text=text,
        url=reverse(page, args=[dialogue.uuid]),
        key=f"{page}:{dialogue.pk}:{now.isoformat()}",
        now=now,
    )


def _check_open(actor: Actor, now: datetime) -> None:
    if standing_of(actor.person_id, actor.tenant_id, now=now).closed is not None:
        raise ConflictError("学伴现在不能使用，原因写在学伴首页。", code="companion.closed")


def _check_said(said: str) -> None:
    if not said.strip():
        raise InvalidInputError("请先写下你的问题。", code="companion.empty")
    if len(said) > LONGEST_SAID:
        raise InvalidInputError(f"一次最多写 {LONGEST_SAID} 个字。", code="companion.long")


def _locked(dialogue: Dialogue) -> Dialogue:
    row = Dialogue.objects.select_for_update().get(pk=dialogue.pk)
    if row.turns.count() >= MOST_TURNS:
        raise ConflictError("这段对话太长了，请开始一段新的。", code="companion.full")
    return row


def _add(dialogue: Dialogue, reply: Reply, now: datetime) -> None:
    keep_turn(
        dialogue,
        "companion",
        reply.kind,
        reply.said,
        now,
        rung=reply.rung,
        citations=[dict(one) for one in reply.citations],
    )
    dialogue.rung, dialogue.last_at = reply.rung, now
    dialogue.save(update_fields=["rung", "last_at"])


def keep_turn(
    dialogue: Dialogue,
    speaker: str,
    kind: str,
    said: str,
    now: datetime,
    *,
    rung: int,
    citations: list[dict[str, object]] | None = None,
    guards: dict[str, float] | None = None,
    by_id: int | None = None,
    model: str = "",
) -> None:
    """Add one turn, sealed."""
    turn = Turn(
        tenant_id=dialogue.tenant_id,
        dialogue=dialogue,
        number=dialogue.turns.count() + 1,
        speaker=speaker,
        kind=kind,
        rung=rung,
        citations=citations or [],
        guards=guards or {},
        by_id=by_id,
        model=model,
        at=now,
    )
    turn.said = said
    turn.save()


def _teachers(actor: Actor, dialogue: Dialogue, now: datetime) -> list[int]:
    """Return the subject's teachers of the pupil's classes; without any, the class teachers."""
    today = clock.today(now)
    classes = kernel.classes_of_pupils([actor.person_id], today).get(actor.person_id, [])
    found = []
    if dialogue.subject:
        taught = (
            kernel.people_holding(one, Role.TEACHER, today, subject=dialogue.subject) for one in classes
        )
        found = [one for many in taught for one in many]
    if not found:
        found = [one for place in classes for one in kernel.people_holding(place, Role.CLASS_TEACHER, today)]
    return [one.id for one in found]
