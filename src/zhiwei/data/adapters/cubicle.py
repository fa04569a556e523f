"""The outside of the analysis room: start the shut-in process, hand data in, take figures out, kill it in time."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines import disclosure

CHILD = Path(__file__).with_name("cubicle_child.py")
MOST_OUT = 64 * 1024 * 1024
_WAIT = 0.05
_WIDTH = 9
"""Columns of a figure in what the process gives."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use: processor seconds, twice as many by the clock, DuckDB's memory in MiB."""

    seconds: int = 20
    memory_mib: int = 512


@dataclass(frozen=True)
class Column:
    """A column of a table on its way in: figures as floats, keys as unsigned, words as codes into ``words``."""

    name: str
    kind: str
    values: NDArray[Any]
    words: tuple[str, ...] = ()


class CubicleError(RuntimeError):
    """The process did not answer.

    Attributes:
        code: ``time``, ``cancelled``, ``memory``, ``cells``, ``died`` or ``failed``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Cancelled = Callable[[], bool]


def parse(sql: str, *, limits: Limits | None = None) -> dict[str, Any]:
    """Return a statement's tree, parsed in a process that never sees data.

    Raises:
        CubicleError: The parser did not answer.
    """
    limits = limits or Limits(seconds=5, memory_mib=128)
    answer = _talk({"what": "parse", "sql": sql}, (), limits, _never)
    tree: dict[str, Any] = answer["tree"]
    return tree


def run(
    plan: disclosure.Plan,
    table: str,
    columns: Sequence[Column],
    *,
    limits: Limits | None = None,
    cancelled: Cancelled | None = None,
) -> tuple[list[disclosure.Cell], tuple[str, ...]]:
    """Run a plan over one table in a process of its own.

    Args:
        cancelled: Asked several times a second; the process is killed once it says yes.

    Returns:
        The measured groups (level 3: to be made safe before anything leaves), and which walls stood.

    Raises:
        CubicleError: It took too long or too much, was cancelled, or failed.
    """
    request = {
        "what": "run",
        "table": table,
        "rows": len(columns[0].values),
        "columns": [{"name": one.name, "kind": one.kind, "words": one.words} for one in columns],
        "inner": plan.inner,
        "cells": plan.cells,
        "sketches": plan.sketches,
        "most_cells": disclosure.MOST_CELLS,
    }
    answer = _talk(request, columns, limits or Limits(), cancelled or _never)
    return _cells(answer, plan), tuple(answer.get("walls", ()))


def _never() -> bool:
    return False


def _talk(
    request: Mapping[str, Any], columns: Sequence[Column], limits: Limits, cancelled: Cancelled
) -> dict[str, Any]:
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and file
        [sys.executable, "-I", "-B", str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        cwd="/",
        close_fds=True,
    )
    told = {**request, "seconds": limits.seconds, "memory_mib": limits.memory_mib}
    collected: list[bytes] = []
    assert child.stdin is not None
    assert child.stdout is not None
    threads = [
        threading.Thread(target=_give, args=(child.stdin, told, columns), daemon=True),
        threading.Thread(target=_take, args=(child.stdout, collected), daemon=True),
    ]
    for one in threads:
        one.start()
    try:
        _wait(child, threads[1], limits, cancelled)
    finally:
        child.kill()
        child.wait()
        for one in threads:
            one.join(timeout=5)
        child.stdout.close()
    return _answer(b"".join(collected))


def _wait(
    child: subprocess.Popen[bytes], taking: threading.Thread, limits: Limits, cancelled: Cancelled
) -> None:
    until, ask = time.monotonic() + 2 * limits.seconds, time.monotonic()
    while taking.is_alive():
        taking.join(_WAIT)
        if time.monotonic() > until:
            raise CubicleError("time")
        if time.monotonic() - ask > 0.5:
            ask = time.monotonic()
            if cancelled():
                raise CubicleError("cancelled")
    try:
        code = child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        raise CubicleError("died") from None
    if code in {-24, -9}:
        raise CubicleError("time")
    if code:
        raise CubicleError("died")


def _give(pipe: IO[bytes], request: Mapping[str, Any], columns: Sequence[Column]) -> None:
    """Write the request and the columns; a child that died first is told by its exit."""
    try:
        with pipe:
            pipe.write(json.dumps(request, ensure_ascii=False).encode() + b"\n")
            for one in columns:
                width = {"f8": "<f8", "u8": "<u8", "words": "<i4"}[one.kind]
                pipe.write(np.ascontiguousarray(one.values, dtype=width).tobytes())
    except OSError:
        return


def _take(pipe: IO[bytes], collected: list[bytes]) -> None:
    size = 0
    while piece := pipe.read1(1024 * 1024):  # type: ignore[attr-defined]
        size += len(piece)
        if size > MOST_OUT:
            return
        collected.append(piece)


def _answer(raw: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        raise CubicleError("died") from None
    failed = answer.get("failed")
    if failed:
        told = {"OutOfMemoryException": "memory", "MemoryError": "memory", "TooManyCells": "cells"}
        raise CubicleError(told.get(failed, "failed"))
    found: dict[str, Any] = answer
    return found


def _cells(answer: Mapping[str, Any], plan: disclosure.Plan) -> list[disclosure.Cell]:
    rows = answer["cells"]
    sketches = np.zeros((plan.figures, len(rows), disclosure.BUCKETS), dtype=np.uint16)
    for place, packed in enumerate(answer["sketches"]):
        cell, bucket, value = (np.frombuffer(base64.b64decode(one), dtype="<u4") for one in packed)
        sketches[place, cell, bucket] = value.astype(np.uint16)
    return [_cell(row, plan, sketches[:, int(row[0])]) for row in rows]


def _cell(row: Sequence[Any], plan: disclosure.Plan, sketches: NDArray[np.uint16]) -> disclosure.Cell:
    values = tuple(None if one is None else str(one) for one in row[1 : 1 + plan.groups])
    people, rest = int(row[1 + plan.groups]), row[2 + plan.groups :]
    figures = []
    for place in range(plan.figures):
        told = [float(one) for one in rest[_WIDTH * place : _WIDTH * (place + 1)]]
        rows, total, squares, most_rows, most, amount, most_squares, contributing, counted = told
        figures.append(
            disclosure.Measured(
                rows=rows,
                total=total,
                squares=squares,
                most_rows=most_rows,
                most=most,
                amount=amount,
                most_squares=most_squares,
                contributing=int(contributing),
                people=int(counted),
                sketch=sketches[place],
            )
        )
    return disclosure.Cell(values, people, tuple(figures))
