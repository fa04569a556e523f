"""A worker for ``bench crash``: the platform's own, with three tasks that make faults countable."""

from __future__ import annotations

import os
import signal
import sys
import time
from types import FrameType

from zhiwei.config.commands import boot

ITEM = {"type": "expression", "max_score": 2, "reference_answers": ["x^2+2x+1"], "stem": "化简"}


def register() -> None:
    """Add the bench's tasks: an honest one, one that kills its worker, and one that is unsafe on purpose."""
    from zhiwei.engines.judging import Response, grader_for, item_from_json
    from zhiwei.kernel import audit, clock, jobs, scope
    from zhiwei.kernel.values import Verb, system_actor

    grader = grader_for(item_from_json(ITEM))

    def leave_mark(tenant_id: int, number: int) -> None:
        audit.record(
            actor=system_actor(tenant_id),
            verb=Verb.UPDATE,
            kind="bench-crash",
            object_id=number,
            now=clock.now(),
        )

    @jobs.task("bench.honest", attempts=50)
    def honest(context: jobs.JobContext, number: int) -> None:
        verdict = grader.judge(Response(str(number), text="(x+1)^2" if number % 2 else "x^2+1"))
        leave_mark(context.tenant_id, number)
        time.sleep(0.1)
        assert verdict.score == (2 if number % 2 else 0), verdict

    @jobs.task("bench.unsafe", attempts=50, atomic=False)
    def unsafe(context: jobs.JobContext, number: int) -> None:
        with scope.entered([context.tenant_id]):
            leave_mark(context.tenant_id, number)
        time.sleep(0.25)

    @jobs.task("bench.poison", attempts=3)
    def poison(context: jobs.JobContext, number: int) -> None:
        del context, number
        os.kill(os.getpid(), signal.SIGKILL)


def keep_workers(count: int) -> None:
    """Fork workers from this process (set up, but not connected) and fork again whatever dies."""
    from zhiwei.config.commands import worker

    children: set[int] = set()

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    while True:
        while len(children) < count:
            pid = os.fork()
            if not pid:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                worker.run()
                os._exit(0)
            children.add(pid)
        children.discard(os.waitpid(-1, 0)[0])


if __name__ == "__main__":
    boot.setup()
    register()
    keep_workers(int(sys.argv[1]))
