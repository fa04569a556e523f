"""``bench audit``: rows a second into the trail, with and without sealing; rows a second verified."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

PIECE = 200
"""Rows a transaction: a class list that somebody looked at, some times over."""


def main(argv: Sequence[str]) -> int:
    """Measure on a throwaway database; exit 1 when the trail is not whole afterwards."""
    parser = argparse.ArgumentParser(prog="bench audit", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="rows of each run")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="zhiwei-audit-") as folder:
        Path(folder).chmod(0o711)
        os.environ["ZHIWEI_DATA"] = folder
        from zhiwei.config.commands import boot

        with boot.ready():
            figures = _measured(arguments.rows)
    if arguments.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:<44}{value:>12,}")
    return 1 if figures["findings"] else 0


def _measured(rows: int) -> dict[str, int]:
    from zhiwei.kernel.services import sealing

    tenant = _school()
    one_by_one = _rate(1000, lambda: _write(tenant, 1000, 1))
    bulk = _rate(rows, lambda: _write(tenant, rows, PIECE))
    beside = _rate(rows, lambda: _while_sealing(tenant, lambda: _write(tenant, rows, PIECE)))
    sealed_before = sealing.verify_trail().rows
    sealed = _rate(2 * rows + 1000 - sealed_before, lambda: _seal_all(tenant))
    began = time.monotonic()
    report = sealing.verify_trail()
    return {
        "rows/s, one row a transaction": one_by_one,
        f"rows/s, {PIECE} rows a transaction, no sealing": bulk,
        f"rows/s, {PIECE} rows a transaction, while sealing": beside,
        "rows/s sealed": sealed,
        "rows/s verified": round(report.rows / (time.monotonic() - began)),
        "rows verified": report.rows,
        "findings": len(report.findings),
    }


def _school() -> int:
    from zhiwei.kernel import clock, scope
    from zhiwei.kernel.services import organisations
    from zhiwei.kernel.values import OrganisationKind, system_actor

    with scope.everywhere("bench"):
        return organisations.found_organisation(
            actor=system_actor(), now=clock.now(), kind=OrganisationKind.SCHOOL, name="bench"
        )


def _write(tenant: int, rows: int, piece: int) -> None:
    from zhiwei.kernel import audit, clock, scope
    from zhiwei.kernel.values import Actor, Level

    reader = Actor(1, 1, tenant, "bench")
    for _turn in range(rows // piece):
        with scope.entered([tenant]):
            audit.record_reads(
                actor=reader, kind="bench", now=clock.now(), about_ids=range(2, piece + 2), tenant_id=tenant,
                level=Level.PERSONAL,
            )  # fmt: skip


def _while_sealing(tenant: int, work: Callable[[], None]) -> None:
    """Seal without a pause beside the writing: far more often than the worker does."""
    over = threading.Event()

    def seal() -> None:
        from django.db import connections

        while not over.is_set():
            _seal_once(tenant)
        connections.close_all()

    sealer = threading.Thread(target=seal)
    sealer.start()
    try:
        work()
    finally:
        over.set()
        sealer.join()


def _seal_once(tenant: int) -> int:
    from zhiwei.kernel import clock
    from zhiwei.kernel.services import sealing

    return sealing.seal_trail(tenant_id=tenant, now=clock.now() + timedelta(minutes=10))


def _seal_all(tenant: int) -> None:
    while _seal_once(tenant):
        continue


def _rate(rows: int, work: Callable[[], None]) -> int:
    began = time.monotonic()
    work()
    return round(rows / (time.monotonic() - began))
