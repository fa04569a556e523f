"""``zhiwei demo --check``: the whole main job, step by step, without a browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from zhiwei.config.demo import steps


@dataclass(frozen=True)
class Line:
    """One line of the report."""

    step: str
    outcome: str
    seconds: float
    passed: bool


def run() -> int:
    """Do every step in order, print the table, and return 0 when all passed."""
    journey = steps.Journey()
    lines = [_do(name, step) for name, step in journey.steps()]
    print(_table(lines))
    failed = sum(not line.passed for line in lines)
    print(f"{len(lines) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _do(name: str, step: Callable[[], str]) -> Line:
    began = time.monotonic()
    try:
        outcome, passed = step(), True
    except Exception as error:  # noqa: BLE001 - the report tells what went wrong and goes on
        outcome, passed = f"{type(error).__name__}: {error}"[:160], False
    return Line(name, outcome, time.monotonic() - began, passed)


def _table(lines: list[Line]) -> str:
    rows = [
        f"{'ok' if line.passed else 'FAILED':<7}{line.seconds:7.2f}s  {line.step}: {line.outcome}"
        for line in lines
    ]
    return "\n".join(rows)
