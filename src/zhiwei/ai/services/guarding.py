"""Guards both ways: what is asked and what is answered; crisis signals reach a human.

Pupils' words pass the whole guard (rules and meaning); grown-ups' pass the rules alone, which name what they find
and stop nothing: a counsellor must be able to ask about self-harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from zhiwei.ai.errors import BlockedError
from zhiwei.ai.models import Alert
from zhiwei.ai.services.grants import Grant
from zhiwei.ai.services.sealing import seal
from zhiwei.engines.safety import Hit, examine, find_hits, normalise
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock, scope
from zhiwei.kernel.values import Actor, Level, OrganisationKind, Role, Verb

CRISIS = frozenset({"self_harm", "abuse"})
STOPPED_IN = frozenset({"injection", "leakage", "violence", "sexual", "drugs"})
STOPPED_OUT = frozenset({"violence", "sexual", "drugs", "self_harm"})
DECIDES_ALONE = 3.0
MOST_CHARACTERS = 200_000
ALERT_PURPOSE = "alert"
CARE = (
    "我注意到你可能正在经历很难的事。你不是一个人：请现在告诉一位你信任的大人（老师、家长或学校心理老师）。"
    "也可以拨打 12356 心理援助热线；有危险请拨 110 或 120。学校里负责的老师会来关心你。"
)
REFUSED = "这个请求不适合在这里处理。换个与学习有关的问题试试吧。"
WITHHELD = "【这段回答未通过内容防护，已停止显示。】"


@dataclass(frozen=True, slots=True)
class Guarded:
    """What the guard said: classes found with their scores, and whether it stops the call."""

    found: dict[str, float]
    sentence: str = ""
    stopped: bool = False

    @property
    def crisis(self) -> tuple[str, ...]:
        """The crisis classes among what was found."""
        return tuple(sorted(CRISIS & self.found.keys()))


def guard_asked(texts: Sequence[str], *, minor: bool) -> Guarded:
    """Judge what is sent to a model."""
    found, sentence = _judge(texts, minor=minor)
    stopped = minor and bool((STOPPED_IN | CRISIS) & found.keys())
    return Guarded(found, sentence, stopped)


def guard_answered(text: str, *, minor: bool) -> Guarded:
    """Judge what a model said."""
    found, sentence = _judge([text], minor=minor)
    return Guarded(found, sentence, minor and bool(STOPPED_OUT & found.keys()))


def refuse(asked: Guarded) -> None:
    """Stop a call the guard stopped.

    Raises:
        BlockedError: ``ai.crisis`` with words of care, else ``ai.blocked``.
    """
    if asked.crisis and asked.stopped:
        raise BlockedError(CARE, code="ai.crisis")
    if asked.stopped:
        raise BlockedError(REFUSED)


def raise_alert(grant: Grant, asked: Guarded, *, call: UUID | None, now: datetime) -> None:
    """Tell the people the school's protocol names that somebody needs them; once a person, class and day.

    Effects:
        An alert with the words sealed, notifications, an audit row. Commits by itself.
    """
    with scope.entered([grant.actor.tenant_id]):
        tell_protocol(grant.actor, asked, key=(grant.data_key, grant.key_version), call=call, now=now)


def tell_protocol(
    actor: Actor, asked: Guarded, *, key: tuple[bytes, int], now: datetime, call: UUID | None = None
) -> None:
    """Tell the people the school's protocol names, in the scope that is open.

    Args:
        key: The tenant's data key and its version, to seal the words with.

    Effects:
        An alert, notifications once a person, class and day, an audit row.
    """
    told = _protocol(actor, now)
    row = Alert.objects.create(
        tenant_id=actor.tenant_id,
        person_id=actor.person_id,
        call_uuid=call,
        kinds=list(asked.crisis),
        sealed=seal(key[0], asked.sentence, ALERT_PURPOSE),
        key_version=key[1],
        told=told,
        at=now,
    )
    kernel.notify(
        person_ids=told,
        tenant_id=actor.tenant_id,
        text=f"请尽快关心{actor.name}：对话中出现危机信号",
        url=reverse("ai:alert", args=[row.uuid]),
        key=f"ai.alert:{actor.person_id}:{'+'.join(asked.crisis)}:{clock.today(now)}",
        now=now,
    )
    audit.record(
        actor=actor,
        verb=Verb.CREATE,
        kind="ai_alert",
        object_id=row.pk,
        about_id=actor.person_id,
        level=Level.SENSITIVE,
        now=now,
        detail={"kinds": list(asked.crisis), "told": len(told)},
    )


def _protocol(actor: Actor, now: datetime) -> list[int]:
    """Return whom to tell: the class teacher and the school's counsellors; without any, the principal."""
    today = clock.today(now)
    classes = [one.organisation_id for one in actor.held if one.role is Role.PUPIL]
    found = {one.id for place in classes for one in kernel.people_holding(place, Role.CLASS_TEACHER, today)}
    school = kernel.get_organisation(actor.tenant_id)
    if school.kind in {OrganisationKind.SCHOOL, OrganisationKind.UNIVERSITY}:
        found |= {one.id for one in kernel.people_holding(school.id, Role.COUNSELLOR, today)}
        if not found:
            found |= {one.id for one in kernel.people_holding(school.id, Role.PRINCIPAL, today)}
    return sorted(found)


def _judge(texts: Iterable[str], *, minor: bool) -> tuple[dict[str, float], str]:
    found: dict[str, float] = {}
    sentence, surest = "", 0.0
    for text in texts:
        for kind, score, said in _examined(text[:MOST_CHARACTERS], minor=minor):
            if score > found.get(kind, 0.0):
                found[kind] = round(score, 3)
            if kind in CRISIS and score > surest:
                sentence, surest = said, score
    return found, sentence


def _examined(text: str, *, minor: bool) -> list[tuple[str, float, str]]:
    if minor:
        return [(one.kind, one.score, one.sentence) for one in examine(text).findings]
    strong: dict[str, list[Hit]] = {}
    for hit in find_hits(normalise(text)):
        strong.setdefault(hit.kind, []).append(hit)
    return [
        (kind, 1.0, "") for kind, hits in strong.items() if sum(one.weight for one in hits) >= DECIDES_ALONE
    ]
