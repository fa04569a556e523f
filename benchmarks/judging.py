"""The judging table: one section per data set, each in its own module, all in one run.

    python -m benchmarks.judging [--only closed,maths] [--quick] [--json]

A section is a module ``benchmarks.judging_<name>`` with ``rows(data: Path, quick: bool) -> list[Row]``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from benchmarks.judging_frame import MissingDataError, Row, as_json, data_folder, table

SECTIONS = ("closed", "maths", "answers", "essays")


def main(argv: Sequence[str]) -> int:
    """Measure and print; 3 when a data set is missing."""
    parser = argparse.ArgumentParser(description="Measure the judging engines.")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, separated by commas")
    parser.add_argument("--quick", action="store_true", help="fewer answers, for a first look")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    found: list[Row] = []
    status = 0
    for name in options.only.split(","):
        if find_spec(f"benchmarks.judging_{name}") is None:
            print(f"no section '{name}'", file=sys.stderr)
            continue
        try:
            found += import_module(f"benchmarks.judging_{name}").rows(data_folder(), options.quick)
        except MissingDataError as error:
            print(f"{name}: {error}", file=sys.stderr)
            status = 3
    print(json.dumps(as_json(found), ensure_ascii=False, indent=1) if options.json else table(found))
    return status


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
