"""Who teaches whom, guardians and consents, and deliveries that wait: lists scoped to the actor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from zhiwei.kernel.access import NOTHING, one, reach_q, require
from zhiwei.kernel.models import Consent, Delivery, Guardianship, Holding, Organisation, Person
from zhiwei.kernel.outbox import MAX_ATTEMPTS
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import Actor, Level, OrganisationKind, Role, Verb

TEACHING = (Role.TEACHER, Role.CLASS_TEACHER)


@dataclass(frozen=True)
class ClassRow:
    """A class with its size and who teaches it."""

    id: int
    name: str
    grade: int | None
    pupils: int
    held: tuple[Holding, ...]


@dataclass(frozen=True)
class ConsentRow:
    """A pupil's guardians and the consents in force."""

    person: Person
    guardians: tuple[str, ...]
    consents: tuple[Consent, ...]


def class_rows(actor: Actor, today: date) -> list[ClassRow]:
    """Return the classes whose people the actor may list, with today's teachers (three queries)."""
    found = policy.reach(actor, Verb.LIST, "person", level=Level.INTERNAL)
    classes = list(
        Organisation.objects.filter(kind=OrganisationKind.CLASS, closed_on__isnull=True)
        .filter(reach_q(found, place="path"))
        .order_by("path")[:500]
    )
    held = in_force(Holding.objects.filter(organisation__in=classes), today)
    teachers: dict[int, list[Holding]] = {}
    for row in held.filter(role__in=TEACHING).select_related("person").order_by("role", "subject", "pk"):
        teachers.setdefault(row.organisation_id, []).append(row)
    pupils: dict[int, int] = {}
    for place in held.filter(role=Role.PUPIL).values_list("organisation_id", flat=True):
        pupils[place] = pupils.get(place, 0) + 1
    return [
        ClassRow(row.pk, row.name, row.grade, pupils.get(row.pk, 0), tuple(teachers.get(row.pk, ())))
        for row in sorted(classes, key=lambda row: (row.grade or 99, row.name))
    ]


def in_force(rows: QuerySet[Holding], today: date) -> QuerySet[Holding]:
    """Keep the holdings in force on a day."""
    return rows.filter(starts_on__lte=today).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today))


def class_to_staff(actor: Actor, class_id: int) -> Organisation:
    """Return a class whose teachers the actor may set.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    found = require(actor, Verb.UPDATE, "person", level=Level.INTERNAL)
    rows = Organisation.objects.filter(kind=OrganisationKind.CLASS).filter(reach_q(found, place="path"))
    return one(rows, pk=class_id)


def teaching_post(actor: Actor, holding_id: int) -> Holding:
    """Return a teaching assignment that the actor may end.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    found = require(actor, Verb.UPDATE, "person", level=Level.INTERNAL)
    rows = Holding.objects.filter(role__in=TEACHING).filter(reach_q(found, place="organisation__path"))
    return one(rows, pk=holding_id)


def staff_of(tenant_id: int) -> QuerySet[Person]:
    """Return the staff of a school, by name: people with a number who are neither pupil nor guardian."""
    others = Holding.objects.filter(tenant_id=tenant_id, role__in=[Role.PUPIL, Role.GUARDIAN]).values(
        "person_id"
    )
    rows = Person.objects.filter(tenant_id=tenant_id, removed_at__isnull=True).exclude(number="")
    return rows.exclude(pk__in=others).order_by("name", "pk")


def consent_rows(actor: Actor, class_id: int, today: date) -> list[ConsentRow]:
    """Return the pupils of a class in reach with guardians and consents (four queries).

    Raises:
        ForbiddenError: The actor may not see consents at all.
    """
    found = require(actor, Verb.LIST, "consent", level=Level.PERSONAL)
    place = one(Organisation.objects.filter(reach_q(found, place="path")), pk=class_id)
    inside = in_force(Holding.objects.filter(organisation=place, role=Role.PUPIL), today)
    return rows_of(Person.objects.filter(pk__in=inside.values("person_id")).order_by("number", "pk"))


def own_wards(actor: Actor) -> list[ConsentRow]:
    """Return the actor's children with what was consented to."""
    return rows_of(Person.objects.filter(pk__in=actor.wards).order_by("pk"))


def rows_of(people: QuerySet[Person]) -> list[ConsentRow]:
    """Return lines for people."""
    named: dict[int, list[str]] = {}
    for link in Guardianship.objects.filter(child__in=people).select_related("guardian"):
        relation = f"（{link.relation}）" if link.relation else ""
        named.setdefault(link.child_id, []).append(f"{link.guardian.name}{relation}")
    given: dict[int, list[Consent]] = {}
    for consent in Consent.objects.filter(person__in=people, withdrawn_at__isnull=True).order_by("given_at"):
        given.setdefault(consent.person_id, []).append(consent)
    return [
        ConsentRow(person, tuple(named.get(person.pk, ())), tuple(given.get(person.pk, ())))
        for person in people
    ]


def consent_classes(actor: Actor) -> list[Organisation]:
    """Return the classes whose consents the actor may see."""
    found = policy.reach(actor, Verb.LIST, "consent", level=Level.PERSONAL)
    classes = Organisation.objects.filter(kind=OrganisationKind.CLASS, closed_on__isnull=True)
    return list(classes.filter(reach_q(found, place="path")).order_by("grade", "name"))


def ward_of(actor: Actor, person_uuid: object, verb: Verb) -> Person:
    """Return a child for whom the actor may give or withdraw consent.

    Raises:
        NotFoundError: Not the actor's child.
    """
    found = policy.reach(actor, verb, "consent", level=Level.PERSONAL)
    return one(Person.objects.filter(pk__in=found.people), uuid=person_uuid)


def consent_to_withdraw(actor: Actor, consent_id: int) -> Consent:
    """Return a consent in force that the actor may withdraw.

    Raises:
        NotFoundError: Absent, or about somebody else's child.
    """
    found = policy.reach(actor, Verb.UPDATE, "consent", level=Level.PERSONAL)
    return one(Consent.objects.filter(person_id__in=found.people, withdrawn_at__isnull=True), pk=consent_id)


def deliveries(actor: Actor) -> QuerySet[Delivery]:
    """Return undelivered news of the organisations the actor looks after: failed ones first."""
    found = require(actor, Verb.LIST, "delivery")
    return _reached(found.places).filter(delivered_at__isnull=True).order_by("-attempts", "pk")


def delivery(actor: Actor, delivery_id: int) -> Delivery:
    """Return one undelivered piece of news that the actor may run again.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    found = require(actor, Verb.UPDATE, "delivery")
    return one(_reached(found.places).filter(delivered_at__isnull=True), pk=delivery_id)


def is_stuck(row: Delivery) -> bool:
    """Tell whether delivery was given up and waits for a person."""
    return row.attempts >= MAX_ATTEMPTS


def _reached(places: frozenset[tuple[str, str]]) -> QuerySet[Delivery]:
    found = NOTHING
    for path, _subject in places:
        found |= Q(tenant__in=Organisation.objects.filter(path__startswith=path).values("pk"))
    return Delivery.objects.filter(found).select_related("event")
