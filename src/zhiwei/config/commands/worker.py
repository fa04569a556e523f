"""``zhiwei worker``: run jobs and deliveries until stopped."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from zhiwei.config.commands import boot

if TYPE_CHECKING:
    from procrastinate import App

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
    """Run the worker in this process; Django is set up already.

    Housekeeping has a place of its own beside the work: however long the work takes, what other workers left behind
    when they died is found in time.
    """
    asyncio.run(_run())


async def _run() -> None:
    from zhiwei.kernel.queue import HOUSE, app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    async with app.with_connector(connector).open_async() as working:
        both = [
            asyncio.create_task(_serve(working, concurrency=CONCURRENCY)),
            asyncio.create_task(
                _serve(working, concurrency=1, queues=[HOUSE], install_signal_handlers=False)
            ),
        ]
        done, _running = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for one in both:
            one.cancel()
        await asyncio.gather(*both, return_exceptions=True)
        for one in done:
            one.result()


async def _serve(working: App, **how: Any) -> None:
    await working.run_worker_async(
        listen_notify=True,
        fetch_job_polling_interval=1.0,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
        stalled_worker_timeout=STALLED_SECONDS,
        **how,
    )


if __name__ == "__main__":
    boot.setup()
    run()
    sys.exit(0)
