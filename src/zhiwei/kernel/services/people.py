"""People, their roles, guardians and consents: one function per use case."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from zhiwei.kernel import audit, jobs
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.models import Consent, Guardianship, Holding, Organisation, Person
from zhiwei.kernel.names import search_text
from zhiwei.kernel.values import Actor, Level, Role, Verb


def register_person(
    *,
    actor: Actor,
    now: datetime,
    tenant_id: int,
    name: str,
    number: str = "",
    sex: str = "",
    birth_on: date | None = None,
    phone: str = "",
    source_key: str = "",
) -> int:
    """Register a person in a tenant and return the id.

    Raises:
        InvalidInputError: The name is empty.
        ConflictError: The number is taken in this tenant.

    Effects:
        One audit row.
    """
    if not name.strip():
        raise InvalidInputError("姓名不能为空。", code="person.name_empty")
    if number and Person.objects.filter(tenant_id=tenant_id, number=number).exists():
        raise ConflictError(f"学号/工号 {number} 已被使用。", code="person.number_taken")
    with transaction.atomic():
        row = Person.objects.create(
            tenant_id=tenant_id,
            name=name.strip(),
            number=number,
            sex=sex,
            birth_on=birth_on,
            phone=phone,
            source_key=source_key,
            search_text=search_text(name, number),
        )
        audit.record(
            actor=actor,
            verb=Verb.CREATE,
            kind="person",
            object_id=row.pk,
            about_id=row.pk,
            tenant_id=tenant_id,
            level=Level.PERSONAL,
            now=now,
        )
    return row.pk


def give_role(
    *,
    actor: Actor,
    now: datetime,
    person_id: int,
    organisation_id: int,
    role: Role,
    starts_on: date,
    ends_on: date | None = None,
    subject: str = "",
    by_hand: bool = True,
) -> int:
    """Give a person a role in an organisation over ``[starts_on, ends_on)``.

    Raises:
        InvalidInputError: The period runs backwards, or the organisation is not the person's tenant's.

    Effects:
        One audit row. The change holds from the person's next request.
    """
    if ends_on is not None and ends_on <= starts_on:
        raise InvalidInputError("结束日期应晚于开始日期。", code="holding.period_backwards")
    person = Person.objects.get(pk=person_id)
    organisation = Organisation.objects.get(pk=organisation_id)
    if organisation.tenant_id != person.tenant_id:
        raise InvalidInputError("该单位不属于此人所在的学校。", code="holding.other_tenant")
    with transaction.atomic():
        row, created = Holding.objects.get_or_create(
            tenant_id=person.tenant_id,
            person=person,
            organisation=organisation,
            role=role,
            subject=subject,
            starts_on=starts_on,
            defaults={"ends_on": ends_on, "hand_set": by_hand},
        )
        if created:
            audit.record(
                actor=actor,
                verb=Verb.CREATE,
                kind="holding",
                object_id=row.pk,
                about_id=person.pk,
                tenant_id=person.tenant_id,
                now=now,
                detail={"role": role, "organisation": organisation.pk},
            )
    return row.pk


def end_role(*, actor: Actor, now: datetime, holding_id: int, ends_on: date) -> None:
    """End a role on a day (the day itself is no longer included).

    Raises:
        InvalidInputError: The day is not after the start.

    Effects:
        One audit row.
    """
    row = Holding.objects.select_for_update().get(pk=holding_id)
    if ends_on <= row.starts_on:
        raise InvalidInputError("结束日期应晚于开始日期。", code="holding.period_backwards")
    row.ends_on = ends_on
    row.hand_set = True
    row.save(update_fields=["ends_on", "hand_set"])
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="holding",
        object_id=row.pk,
        about_id=row.person_id,
        tenant_id=row.tenant_id,
        now=now,
    )


def name_guardian(*, actor: Actor, now: datetime, child_id: int, guardian_id: int, relation: str = "") -> int:
    """Record that one person is guardian of another in the same tenant.

    Raises:
        InvalidInputError: A person cannot be their own guardian.

    Effects:
        One audit row.
    """
    if child_id == guardian_id:
        raise InvalidInputError("监护人不能是学生本人。", code="guardian.self")
    child = Person.objects.get(pk=child_id)
    row, created = Guardianship.objects.get_or_create(
        tenant_id=child.tenant_id, child=child, guardian_id=guardian_id, defaults={"relation": relation}
    )
    if created:
        audit.record(
            actor=actor,
            verb=Verb.CREATE,
            kind="guardianship",
            object_id=row.pk,
            about_id=child_id,
            tenant_id=child.tenant_id,
            level=Level.PERSONAL,
            now=now,
        )
    return row.pk


def give_consent(
    *, actor: Actor, now: datetime, person_id: int, given_by_id: int, purpose: str, text_version: str
) -> int:
    """Record consent to one purpose; giving it twice changes nothing.

    Effects:
        One audit row.
    """
    person = Person.objects.get(pk=person_id)
    row, created = Consent.objects.get_or_create(
        tenant_id=person.tenant_id,
        person=person,
        purpose=purpose,
        withdrawn_at=None,
        defaults={"given_by_id": given_by_id, "text_version": text_version, "given_at": now},
    )
    if created:
        audit.record(
            actor=actor,
            verb=Verb.CREATE,
            kind="consent",
            object_id=row.pk,
            about_id=person_id,
            tenant_id=person.tenant_id,
            level=Level.PERSONAL,
            now=now,
            detail={"purpose": purpose},
        )
    return row.pk


def withdraw_consent(*, actor: Actor, now: datetime, consent_id: int) -> None:
    """Withdraw a consent; the record stays with its end, what was kept for the purpose goes.

    Effects:
        One audit row; the job ``kernel.withdraw``.
    """
    row = Consent.objects.select_for_update().get(pk=consent_id)
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="consent",
        object_id=row.pk,
        about_id=row.person_id,
        tenant_id=row.tenant_id,
        level=Level.PERSONAL,
        now=now,
        detail={"withdrawn": row.purpose},
    )
    jobs.enqueue(
        "kernel.withdraw",
        tenant_id=row.tenant_id,
        key=f"{row.person_id}/{row.purpose}",
        now=now,
        arguments={"person_id": row.person_id, "purpose": row.purpose},
        title="撤回同意后清除",
    )


def end_or_take_back(*, actor: Actor, now: datetime, holding_id: int, ends_on: date) -> None:
    """End a role; one that would begin on that day or later never was, so it is removed.

    Effects:
        One audit row.
    """
    row = Holding.objects.select_for_update().get(pk=holding_id)
    if ends_on > row.starts_on:
        end_role(actor=actor, now=now, holding_id=holding_id, ends_on=ends_on)
        return
    audit.record(
        actor=actor,
        verb=Verb.DELETE,
        kind="holding",
        object_id=row.pk,
        about_id=row.person_id,
        tenant_id=row.tenant_id,
        now=now,
        detail={"role": row.role, "organisation": row.organisation_id},
    )
    row.delete()
