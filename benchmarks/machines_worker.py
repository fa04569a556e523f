"""A worker for ``bench machines``: the platform's own, with a long task whose effect can be counted."""

from __future__ import annotations

import sys
import time

from zhiwei.config.commands import boot

LONG = "bench.long"


def register() -> None:
    """Add the task: a mark in the trail, then work that outlasts a cut of the network."""
    from zhiwei.kernel import audit, clock, jobs
    from zhiwei.kernel.values import Verb, system_actor

    @jobs.task(LONG, attempts=9)
    def work_long(context: jobs.JobContext, number: int, seconds: float) -> None:
        print(f"began {number} attempt {context.attempt} at {time.time():.1f}", flush=True)
        audit.record(
            actor=system_actor(context.tenant_id),
            verb=Verb.UPDATE,
            kind="bench-machines",
            object_id=number,
            now=clock.now(),
        )
        time.sleep(seconds)


def main() -> int:
    """Run the platform's worker with the task; ended work starts again, as a service manager would do."""
    from zhiwei.config.commands import worker

    with boot.ready():
        register()
        worker.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
