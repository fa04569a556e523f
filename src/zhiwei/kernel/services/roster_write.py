"""Writes one planned piece of a roster: a handful of statements for a thousand people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zhiwei.engines.rosters import Guardian
from zhiwei.kernel import audit
from zhiwei.kernel.models import Guardianship, Holding, Person
from zhiwei.kernel.names import search_text
from zhiwei.kernel.services.roster_known import Known
from zhiwei.kernel.services.roster_plan import FIELDS, Change
from zhiwei.kernel.values import Actor, Role, Verb


@dataclass(frozen=True)
class Writing:
    """For whom and from when a roster is written."""

    actor: Actor
    now: datetime
    tenant_id: int
    import_id: int
    day: date


def write(changes: Sequence[Change], known: Known, about: Writing) -> None:
    """Write people, holdings and guardians of one piece.

    Effects:
        One audit row for each person created or changed.
    """
    created = [change for change in changes if change.person is None]
    changed = [change for change in changes if change.verdict == "updated"]
    _create(created, about)
    _update(changed, about)
    _holdings(changes, about)
    added = _guardians(changes, known, about)
    _told(created, Verb.CREATE, about)
    touched = {change.person.pk for change in changed if change.person} | added
    audit.record_each(
        actor=about.actor, verb=Verb.UPDATE, kind="person", now=about.now, tenant_id=about.tenant_id,
        about_ids=sorted(touched - {change.person.pk for change in created if change.person}),
        object_id=about.import_id, detail={"roster": about.import_id},
    )  # fmt: skip


def _told(changes: Sequence[Change], verb: Verb, about: Writing) -> None:
    audit.record_each(
        actor=about.actor, verb=verb, kind="person", now=about.now, tenant_id=about.tenant_id,
        about_ids=[change.person.pk for change in changes if change.person],
        object_id=about.import_id, detail={"roster": about.import_id},
    )  # fmt: skip


def _create(changes: Sequence[Change], about: Writing) -> None:
    rows = [Person(tenant_id=about.tenant_id, **change.fields) for change in changes]
    for row in rows:
        row.search_text = search_text(row.name, row.number)
    for change, row in zip(changes, Person.objects.bulk_create(rows), strict=True):
        change.person = row


def _update(changes: Sequence[Change], about: Writing) -> None:
    del about
    rows = []
    for change in changes:
        if change.person is not None and change.fields:
            for name, value in change.fields.items():
                setattr(change.person, name, value)
            change.person.search_text = search_text(change.person.name, change.person.number)
            rows.append(change.person)
    if rows:
        Person.objects.bulk_update(rows, [*FIELDS, "source_index", "search_text", "removed_at"])


def _holdings(changes: Sequence[Change], about: Writing) -> None:
    begun: list[Holding] = []
    reopened: list[Holding] = []
    never: list[int] = []
    for change in changes:
        assert change.person is not None
        for role, place, subject, post in change.begin:
            begun.append(
                Holding(
                    tenant_id=about.tenant_id,
                    person=change.person,
                    organisation_id=place,
                    role=role,
                    subject=subject,
                    starts_on=post.starts_on or about.day,
                    ends_on=post.ends_on,
                )
            )
        for holding, post in change.reopen:
            holding.ends_on = post.ends_on
            reopened.append(holding)
        for holding in change.end:
            if holding.starts_on < about.day:
                holding.ends_on = about.day
                reopened.append(holding)
            else:
                never.append(holding.pk)
    Holding.objects.filter(pk__in=never).delete()
    Holding.objects.bulk_update(reopened, ["ends_on"])
    Holding.objects.bulk_create(begun)


def _guardians(changes: Sequence[Change], known: Known, about: Writing) -> set[int]:
    """Create guardians not known yet and link them; returns the ids of children who got one."""
    named: dict[str, Guardian] = {}
    for change in changes:
        for one in change.entry.guardians:
            named.setdefault(one.source_key, one)
    people = {key: known.by_source[key] for key in named if key in known.by_source}
    fresh = [one for key, one in named.items() if key not in people]
    rows = Person.objects.bulk_create(
        Person(
            tenant_id=about.tenant_id,
            name=one.name,
            phone=one.phone,
            source_key=one.source_key,
            search_text=search_text(one.name),
        )
        for one in fresh
    )
    people.update({row.source_key: row for row in rows})
    Holding.objects.bulk_create(
        Holding(
            tenant_id=about.tenant_id, person=row, organisation_id=about.tenant_id, role=Role.GUARDIAN,
            starts_on=about.day,
        )
        for row in rows
    )  # fmt: skip
    links = {
        (change.person.pk, people[one.source_key].pk): one.relation
        for change in changes
        if change.person is not None
        for one in change.entry.guardians
    }
    new = [pair for pair in links if pair not in known.guardians and pair[0] != pair[1]]
    Guardianship.objects.bulk_create(
        Guardianship(
            tenant_id=about.tenant_id, child_id=child, guardian_id=guardian, relation=links[child, guardian]
        )
        for child, guardian in new
    )
    return {child for child, _guardian in new}
