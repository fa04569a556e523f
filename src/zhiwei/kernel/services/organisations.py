"""Founding and changing organisations."""

from __future__ import annotations

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
