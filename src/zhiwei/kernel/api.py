"""The kernel's door for other contexts: people, classes and notices as ids and values, never as rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from zhiwei.kernel import clock
from zhiwei.kernel.access import access_organisation, reach_q
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.models import Consent, Guardianship, Holding, Job, Notification, Organisation, Person
from zhiwei.kernel.queries import directory
from zhiwei.kernel.queries.actors import own_people
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import TENANT_KINDS, Actor, Level, OrganisationKind, Role, Verb

__all__ = [
    "OrganisationInfo",
    "PersonInfo",
    "PupilRow",
    "acting_person",
    "classes_of_pupils",
    "classes_taught",
    "consented",
    "get_organisation",
    "get_person",
    "givers_for",
    "guardians_of",
    "job_uuid",
    "names_of",
    "notify",
    "people_by_id",
    "people_holding",
    "place_for",
    "pupil_rows",
    "pupils_of_class",
    "subjects_taught",
    "tenants_below",
    "tenants_in_reach",
]


@dataclass(frozen=True, slots=True)
class PersonInfo:
    """A person as other contexts know them (level 3: name and number)."""

    id: int
    uuid: str
    tenant_id: int
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class OrganisationInfo:
    """A place: ``path`` is the chain of ids used by reaches; ``grade`` only for classes."""

    id: int
    uuid: str
    tenant_id: int
    kind: OrganisationKind
    name: str
    path: str
    grade: int | None


@dataclass(frozen=True, slots=True)
class PupilRow:
    """A pupil in their class today (level 3)."""

    id: int
    tenant_id: int
    name: str
    number: str
    sex: str
    school: str
    class_name: str
    grade: int | None


def get_person(person_id: int) -> PersonInfo:
    """Return one person in scope.

    Raises:
        NotFoundError: No such person in scope.
    """
    found = people_by_id([person_id]).get(person_id)
    if found is None:
        raise NotFoundError
    return found


def acting_person(*, account_id: int, person_id: int, now: datetime) -> Actor:
    """Return who acts when a job goes on with what a person began; roles are those held now.

    Raises:
        NotFoundError: The account may no longer act as this person.
    """
    found = own_people(account_id, clock.today(now))
    acting = next((one for one in found if one.person_id == person_id), None)
    if acting is None:
        raise NotFoundError
    return acting


def people_by_id(person_ids: Iterable[int]) -> dict[int, PersonInfo]:
    """Return the people in scope among these ids (one query)."""
    rows = Person.objects.filter(pk__in=set(person_ids)).only("id", "uuid", "tenant_id", "name", "number")
    return {row.pk: _person(row) for row in rows}


def names_of(tenant_id: int) -> list[str]:
    """Return the names of everybody a tenant knows, for finding them in texts."""
    rows = Person.objects.filter(tenant_id=tenant_id, removed_at__isnull=True)
    return list(rows.values_list("name", flat=True))


def pupils_of_class(class_id: int, today: date) -> list[PersonInfo]:
    """Return the pupils of a class today, by number."""
    rows = directory.pupils_of(class_id, today).values_list("pk", "uuid", "tenant_id", "name", "number")
    return [PersonInfo(pk, str(uuid), tenant, name, number) for pk, uuid, tenant, name, number in rows]


def classes_of_pupils(person_ids: Iterable[int], today: date) -> dict[int, list[int]]:
    """Return the ids of the classes each pupil is in today (one query)."""
    rows = Holding.objects.filter(person_id__in=set(person_ids), role=Role.PUPIL, starts_on__lte=today)
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))
    found: dict[int, list[int]] = {}
    for person_id, class_id in rows.values_list("person_id", "organisation_id"):
        found.setdefault(person_id, []).append(class_id)
    return found


def guardians_of(child_id: int) -> list[PersonInfo]:
    """Return the guardians of a child."""
    rows = Guardianship.objects.filter(child_id=child_id).select_related("guardian")
    return [_person(row.guardian) for row in rows]


def job_uuid(job_id: int) -> str:
    """Return the outward name of a job in scope, for leading its owner to its page."""
    return str(Job.objects.values_list("uuid", flat=True).get(pk=job_id))


def get_organisation(organisation_id: int) -> OrganisationInfo:
    """Return one organisation.

    Raises:
        NotFoundError: No such organisation.
    """
    row = Organisation.objects.filter(pk=organisation_id).first()
    if row is None:
        raise NotFoundError
    return _organisation(row)


def tenants_below(organisation_id: int) -> list[int]:
    """Return the ids of an organisation and of all below it that keep records of their own."""
    path = Organisation.objects.values_list("path", flat=True).get(pk=organisation_id)
    rows = Organisation.objects.filter(path__startswith=path, kind__in=TENANT_KINDS, closed_on__isnull=True)
    return list(rows.values_list("pk", flat=True).order_by("path"))


def givers_for(actor: Actor) -> list[OrganisationInfo]:
    """Return whose data somebody may ask for: their own organisation, those above and below it, and all counties."""
    own = Organisation.objects.values_list("path", flat=True).get(pk=actor.tenant_id)
    above = [int(one) for one in own.split("/") if one]
    wanted = Q(pk__in=[*actor.tenants, *above]) | Q(kind=OrganisationKind.COUNTY)
    rows = Organisation.objects.filter(wanted, kind__in=TENANT_KINDS, closed_on__isnull=True)
    return [_organisation(row) for row in rows.order_by("path")[:500]]


def pupil_rows(tenants: Iterable[int], *, after: int, limit: int, today: date) -> list[PupilRow]:
    """Return pupils of schools in scope with their class today, by person id above ``after`` (two queries)."""
    rows = Holding.objects.filter(
        tenant_id__in=set(tenants),
        role=Role.PUPIL,
        person_id__gt=after,
        person__removed_at__isnull=True,
        starts_on__lte=today,
    )
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))
    first = rows.order_by("person_id", "pk").distinct("person_id")[:limit]
    wanted = ("person_id", "tenant_id", "person__name", "person__number", "person__sex")
    found = list(first.values_list(*wanted, "organisation__name", "organisation__grade"))
    ids = {one[1] for one in found}
    schools = dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        PupilRow(pk, tenant, name, number, sex, schools.get(tenant, ""), class_name, grade)
        for pk, tenant, name, number, sex, class_name, grade in found
    ]


def classes_taught(actor: Actor, *, verb: Verb, kind: str) -> list[OrganisationInfo]:
    """Return the classes where the actor may do ``verb`` on ``kind``, by grade and name."""
    found = policy.reach(actor, verb, kind, level=Level.INTERNAL)
    rows = Organisation.objects.filter(kind=OrganisationKind.CLASS, closed_on__isnull=True)
    return [_organisation(row) for row in rows.filter(reach_q(found, place="path")).order_by("grade", "name")]


def subjects_taught(actor: Actor) -> list[str]:
    """Return the subjects the actor's roles name today, without repetition."""
    return list(dict.fromkeys(one.subject for one in actor.held if one.subject))


