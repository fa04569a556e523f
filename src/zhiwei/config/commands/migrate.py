"""``zhiwei migrate``: bring the tables up to date and put the walls up. Runs as the owner."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from zhiwei.config import database, stamp
from zhiwei.config.commands import boot


def main(argv: Sequence[str]) -> int:
    """Migrate the database of the data folder."""
    del argv
    with boot.ready(migrated=False):
        boot.migrate_in_child()
        stamp.put(os.environ[database.URL_VARIABLE])
        return 0


def apply() -> None:
    """Apply migrations and walls with the owner's connection of this process."""
    from django.core.management import call_command
    from django.db import connection

    from zhiwei.config import tables
    from zhiwei.kernel import walls

    tables.found_when_empty(connection)
    call_command("migrate", verbosity=0, interactive=False)
    walls.install(connection)


if __name__ == "__main__":
    boot.setup()
    apply()
    sys.exit(0)
