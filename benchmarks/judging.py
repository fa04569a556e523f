"""The judging table: one section per data set, alone or all in one run.

    python -m benchmarks.judging [--only sas,aes,zh,seb,beetle,steps,maths,closed,throughput,calibration,abuse]
                                 [--quick] [--json]

Each section takes less than eight minutes on one core and prints every figure beside the floor, the aim, and a peer
measured on the same answers in the same run.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
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


def section(name: str) -> Callable[[Path, bool], list[Row]]:
    """The function that measures one section."""
    module, function = SECTIONS[name].split(":")
    return cast(Callable[[Path, bool], list[Row]], getattr(import_module(f"benchmarks.{module}"), function))


def main(argv: Sequence[str]) -> int:
    """Measure and print; 2 for a section that is not there, 3 when a data set is missing."""
    parser = argparse.ArgumentParser(description="Measure the judging engines.")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, separated by commas")
    parser.add_argument("--quick", action="store_true", help="fewer answers, for a first look")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    names = options.only.split(",")
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        print(f"no section {unknown[0]!r}; there are {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    found: list[Row] = []
    status = 0
    for name in names:
        began = time.process_time()
        try:
            found += section(name)(data_folder(), options.quick)
        except MissingDataError as error:
            print(f"{name}: {error}", file=sys.stderr)
            status = 3
        print(f"{name}: {time.process_time() - began:.0f} s of processor time", file=sys.stderr)
    print(json.dumps(as_json(found), ensure_ascii=False, indent=1) if options.json else table(found))
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
