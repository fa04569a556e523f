"""Correcting a person's own particulars by hand; a roster does not overwrite what a person has set."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from zhiwei.kernel import audit
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.models import Person
from zhiwei.kernel.names import search_text
from zhiwei.kernel.values import Actor, Level, Verb

CORRECTABLE = ("name", "number", "sex", "birth_on", "phone")


def correct_person(
    *,
    actor: Actor,
    now: datetime,
    person_id: int,
    values: Mapping[str, str | date | None],
    as_roster: Collection[str] = (),
) -> tuple[str, ...]:
    """Set particulars by hand; returns the fields that changed.

    Args:
        values: Of ``CORRECTABLE``, as they should be.
        as_roster: Fields that the next roster may set again.

    Raises:
        InvalidInputError: The name is empty.
        ConflictError: The number is another person's in this tenant.

    Effects:
        One audit row, when anything changed.
    """
    row = Person.objects.select_for_update().get(pk=person_id)
    wanted = {name: value for name, value in values.items() if name in CORRECTABLE}
    changed = tuple(name for name, value in wanted.items() if (getattr(row, name) or "") != (value or ""))
    _check(row, wanted)
    for name in changed:
        setattr(row, name, wanted[name])
    kept = sorted((set(row.hand_set) | set(changed)) - set(as_roster))
    if not changed and kept == sorted(row.hand_set):
        return ()
    row.hand_set, row.search_text = kept, search_text(row.name, row.number)
    row.save(update_fields=[*changed, "hand_set", "search_text"])
    audit.record(
        actor=actor, verb=Verb.UPDATE, kind="person", now=now, object_id=row.pk, about_id=row.pk,
        tenant_id=row.tenant_id, level=Level.SENSITIVE, detail={"fields": [*changed], "hand_set": kept},
    )  # fmt: skip
    return changed


def _check(row: Person, wanted: Mapping[str, str | date | None]) -> None:
    if not str(wanted.get("name", row.name) or "").strip():
        raise InvalidInputError("姓名不能为空。", code="person.name_empty")
    number = str(wanted.get("number") or "")
    taken = Person.objects.filter(tenant_id=row.tenant_id, number=number).exclude(pk=row.pk)
    if number and taken.exists():
        raise ConflictError(f"学号/工号 {number} 已被使用。", code="person.number_taken")
