"""The rows of one person: which go, which let go, and the person's own row at last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models.deletion import Collector, ProtectedError

from zhiwei.kernel import scope
from zhiwei.kernel.erasure import Subject
from zhiwei.kernel.models import Account, Blob, Device, Event, Person
from zhiwei.kernel.tenancy import TenantModel, tenant_models

GONE = "（已删除的人员）"


def remove_rows(subject: Subject, now: object) -> tuple[dict[str, int], set[int]]:
    """Remove every row about a person; returns how many by table, and the files that they named."""
    del now
    counts: Counter[str] = Counter()
    blobs: set[int] = set()
    counts["kernel.Event"] += Event.objects.filter(subject_key=f"person:{subject.person_id}").delete()[0]
    waiting = list(about_person(subject.person_id))
    while waiting:
        held = [one for one in waiting if not _removed(*one, counts, blobs)]
        if len(held) == len(waiting):
            break
        waiting = held
    person = Person.objects.filter(pk=subject.person_id).first()
    if person is not None:
        account_id = person.account_id
        counts.update(_remove_person(person))
        if account_id:
            counts.update(_remove_account(account_id))
    return {name: count for name, count in sorted(counts.items()) if count}, blobs


def _removed(
    model: type[TenantModel], condition: dict[str, int], counts: Counter[str], blobs: set[int]
) -> bool:
    """Remove a table's rows about the person, unless rows of another table still protect them."""
    rows = model.objects.filter(**condition)
    try:
        named = _files_of(rows)
        with transaction.atomic():
            counts.update(rows.delete()[1])
    except ProtectedError:
        return False
    blobs |= named
    return True


def about_person(person_id: int) -> Iterator[tuple[type[TenantModel], dict[str, int]]]:
    """Yield the tables whose declaration says that a row is about a person, with the condition that finds them.

    Those that only ever grow (the trail) stay; so do those that a foreign key protects: records of what a person
    did in office (whoever gave out a corpus), which keep the person's emptied row.
    """
    for model in tenant_models():
        name = model.declaration.person
        if (
            not name
            or model is Person
            or getattr(model, "append_only", False)
            or model._meta.label == "kernel.Erasure"
        ):
            continue
        field = model._meta.get_field(name)
        if isinstance(field, models.ForeignKey) and not _protects_staff(model, field):
            yield model, {f"{name}_id": person_id}
        elif isinstance(field, models.BigIntegerField):
            yield model, {name: person_id}


def _protects_staff(model: type[TenantModel], field: models.ForeignKey[object, object]) -> bool:
    """Tell whether the row is the record of an office: protected, and kept for as long as the law asks (years)."""
    kept_ten_years = model.declaration.retention == "P10Y"
    return field.remote_field.on_delete is models.PROTECT and kept_ten_years


def _files_of(rows: models.QuerySet[TenantModel]) -> set[int]:
    """Return the files that rows and what goes with them name: by foreign key, or as ids in a list ``files``."""
    collector = Collector(using=rows.db, origin=rows)
    collector.collect(list(rows))
    found: set[int] = set()
    groups: list[tuple[type[models.Model], object]] = [
        *((model, instances) for model, instances in collector.data.items()),
        *((some.model, some) for some in collector.fast_deletes),
    ]
    for model, instances in groups:
        names = [field.attname for field in model._meta.local_fields if field.related_model is Blob]
        lists = [field.attname for field in model._meta.local_fields if field.attname == "files"]
        for instance in instances:  # type: ignore[attr-defined]
            found.update(value for name in names if (value := getattr(instance, name)))
            for name in lists:
                found.update(one for one in getattr(instance, name) or () if isinstance(one, int))
    return found


def still_named(blob_id: int) -> bool:
    """Tell whether any row still names a file."""
    for model in apps.get_models():
        if not issubclass(model, TenantModel):
            continue
        for field in model._meta.local_fields:
            if field.related_model is Blob or field.attname == "blob_id":
                condition: dict[str, object] = {field.attname: blob_id}
            elif field.attname == "files" and isinstance(field, models.JSONField):
                condition = {"files__contains": blob_id}
            else:
                continue
            if model.objects.filter(**condition).exists():
                return True
    return False


def _remove_person(person: Person) -> dict[str, int]:
    try:
        with transaction.atomic():
            return person.delete()[1]
    except ProtectedError:
        return _empty_person(person)


def _empty_person(person: Person) -> dict[str, int]:
    """Leave a row without anything personal where records of an office stand on it."""
    counts: Counter[str] = Counter()
    for model in apps.get_models():
        for field in model._meta.local_fields:
            link = field.remote_field
            if field.related_model is Person and link is not None and link.on_delete is models.CASCADE:
                counts.update(model._base_manager.filter(**{field.name: person}).delete()[1])
    person.name, person.number, person.sex, person.search_text = GONE, "", "", ""
    person.birth_on, person.phone, person.source_key = None, "", ""
    person.uuid, person.account, person.hand_set = uuid4(), None, []
    person.save()
    Person.objects.filter(pk=person.pk).update(removed_at=person.removed_at)
    return {**counts, "kernel.Person (emptied)": 1}


def _remove_account(account_id: int) -> dict[str, int]:
    """Remove the account when it belongs to nobody else anywhere, with its sessions."""
    with scope.everywhere("whose account is it"):
        if Person.objects.filter(account_id=account_id).exists():
            return {}
        keys = Device.objects.filter(account_id=account_id).values_list("session_key", flat=True)
        Session.objects.filter(session_key__in=list(keys)).delete()
        return Account.objects.get(pk=account_id).delete()[1]
