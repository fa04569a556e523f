"""Erasing one person: asked by one, decided by another, done by a job, searched again, reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from zhiwei.kernel import audit, erasure, jobs, scope
from zhiwei.kernel.erasure import Subject
from zhiwei.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from zhiwei.kernel.models import Account, AuditRow, Erasure, Person
from zhiwei.kernel.rules.blotting import Blotter, blotter
from zhiwei.kernel.services import erasing_files, erasing_rows, erasing_texts
from zhiwei.kernel.values import Actor, ErasureState, Level, Verb

ERASE, WITHDRAW = "kernel.erase", "kernel.withdraw"
Progress = Callable[[int, int, str], None]
Counts = Mapping[str, int]


def ask(*, actor: Actor, now: datetime, person: Person, reason: str) -> Erasure:
    """Ask for everything about a person to go; nothing happens until somebody else approves.

    Raises:
        InvalidInputError: No reason.
        ConflictError: It has been asked for already.

    Effects:
        One audit row.
    """
    if not reason.strip():
        raise InvalidInputError("请写明依据（如监护人申请、毕业满期）。", code="erasure.reason")
    alive = Erasure.objects.filter(
        tenant_id=person.tenant_id,
        subject_id=person.pk,
        state__in=[ErasureState.ASKED, ErasureState.APPROVED],
    )
    if alive.exists():
        raise ConflictError("此人的删除申请已在进行。", code="erasure.alive")
    row = Erasure.objects.create(
        tenant_id=person.tenant_id, subject_id=person.pk, subject_uuid=person.uuid, reason=reason.strip()[:200],
        asked_by_id=actor.person_id or None, asked_at=now,
    )  # fmt: skip
    _told(actor, Verb.CREATE, row, now)
    return row


def decide(*, actor: Actor, now: datetime, row: Erasure, approve: bool) -> None:
    """Approve or refuse what somebody else asked for; approval plans the job.

    Raises:
        ForbiddenError: The actor asked for it.
        ConflictError: It is decided already.

    Effects:
        One audit row; the job ``kernel.erase``.
    """
    if row.state != ErasureState.ASKED:
        raise ConflictError("该申请已处理。", code="erasure.decided")
    if actor.person_id and actor.person_id == row.asked_by_id:
        raise ForbiddenError("删除申请须由另一人审批。", code="erasure.same_person")
    row.state = ErasureState.APPROVED if approve else ErasureState.REFUSED
    row.decided_by_id, row.decided_at = actor.person_id or None, now
    row.save(update_fields=["state", "decided_by", "decided_at"])
    _told(actor, Verb.APPROVE, row, now, {"approved": approve})
    if approve:
        jobs.enqueue(
            ERASE, tenant_id=row.tenant_id, key=str(row.pk), now=now, arguments={"erasure_id": row.pk},
            title="删除个人数据", owner_id=actor.person_id or None,
        )  # fmt: skip


def run(*, erasure_id: int, tenant_id: int, now: datetime, progress: Progress) -> dict[str, object]:
    """Do it: rooms, rows, texts, files, logs, then search everything; goes on after a crash where it was.

    Raises:
        ConflictError: Something is still there after it was erased.
    """
    with scope.entered([tenant_id]):
        row = Erasure.objects.get(pk=erasure_id)
        if row.state == ErasureState.DONE:
            return dict(row.report)
        subject = _subject(row)
        wiper = wiper_of(subject)
    report = _erase(subject, wiper, now, progress)
    with scope.entered([tenant_id]):
        row = Erasure.objects.select_for_update().get(pk=erasure_id)
        row.state = ErasureState.APPROVED if _sum(report["left"]) else ErasureState.DONE
        row.finished_at, row.report = now, report
        row.save(update_fields=["state", "finished_at", "report"])
        _told(Actor(0, 0, tenant_id, "系统"), Verb.DELETE, row, now, {"left": _sum(report["left"])})
    if _sum(report["left"]):
        raise ConflictError(f"仍有 {_sum(report['left'])} 处提到此人，见报告。", code="erasure.left")
    return report


def withdraw(*, person_id: int, purpose: str, tenant_id: int, now: datetime) -> dict[str, int]:
    """Take out what was kept for a purpose whose consent was withdrawn; returns what the rooms removed."""
    with scope.entered([tenant_id]):
        person = Person.objects.get(pk=person_id)
        subject = Subject(person.pk, person.uuid, tenant_id, (), purpose)
    return {key: count for key, count in _rooms(subject, now).items() if count}


def preview(person: Person) -> dict[str, int]:
    """Return how many rows by table are about a person now (what depends on them comes on top)."""
    counts = {
        model._meta.label: model.objects.filter(**condition).count()
        for model, condition in erasing_rows.about_person(person.pk)
    }
    return {name: count for name, count in counts.items() if count}


def wiper_of(subject: Subject) -> Blotter:
    """Return what finds and blots a person; longer names of others that contain theirs are spared."""
    names = Person.objects.exclude(pk=subject.person_id).values_list("name", flat=True)
    return blotter(subject.terms, names.iterator())


def subject_of(person: Person) -> Subject:
    """Return whose data are to go, with all terms that name them."""
    account_id = person.account_id or 0
    with scope.everywhere("whose account is it"):
        shared = Person.objects.filter(account_id=account_id).exclude(pk=person.pk).exists()
    account = Account.objects.filter(pk=account_id).first()
    login = account.login if account and not shared else ""
    terms = {
        person.name,
        person.number,
        person.phone,
        person.source_key,
        str(person.uuid),
        person.uuid.hex,
        login,
    }
    ordered = sorted({one for one in terms if one}, key=lambda one: (-len(one), one))
    return Subject(person.pk, person.uuid, person.tenant_id, tuple(map(str, ordered)))


def _subject(row: Erasure) -> Subject:
    """Return the subject; after a crash the person's row may be gone already, and with it the terms."""
    person = Person.objects.filter(pk=row.subject_id, uuid=row.subject_uuid).first()
    if person is None:
        return Subject(row.subject_id, row.subject_uuid, row.tenant_id, (str(row.subject_uuid),))
    return subject_of(person)