def consented(person_ids: Iterable[int], purpose: str) -> set[int]:
    """Return those among the people for whom consent to ``purpose`` is in force."""
    rows = Consent.objects.filter(person_id__in=set(person_ids), purpose=purpose, withdrawn_at__isnull=True)
    return set(rows.values_list("person_id", flat=True))


def notify(
    *, person_ids: Iterable[int], tenant_id: int, text: str, url: str, key: str, now: datetime
) -> None:
    """Tell people something once (``key`` keeps a repeated delivery from telling it twice)."""
    Notification.objects.bulk_create(
        (
            Notification(tenant_id=tenant_id, person_id=one, text=text[:200], url=url, key=key, at=now)
            for one in sorted(set(person_ids))
        ),
        ignore_conflicts=True,
    )


def people_holding(organisation_id: int, role: Role, today: date, *, subject: str = "") -> list[PersonInfo]:
    """Return the people who hold a role in an organisation today, in one subject when it is named."""
    rows = Holding.objects.filter(organisation_id=organisation_id, role=role, starts_on__lte=today)
    if subject:
        rows = rows.filter(subject=subject)
    rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today)).select_related("person")
    return [_person(row.person) for row in rows]


def tenants_in_reach(actor: Actor, *, verb: Verb, kind: str, level: Level) -> list[OrganisationInfo]:
    """Return the organisations with records of their own where the actor may do ``verb`` on ``kind``, by name."""
    found = policy.reach(actor, verb, kind, level=level)
    rows = Organisation.objects.filter(pk__in=actor.tenants, kind__in=TENANT_KINDS, closed_on__isnull=True)
    return [_organisation(row) for row in rows.filter(reach_q(found, place="path")).order_by("name")]


def place_for(actor: Actor, organisation_id: int, *, verb: Verb, kind: str) -> OrganisationInfo:
    """Return an organisation where the actor may do ``verb`` on ``kind``.

    Raises:
        NotFoundError: Absent or outside the actor's reach.
    """
    return _organisation(access_organisation(actor, organisation_id, verb=verb, kind=kind))


def _person(row: Person) -> PersonInfo:
    return PersonInfo(row.pk, str(row.uuid), row.tenant_id, row.name, row.number)


def _organisation(row: Organisation) -> OrganisationInfo:
    return OrganisationInfo(
        row.pk,
        str(row.uuid),
        row.tenant_id or row.pk,
        OrganisationKind(row.kind),
        row.name,
        row.path,
        row.grade,
    )
