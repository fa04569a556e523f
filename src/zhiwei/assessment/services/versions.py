"""Changes of an open work: numbered, kept, told to the pupils."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from zhiwei.assessment.models import Work, WorkRevision
from zhiwei.assessment.services.audience import pupils_of_work
from zhiwei.assessment.values import WorkState
from zhiwei.kernel import api as kernel
from zhiwei.kernel.values import Actor

Change = Mapping[str, Any]
UNSEEN = frozenset({"two_markers", "regrade_days"})
"""Rules whose change is of no concern to pupils while they answer."""


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what differs between two sets of facts as ``{"what", "old", "new"}``, times as ISO text."""
    names = dict.fromkeys([*before, *after])
    return [
        {"what": name, "old": _plain(before.get(name)), "new": _plain(after.get(name))}
        for name in names
        if before.get(name) != after.get(name)
    ]


def note_version(*, actor: Actor, now: datetime, work: Work, changes: Iterable[Change]) -> int:
    """Count a change of a work that is not a draft as a new version, keep what it was, and tell its pupils.

    Returns:
        The work's revision: a draft keeps its own.

    Effects:
        One ``WorkRevision``; a notice to the work's pupils unless only unseen rules changed.
    """
    told = [dict(one) for one in changes]
    if work.state == WorkState.DRAFT or not told:
        return work.revision
    held = Work.objects.select_for_update(of=("self",)).get(pk=work.pk)
    work.revision = held.revision + 1
    work.save(update_fields=["revision"])
    WorkRevision.objects.create(
        tenant_id=work.tenant_id,
        work=work,
        number=work.revision,
        changes=told,
        by_id=actor.person_id or None,
        at=now,
    )
    if work.state == WorkState.OPEN and any(one["what"] not in UNSEEN for one in told):
        kernel.notify(
            person_ids=pupils_of_work(work, now),
            tenant_id=work.tenant_id,
            text=f"作业有改动：{work.title}",
            url=f"/assessment/answer/{work.uuid}/",
            key=f"work-changed-{work.pk}-{work.revision}",
            now=now,
        )
    return work.revision


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
