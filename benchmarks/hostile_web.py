"""A throwaway school whose administrator hands in files, for ``bench hostile``."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client


@contextmanager
def school() -> Iterator[tuple[Client, dict[str, str]]]:
    """Yield a signed-in browser and the addresses where files are handed in."""
    with tempfile.TemporaryDirectory(prefix="zhiwei-hostile-") as folder:
        Path(folder).chmod(0o711)
        os.environ["ZHIWEI_DATA"] = folder
        os.environ["ZHIWEI_SECOND_FACTOR"] = "off"
        from zhiwei.config.commands import boot

        with boot.ready():
            yield _signed_in(), {"roster": "/rosters/", "questions": "/curriculum/items/import/"}


def _signed_in() -> Client:
    from django.conf import settings
    from django.test import Client

    from zhiwei.kernel import clock, scope
    from zhiwei.kernel.models import Account
    from zhiwei.kernel.services import accounts, organisations, people
    from zhiwei.kernel.values import OrganisationKind, Role, system_actor

    now, system = clock.now(), system_actor()
    with scope.everywhere("bench"):
        place = organisations.found_organisation(
            actor=system, now=now, kind=OrganisationKind.SCHOOL, name="bench"
        )
        person = people.register_person(actor=system, now=now, tenant_id=place, name="管理员", number="a1")
        for role in (Role.SCHOOL_ADMIN, Role.TEACHER):
            people.give_role(
                actor=system,
                now=now,
                person_id=person,
                organisation_id=place,
                role=role,
                starts_on=clock.today(now),
            )
        account = accounts.open_account(actor=system, now=now, person_id=person, login="bench-admin")
    settings.ALLOWED_HOSTS = ["*"]
    client = Client(raise_request_exception=False)
    client.force_login(Account.objects.get(pk=account))
    return client
