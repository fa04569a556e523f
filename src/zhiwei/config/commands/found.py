"""``zhiwei found``: found one's own province, county or school and its first administrator."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from zhiwei.config.commands import boot


def main(argv: Sequence[str]) -> int:
    """Found an organisation with an administrator and print a one-time sign-in link."""
    parser = argparse.ArgumentParser(
        prog="zhiwei found", description="found an organisation and its first administrator"
    )
    parser.add_argument("kind", choices=["province", "city", "county", "school", "university"])
    parser.add_argument("name", help="name of the organisation")
    parser.add_argument("administrator", help="name of the first administrator")
    parser.add_argument("--login", default="admin")
    arguments = parser.parse_args(argv)
    with boot.ready():
        print(found(arguments.kind, arguments.name, arguments.administrator, arguments.login))
    return 0


def found(kind: str, name: str, administrator: str, login: str) -> str:
    """Found the organisation and return the administrator's one-time link."""
    from django.conf import settings
    from django.urls import reverse

    from zhiwei.kernel import clock, scope
    from zhiwei.kernel.services import accounts, organisations, people
    from zhiwei.kernel.values import OrganisationKind, Role, system_actor

    now, actor = clock.now(), system_actor()
    with scope.everywhere("found an organisation"):
        place = organisations.found_organisation(actor=actor, now=now, kind=OrganisationKind(kind), name=name)
        person = people.register_person(actor=actor, now=now, tenant_id=place, name=administrator)
        role = Role.SCHOOL_ADMIN if kind in {"school", "university"} else Role.BUREAU_ADMIN
        people.give_role(
            actor=actor,
            now=now,
            person_id=person,
            organisation_id=place,
            role=role,
            starts_on=clock.today(now),
        )
        account = accounts.open_account(actor=actor, now=now, person_id=person, login=login)
        token = accounts.make_link(account_id=account, now=now)
    return f"{settings.ORIGIN}{reverse('kernel:use_link', args=[token])}"
