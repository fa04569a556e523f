"""What every test stands on: a database of its own per process, walled like the real one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import ItemsView, Iterator
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import DjangoDbBlocker

if TYPE_CHECKING:
    from django.test import Client
    from tests.cast import Cast

_FOLDER = Path(tempfile.mkdtemp(prefix="zhiwei-test-"))
os.environ["ZHIWEI_DATA"] = str(_FOLDER)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
"""Browser tests ask the database while the browser's own loop runs; each test has its connection to itself."""

from zhiwei.config.place import Place  # noqa: E402

Place(_FOLDER).prepare()
os.environ.setdefault("ZHIWEI_ORIGIN", "http://testserver")


@pytest.fixture(scope="session")
def embedded_server() -> Iterator[str]:
    """Start the embedded server once per test process and yield the owner's URL of an empty database."""
    from zhiwei.config import database

    given = os.environ.pop(database.URL_VARIABLE, None)
    with database.running(Place(_FOLDER)) as url:
        yield url
    if given:
        os.environ[database.URL_VARIABLE] = given


_standing_cast: list[Cast] = []


def _let_tests_empty_tables() -> None:
    """Tests that commit are cleaned up by TRUNCATE, which the app role may not do in service."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("grant truncate on all tables in schema public to zhiwei_app")


@pytest.fixture(scope="session")
def django_db_setup(embedded_server: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Migrate as the owner, put the walls up, then let the tests run as the app role.

    Each process keeps files in a folder of its own; the settings were read before this module was.
    """
    from django.conf import settings

    settings.FILES_ROOT = Place(_FOLDER).files
    from django.db import connection, connections

    from zhiwei.config import database
    from zhiwei.config.commands.migrate import apply

    def connect(*, as_owner: bool) -> None:
        connection.close()
        connection.settings_dict.update(database.django_database(embedded_server, as_owner=as_owner))

    with django_db_blocker.unblock():
        connect(as_owner=True)
        apply()
        _let_tests_empty_tables()
        connect(as_owner=False)
        from tests.cast import found_cast

        _standing_cast.append(found_cast())
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """Begin every test in the interface's own language, whatever the one before it chose."""
    from django.utils import translation

    with translation.override("zh-hans"):
        yield


def _tidy_up(tenants: list[int]) -> None:
    """Take away what a test before left outside the database: files, and keys that were rolled back with it."""
    from django.conf import settings

    from zhiwei.kernel import keys

    for tenant in (0, *tenants):
        keys.forget(tenant)
        shutil.rmtree(Path(settings.FILES_ROOT) / str(tenant), ignore_errors=True)


@pytest.fixture
def cast(db: None) -> Cast:
    """Two schools with teachers, pupils, guardians and outsiders (``tests/cast.py``).

    They are founded once a process and stand beneath every test's own transaction; a test that empties the tables
    takes them away, and those after it found their own.
    """
    del db
    from zhiwei.kernel.models import Account

    standing = _standing_cast[0]
    _tidy_up([standing.county, standing.school, standing.other_school])
    if Account.objects.filter(pk__in=standing.accounts.values()).count() == len(standing.accounts):
        return deepcopy(standing)
    from tests.cast import found_cast

    return found_cast()


class _Browsers(dict[str, "Client"]):
    """Browsers by nickname, each signed in when it is first asked for."""

    def __init__(self, accounts: dict[str, int]) -> None:
        super().__init__()
        self.accounts = accounts

    def __missing__(self, nickname: str) -> Client:
        from django.test import Client

        from zhiwei.kernel.models import Account

        self[nickname] = Client()
        self[nickname].force_login(Account.objects.get(pk=self.accounts[nickname]))
        return self[nickname]

    def items(self) -> ItemsView[str, Client]:
        """Everybody, signed in."""
        for nickname in self.accounts:
            self[nickname]
        return super().items()


@pytest.fixture
def sign_in(cast: Cast) -> dict[str, Client]:
    """Browsers signed in as everybody of the cast, by nickname."""
    return _Browsers(cast.accounts)
