"""``zhiwei catalogue``: the data dictionary as CSV, from the code alone (no database is asked)."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path


def main(argv: Sequence[str]) -> int:
    """Write every field of every table and data product."""
    parser = argparse.ArgumentParser(prog="zhiwei catalogue", description="the data dictionary as CSV")
    parser.add_argument("--out", type=Path, help="file to write; standard output when left out")
    chosen = parser.parse_args(argv)
    text = dictionary()
    if chosen.out is None:
        sys.stdout.write(text)
        return 0
    try:
        chosen.out.write_text(text, encoding="utf-8-sig", newline="")
    except OSError as error:
        print(f"zhiwei catalogue: {chosen.out}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


def dictionary() -> str:
    """Return the dictionary in Chinese."""
    from zhiwei.config.commands import boot

    boot.setup()
    from django.utils import translation

    from zhiwei.data.queries.catalogue import all_fields
    from zhiwei.data.web.catalogue import dictionary_headings, dictionary_row
    from zhiwei.kernel.values import system_actor

    out = StringIO()
    with translation.override("zh-hans"):
        writer = csv.writer(out)
        writer.writerow(dictionary_headings())
        writer.writerows(dictionary_row(line) for line in all_fields(system_actor()))
    return out.getvalue()
