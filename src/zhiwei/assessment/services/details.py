"""A work's own facts: title, times, rules, accommodations, trash, timed release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from zhiwei.assessment.models import Target, Work
from zhiwei.assessment.services import versions
from zhiwei.assessment.services.deadlines import LONGEST_EXTRA, refresh_deadlines
from zhiwei.assessment.values import Medium, WorkState
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock, jobs
from zhiwei.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from zhiwei.kernel.values import Actor, Verb

TRASH_DAYS = 30
LONGEST_LIMIT = 24 * 60
RULES = frozenset(
    {
        "grace_minutes",
        "late_deduct_percent",
        "attempts",
        "show",
        "calculator",
        "notes",
        "companion",
        "regrade_days",
        "two_markers",
        "time_limit_minutes",
    }
)
"""Keys of ``Work.rules``. ``show``: what pupils see when (``after_release``, ``score_only``, ``no_solution``,
``after_due``); ``time_limit_minutes``: how long a sitting lasts, 0 without limit; ``two_markers``: the tolerance
within which two markers agree, absent when one marks."""


def change_details(
    *,
    actor: Actor,
    now: datetime,
    work: Work,
    title: str,
    note: str,
    medium: Medium,
    opens_at: datetime | None,
    due_at: datetime | None,
    rules: Mapping[str, Any],
) -> int:
    """Change a work's own facts; once it is open every change counts as a new revision, which pupils see.

    Returns:
        The work's revision.

    Raises:
        InvalidInputError: No title, due before it opens, or a rule nobody knows.
    """
    if not title.strip():
        raise InvalidInputError("请给作业起一个标题。", code="work.title_empty")
    if opens_at is not None and due_at is not None and due_at <= opens_at:
        raise InvalidInputError("截止时间应晚于开放时间。", code="work.due_before_open")
    unknown = set(rules) - RULES
    if unknown:
        raise InvalidInputError(f"不认识的规则：{'、'.join(sorted(unknown))}。", code="work.rule_unknown")
    limit = rules.get("time_limit_minutes", 0) or 0
    if not isinstance(limit, int) or isinstance(limit, bool) or not 0 <= limit <= LONGEST_LIMIT:
        raise InvalidInputError("作答时限应在 1 分钟到 1 天之间。", code="work.limit_out_of_range")
    before = _facts(work)
    work.title, work.note, work.medium = title.strip()[:120], note, str(medium)
    work.opens_at, work.due_at, work.rules = opens_at, due_at, dict(rules)
    changes = versions.changed(before, _facts(work))
    if not changes:
        return work.revision
    work.save()
    refresh_deadlines(work)
    versions.note_version(actor=actor, now=now, work=work, changes=changes)
    _record(actor, Verb.UPDATE, work, now, revision=work.revision, changed=[one["what"] for one in changes])
    return work.revision


def accommodate(
    *, actor: Actor, now: datetime, work: Work, class_id: int, person_id: int, extra_minutes: int
) -> None:
    """Give one pupil of a class more time; 0 takes it back.

    Raises:
        NotFoundError: The work is not set for that class, or nobody of it has this id.
        InvalidInputError: Not between 0 and a week.
    """
    if not 0 <= extra_minutes <= LONGEST_EXTRA:
        raise InvalidInputError("延长时间应在 0 分钟到 7 天之间。", code="work.extra_out_of_range")
    known = {one.id for one in kernel.pupils_of_class(class_id, clock.today(now))}
    if person_id not in known or not Target.objects.filter(work=work, organisation_id=class_id).exists():
        raise NotFoundError
    if extra_minutes:
        Target.objects.update_or_create(
            tenant_id=work.tenant_id,
            work=work,
            organisation_id=class_id,
            person_id=person_id,
            defaults={"extra_minutes": extra_minutes},
        )
    else:
        mine = Target.objects.filter(work=work, organisation_id=class_id, person_id=person_id)
        mine.update(extra_minutes=0)
        if Target.objects.filter(work=work, organisation_id=class_id, person_id__isnull=True).exists():
            mine.filter(due_at__isnull=True, opens_at__isnull=True).delete()
    refresh_deadlines(work)
    _record(actor, Verb.UPDATE, work, now, accommodation=extra_minutes)


def close_work(*, actor: Actor, now: datetime, work: Work) -> None:
    """Close a work: nobody can begin it any more; what was begun can be handed in until it is due."""
    work.state = WorkState.CLOSED
    work.save(update_fields=["state"])
    _record(actor, Verb.UPDATE, work, now, state="closed")


def remove_work(*, actor: Actor, now: datetime, work: Work) -> None:
    """Put a work into the trash, where it stays for 30 days; pupils no longer see it."""
    work.removed_at = now
    work.save(update_fields=["removed_at"])
    _record(actor, Verb.DELETE, work, now)


def restore_work(*, actor: Actor, now: datetime, work: Work) -> None:
    """Take a work out of the trash.

    Raises:
        ConflictError: It was removed more than 30 days ago.
    """
    if work.removed_at is not None and now - work.removed_at > timedelta(days=TRASH_DAYS):
        raise ConflictError("移入回收站已超过 30 天，不能恢复。", code="work.trash_over")
    work.removed_at = None
    work.save(update_fields=["removed_at"])
    _record(actor, Verb.UPDATE, work, now, restored=True)


def plan_release(
    *, actor: Actor, now: datetime, work: Work, at: datetime | None, allow_doubtful: bool = False
) -> None:
    """Plan the release of all marks for a time, or take the plan back with ``None``.

    Raises:
        InvalidInputError: The time has passed.
    """
    if at is not None and at <= now:
        raise InvalidInputError("定时发布的时间应晚于现在。", code="release.past")
    work.release_at = at
    work.save(update_fields=["release_at"])
    _record(actor, Verb.RELEASE, work, now, planned=at.isoformat() if at else "")
    if at is not None:
        jobs.enqueue(
            "assessment.release_work",
            tenant_id=work.tenant_id,
            key=f"release-{work.pk}-{at.isoformat()}",
            now=now,
            at=at,
            arguments={
                "work_id": work.pk,
                "at": at.isoformat(),
                "by_id": actor.person_id,
                "allow_doubtful": allow_doubtful,
            },
            title=f"定时发布：{work.title}"[:160],
            owner_id=actor.person_id,
        )


def _facts(work: Work) -> dict[str, Any]:
    names = ("title", "note", "medium", "opens_at", "due_at")
    rules = {name: work.rules.get(name) or None for name in sorted(RULES)}
    return {**{name: getattr(work, name) for name in names}, **rules}


def _record(actor: Actor, verb: Verb, work: Work, now: datetime, **detail: object) -> None:
    audit.record(actor=actor, verb=verb, kind="work", object_id=work.pk, now=now, detail=detail)