def _erase(subject: Subject, wiper: Blotter, now: datetime, progress: Progress) -> dict[str, object]:
    """Everything but the person's own row first: while that stands, a crash loses no term."""
    steps = 6
    progress(0, steps, "各模块 / rooms")
    rooms = _rooms(subject, now)
    progress(1, steps, "文本 / texts")
    with scope.entered([subject.tenant_id]):
        texts = erasing_texts.blot_out(subject, wiper)
    progress(2, steps, "文件 / files")
    with scope.entered([subject.tenant_id]):
        naming = erasing_files.destroy_naming(wiper)
    progress(3, steps, "日志 / logs")
    logs = erasing_files.blot_logs(wiper)
    progress(4, steps, "记录 / rows")
    with scope.entered([subject.tenant_id]):
        rows, blobs = erasing_rows.remove_rows(subject, now)
        unnamed = erasing_files.destroy_unnamed(blobs)
    progress(5, steps, "复查 / search")
    left, kept = search(subject, wiper)
    return {
        "rooms": rooms, "rows": rows, "texts": texts, "files": naming + unnamed, "logs": logs,
        "left": left, "kept_by_law": kept, "searched_terms": len(wiper.terms),
        "too_short_to_search": len(subject.terms) - len(wiper.terms),
    }  # fmt: skip


def search(subject: Subject, wiper: Blotter) -> tuple[dict[str, int], dict[str, int]]:
    """Search every column, file and log for a person; returns what is left, and what the trail keeps by law."""
    with scope.entered([subject.tenant_id]):
        left, kept = erasing_texts.remaining(subject, wiper)
        for model, condition in erasing_rows.about_person(subject.person_id):
            left[model._meta.label] = (
                left.get(model._meta.label, 0) + model.objects.filter(**condition).count()
            )
        left["files"] = erasing_files.naming(wiper)
        left["logs"] = erasing_files.in_logs(wiper)
        for one in erasure.erasers():
            for what, count in (one.remaining(subject) if one.remaining else {}).items():
                left[f"{one.name}: {what}"] = count
        kept["trail about the person"] = AuditRow.objects.filter(about_id=subject.person_id).count()
    return {name: count for name, count in left.items() if count}, kept


def _rooms(subject: Subject, now: datetime) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in erasure.erasers():
        with scope.entered([subject.tenant_id]):
            counts.update({f"{one.name}: {what}": count for what, count in one.erase(subject, now).items()})
    return counts


def _told(
    actor: Actor, verb: Verb, row: Erasure, now: datetime, detail: Mapping[str, object] | None = None
) -> None:
    audit.record(
        actor=actor, verb=verb, kind="erasure", object_id=row.pk, about_id=row.subject_id, now=now,
        tenant_id=row.tenant_id, level=Level.PERSONAL, detail={"uuid": str(row.uuid), **(detail or {})},
    )  # fmt: skip


def _sum(counts: object) -> int:
    return sum(counts.values()) if isinstance(counts, dict) else 0


def ledger() -> list[dict[str, str]]:
    """Return which erasures were done, by ids without meaning: to be replayed after an older backup came back."""
    with scope.everywhere("list the erasures"):
        rows = Erasure.objects.filter(state=ErasureState.DONE, purpose="").order_by("finished_at")
        return [
            {"tenant": str(row.tenant_id), "person": str(row.subject_uuid), "reason": row.reason}
            for row in rows
        ]


def replay(*, tenant_id: int, person_uuid: UUID, reason: str, now: datetime) -> bool:
    """Erase again somebody whom a restored backup brought back; returns whether they were there."""
    with scope.entered([tenant_id]):
        person = Person.objects.filter(uuid=person_uuid).first()
        if person is None:
            return False
        Erasure.objects.filter(subject_id=person.pk, state=ErasureState.ASKED).delete()
    erase_now(person=person, reason=reason, now=now)
    return True


def erase_now(*, person: Person, reason: str, now: datetime) -> dict[str, object]:
    """Erase at once, as whoever runs the platform's own commands; returns the report.

    Raises:
        ConflictError: It has been asked for already, or something is left.
    """
    system = Actor(0, 0, person.tenant_id, "系统")
    with scope.entered([person.tenant_id]):
        row = ask(actor=system, now=now, person=person, reason=reason)
        row.state, row.decided_at = ErasureState.APPROVED, now
        row.save(update_fields=["state", "decided_at"])
    return run(erasure_id=row.pk, tenant_id=person.tenant_id, now=now, progress=lambda *_: None)
