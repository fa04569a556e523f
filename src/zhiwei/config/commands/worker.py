"""``zhiwei worker``: run jobs and deliveries until stopped."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from zhiwei.config.commands import boot

CONCURRENCY = 2
HEARTBEAT_SECONDS = 3.0
STALLED_SECONDS = 12.0
"""A worker silent for so long is dead; what it was doing is given to another."""


def main(argv: Sequence[str]) -> int:
    """Run a worker against the database of the data folder (or ``ZHIWEI_DATABASE_URL``)."""
    del argv
    with boot.ready():
        run()
    return 0


def run() -> None:
    """Run the worker in this process; Django is set up already."""
    from zhiwei.kernel.queue import app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.with_connector(connector).open() as working:
        working.run_worker(
            concurrency=CONCURRENCY,
            listen_notify=True,
            fetch_job_polling_interval=1.0,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
        )


if __name__ == "__main__":
    boot.setup()
    run()
    sys.exit(0)
