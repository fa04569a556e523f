"""Getting Django ready for a command: data folder, database, migrations, walls."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from zhiwei.config import database, env, stamp
from zhiwei.config.place import Place, current

OWNER_VARIABLE = "ZHIWEI_AS_OWNER"


@contextmanager
def ready(*, migrated: bool = True, django: bool = True) -> Iterator[Place]:
    """Have data folder and database, bring the tables up to date, and set Django up as the app role.

    Args:
        migrated: Bring the tables up to date.
        django: Set Django up in this process too; a parent that only starts others is quicker without.
    """
    env.check_all()
    place = current()
    place.prepare()
    have_front_end()
    with database.running(place) as url:
        if migrated and not stamp.is_current(url):
            migrate_in_child()
            stamp.put(url)
        if django:
            setup()
        try:
            yield place
        finally:
            _hang_up()


def _hang_up() -> None:
    """Close this process's connections, when it has ever set Django up."""
    from django.apps import apps

    if apps.ready:
        from django.db import connections

        connections.close_all()


def have_front_end(*, dev: bool = False) -> None:
    """Install the pages' third-party files and compile the English catalogues, when that is not done yet.

    Raises:
        SystemExit: npm is missing or failed; the sentence says what to do.
    """
    from zhiwei.ui import assets, messages

    messages.compile_all()
    try:
        assets.install_assets(dev=dev)
    except assets.AssetsError as error:
        raise SystemExit(str(error)) from error


def setup() -> None:
    """Set Django up in this process."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiwei.config.settings")
    django.setup()


def migrate_in_child() -> None:
    """Migrate as the owner in a process of its own: this one stays the app role.

    Raises:
        SystemExit: The migration failed; its own message has been printed.
    """
    import subprocess
    import sys

    environment = {**os.environ, OWNER_VARIABLE: "1"}
    done = subprocess.run(
        [sys.executable, "-m", "zhiwei.config.commands.migrate"], env=environment, check=False
    )
    if done.returncode:
        raise SystemExit(done.returncode)


def child_environment() -> dict[str, str]:
    """Return the environment for web and worker processes."""
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "zhiwei.config.settings"}
