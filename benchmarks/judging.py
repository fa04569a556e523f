"""The judging table: one section per data set, alone or all in one run.

    python -m benchmarks.judging [--only sas,aes,zh,seb,beetle,steps,maths,closed,throughput,calibration,abuse]
                                 [--quick] [--workers 2] [--json]

Every figure stands beside the floor, the aim, and a peer measured on the same answers in the same run. Sections run
side by side in as many processes as ``--workers`` says, each on one core; speeds are measured last and alone.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from benchmarks.judging_frame import MissingDataError, Row, as_json, data_folder, table

SECTIONS = {
    "closed": "judging_closed:rows",
    "maths": "judging_maths:rows",
    "steps": "judging_steps:rows",
    "sas": "judging_answers:rows",
    "seb": "judging_semeval:scientsbank",
    "beetle": "judging_semeval:beetle",
    "aes": "judging_essays:english_rows",
    "zh": "judging_essays:chinese_rows",
    "calibration": "judging_calibration:rows",
    "throughput": "judging_throughput:rows",
    "abuse": "judging_abuse:rows",
}
LONGEST_FIRST = ("sas", "aes", "seb", "beetle", "calibration", "maths", "zh", "abuse", "closed", "steps")
ALONE = "throughput"
"""Speed is measured when nothing else runs."""


def section(name: str) -> Callable[[Path, bool], list[Row]]:
    """The function that measures one section."""
    module, function = SECTIONS[name].split(":")
    return cast(Callable[[Path, bool], list[Row]], getattr(import_module(f"benchmarks.{module}"), function))


@dataclass(frozen=True, slots=True)
class Done:
    """The rows of one section, the processor seconds it took, and what was missing (empty: nothing)."""

    rows: list[Row]
    seconds: float
    missing: str = ""


def measured(name: str, quick: bool) -> Done:
    """Measure one section; runs in a process of its own."""
    began = time.process_time()
    try:
        rows = section(name)(data_folder(), quick)
    except MissingDataError as error:
        return Done([], time.process_time() - began, str(error))
    return Done(rows, time.process_time() - began)


def run(names: Sequence[str], quick: bool, workers: int) -> dict[str, Done]:
    """Measure the sections, the longest first; speeds last and alone."""
    together = [name for name in LONGEST_FIRST if name in names]
    alone = [name for name in names if name == ALONE]
    if workers < 2 or len(together) < 2:
        return {name: _told(name, measured(name, quick)) for name in (*together, *alone)}
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    found: dict[str, Done] = {}
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting: dict[str, Future[Done]] = {name: pool.submit(measured, name, quick) for name in together}
        for name, future in waiting.items():
            found[name] = _told(name, future.result())
    return found | {name: _told(name, measured(name, quick)) for name in alone}


def _told(name: str, done: Done) -> Done:
    """Say at once what a section took, so that a long run shows its progress."""
    print(f"{name}: {done.missing or f'{done.seconds:.0f} s of processor time'}", file=sys.stderr, flush=True)
    return done


def main(argv: Sequence[str]) -> int:
    """Measure and print; 2 for a section that is not there, 3 when a data set is missing."""
    parser = argparse.ArgumentParser(description="Measure the judging engines.")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, separated by commas")
    parser.add_argument("--quick", action="store_true", help="fewer answers, for a first look")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="sections at a time")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    names = options.only.split(",")
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        print(f"no section {unknown[0]!r}; there are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    began = time.perf_counter()
    done = run(names, options.quick, options.workers)
    rows = [row for name in names for row in done[name].rows]
    print(f"together: {(time.perf_counter() - began) / 60:.1f} minutes by the clock", file=sys.stderr)
    print(json.dumps(as_json(rows), ensure_ascii=False, indent=1) if options.json else table(rows))
    return 3 if any(one.missing for one in done.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
