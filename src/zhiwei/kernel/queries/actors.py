"""Who is acting: resolved afresh for each request, so that a changed role holds at once."""

from __future__ import annotations

from datetime import date

from django.db import connection

from zhiwei.kernel import scope
from zhiwei.kernel.models import Guardianship, Holding, Organisation, Person
from zhiwei.kernel.values import TENANT_KINDS, Actor, Held, Role

_PEOPLE = """
select p.id, p.tenant_id, p.name, h.role, h.subject, o.id, o.path
from kernel_person p
left join kernel_holding h on h.person_id = p.id and h.starts_on <= %s and (h.ends_on is null or h.ends_on > %s)
left join kernel_organisation o on o.id = h.organisation_id
where p.account_id = %s and p.removed_at is null
order by p.id, h.id
"""


def actors_of(account_id: int, today: date) -> list[Actor]:
    """Return the people an account may act as, with the roles they hold today. Two or three queries.

    Must run in a scope over everywhere: it is what decides the scope of the request.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [today, today, account_id])
        found: dict[int, tuple[int, str, list[Held]]] = {}
        for person_id, tenant_id, name, role, subject, organisation_id, path in cursor.fetchall():
            _tenant, _name, held = found.setdefault(person_id, (tenant_id, name, []))
            if role:
                held.append(Held(Role(role), organisation_id, path, subject))
    return [
        Actor(
            account_id,
            person_id,
            tenant_id,
            name,
            tuple(held),
            _wards(person_id, held),
            _tenants(tenant_id, held),
        )
        for person_id, (tenant_id, name, held) in found.items()
    ]


def own_people(account_id: int, today: date) -> list[Actor]:
    """Return every person of an account, in whatever tenant (for switching between them)."""
    with scope.everywhere("list own people"):
        return actors_of(account_id, today)


def _wards(person_id: int, held: list[Held]) -> tuple[int, ...]:
    if not any(one.role is Role.GUARDIAN for one in held):
        return ()
    rows = Guardianship.objects.filter(guardian_id=person_id, child__removed_at__isnull=True)
    return tuple(rows.values_list("child_id", flat=True))


def _tenants(own: int, held: list[Held]) -> tuple[int, ...]:
    """Return the tenants whose records the roles reach: one's own, and for bureaus all below."""
    roots = [
        one.path for one in held if one.path.rstrip("/").endswith(f"/{own}") and one.role not in _LOCAL_ROLES
    ]
    if not roots:
        return (own,)
    below = Organisation.objects.filter(path__startswith=roots[0], kind__in=TENANT_KINDS).values_list(
        "id", flat=True
    )
    return tuple(sorted({own, *below}))


_LOCAL_ROLES = frozenset({Role.PUPIL, Role.GUARDIAN, Role.TEACHER, Role.CLASS_TEACHER})


def find_person(person_id: int) -> Person | None:
    """Return a person in scope."""
    return Person.objects.filter(pk=person_id).first()


def roles_in(organisation_id: int, role: Role, today: date) -> list[int]:
    """Return the ids of people who hold ``role`` in an organisation today."""
    rows = Holding.objects.filter(organisation_id=organisation_id, role=role, starts_on__lte=today)
    return list(rows.exclude(ends_on__lte=today).values_list("person_id", flat=True))
