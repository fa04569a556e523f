"""Founding and changing organisations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhiwei.kernel import audit
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.models import Organisation
from zhiwei.kernel.values import PARENTS, TENANT_KINDS, Actor, OrganisationKind, Verb


def found_organisation(
    *,
    actor: Actor,
    now: datetime,
    kind: OrganisationKind,
    name: str,
    parent_id: int | None = None,
    code: str = "",
    grade: int | None = None,
    entry_year: int | None = None,
    source_key: str = "",
) -> int:
    """Found an organisation under its parent and return its id.

    Raises:
        InvalidInputError: The kind does not belong under that parent, or the name is empty.

    Effects:
        One audit row.
    """
    parent = Organisation.objects.get(pk=parent_id) if parent_id else None
    _check_place(kind, parent, name)
    with transaction.atomic():
        row = Organisation.objects.create(
            kind=kind,
            name=name.strip(),
            parent=parent,
            code=code,
            grade=grade,
            entry_year=entry_year,
            source_key=source_key,
            tenant=None if kind in TENANT_KINDS or parent is None else parent.tenant,
        )
        row.path = f"{parent.path if parent else '/'}{row.pk}/"
        if kind in TENANT_KINDS:
            row.tenant = row
        row.save(update_fields=["path", "tenant"])
        audit.record(
            actor=actor,
            verb=Verb.CREATE,
            kind="organisation",
            object_id=row.pk,
            tenant_id=row.tenant_id,
            now=now,
        )
    return row.pk


def found_classes(
    *, actor: Actor, now: datetime, school_id: int, classes: Sequence[tuple[str, int | None, str]]
) -> None:
    """Found many classes of a school at once, a few statements for all.

    Args:
        classes: Name, grade 1–12 (or none) and the key of the roster they come from.

    Raises:
        InvalidInputError: The place may have no classes, or a name is empty.

    Effects:
        One audit row a class.
    """
    school = Organisation.objects.get(pk=school_id)
    for name, _grade, _source in classes:
        _check_place(OrganisationKind.CLASS, school, name)
    rows = Organisation.objects.bulk_create(
        Organisation(
            kind=OrganisationKind.CLASS, name=name.strip(), parent=school, grade=grade, source_key=source,
            tenant=school.tenant,
        )
        for name, grade, source in classes
    )  # fmt: skip
    for row in rows:
        row.path = f"{school.path}{row.pk}/"
    Organisation.objects.bulk_update(rows, ["path"], batch_size=500)
    audit.record_objects(
        actor=actor, verb=Verb.CREATE, kind="organisation", now=now, tenant_id=school_id,
        object_ids=[row.pk for row in rows],
    )  # fmt: skip


def _check_place(kind: OrganisationKind, parent: Organisation | None, name: str) -> None:
    if not name.strip():
        raise InvalidInputError("名称不能为空。", code="organisation.name_empty")
    allowed = PARENTS[kind]
    if parent is None:
        return
    if OrganisationKind(parent.kind) not in allowed:
        raise InvalidInputError(
            f"「{name}」不能设在「{parent.name}」之下。", code="organisation.wrong_parent"
        )
