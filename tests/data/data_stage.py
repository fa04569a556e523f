"""Data officers and their browsers, for the tests of the data room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.test import Client
from tests.cast import BEGIN, NOW, Cast

from zhiwei.kernel import scope
from zhiwei.kernel.models import Account
from zhiwei.kernel.services import accounts, people
from zhiwei.kernel.values import Actor, Role, system_actor


def appoint(
    cast: Cast,
    nickname: str,
    role: Role,
    *,
    place: int | None = None,
    tenant: int | None = None,
    subject: str = "",
) -> None:
    """Register somebody with one more role and an account."""
    school = tenant or cast.school
    with scope.everywhere("test"):
        person = people.register_person(
            actor=system_actor(), now=NOW, tenant_id=school, name=f"人{nickname}", number=nickname
        )
        people.give_role(
            actor=system_actor(),
            now=NOW,
            person_id=person,
            organisation_id=place or school,
            role=role,
            starts_on=BEGIN,
            subject=subject,
        )
        cast.people[nickname] = person
        cast.accounts[nickname] = accounts.open_account(
            actor=system_actor(), now=NOW, person_id=person, login=f"test-{nickname}"
        )


def browser(cast: Cast, nickname: str) -> Client:
    """Return a browser signed in as somebody."""
    client = Client()
    client.force_login(Account.objects.get(pk=cast.accounts[nickname]))
    return client


@contextmanager
def acting(cast: Cast, nickname: str) -> Iterator[Actor]:
    """Act as somebody within the tenants they reach."""
    actor = cast.actor(nickname)
    with scope.entered(actor.tenants):
        yield actor
