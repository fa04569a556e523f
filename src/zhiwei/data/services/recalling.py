"""A pupil's answers leave: entries go, versions with them close, and who holds those is told to destroy them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet

from zhiwei.data.models import CorpusEntry, Grant, Recall, Version, VersionMember
from zhiwei.data.values import VersionState
from zhiwei.kernel import api as kernel
from zhiwei.kernel.erasure import Subject

ERASER = "data.corpora"


def erase(subject: Subject, now: datetime) -> Mapping[str, int]:
    """Take a person's answers out of all corpora, or out of those of one purpose; safe to run again.

    Published versions that hold them are closed: nobody can take them any more, their holders are told, and the
    published ids to destroy are kept (they name nobody).
    """
    cause = "withdrawn" if subject.purpose else "erased"
    recalled = 0
    for member in _members(subject):
        _recall(member, cause, now)
        recalled += 1
    entries, _by_model = _entries(subject).delete()
    return {"语料条目": entries, "语料版本": recalled}


def remaining(subject: Subject) -> Mapping[str, int]:
    """Return what of a person's is still in corpora and versions."""
    return {"语料条目": _entries(subject).count(), "语料版本": len(_members(subject))}


def holders_of(version: Version) -> list[Grant]:
    """Return the grants whose people took a version away and have not confirmed destroying it."""
    rows = Grant.objects.filter(version=version, downloads__isnull=False, destroyed_at__isnull=True)
    return list(rows.select_related("person").distinct().order_by("pk"))


def _recall(member: VersionMember, cause: str, now: datetime) -> None:
    version = Version.objects.select_related("corpus").get(pk=member.version_id)
    Recall.objects.create(
        tenant_id=version.tenant_id, version=version, answers=member.answers, cause=cause, at=now
    )
    member.delete()
    if version.state not in {VersionState.PUBLISHED, VersionState.WAITING, VersionState.RECALLED}:
        return
    Version.objects.filter(pk=version.pk).update(state=VersionState.RECALLED)
    Grant.objects.filter(version=version).update(blob=None)
    people = {one.person_id for one in holders_of(version)}
    officers = {version.requested_by_id}
    for person_ids, text, url in (
        (
            people,
            "有学生撤回授权，请销毁并领取新版：语料「%s」第 %d 版",
            "/data/downloads/",
        ),
        (
            officers,
            "有学生撤回授权，请生成新版：语料「%s」第 %d 版",
            f"/data/versions/{version.uuid}/",
        ),
    ):
        kernel.notify(
            person_ids=person_ids,
            tenant_id=version.tenant_id,
            text=text % (version.corpus.name, version.number),
            url=url,
            key=f"recall-{version.pk}-{now:%Y%m%d}",
            now=now,
        )


def _members(subject: Subject) -> list[VersionMember]:
    rows = VersionMember.objects.filter(person_id=subject.person_id)
    if subject.purpose:
        rows = rows.filter(version__corpus__purpose=subject.purpose)
    return list(rows.order_by("pk"))


def _entries(subject: Subject) -> QuerySet[CorpusEntry]:
    rows = CorpusEntry.objects.filter(person_id=subject.person_id)
    return rows.filter(corpus__purpose=subject.purpose) if subject.purpose else rows
