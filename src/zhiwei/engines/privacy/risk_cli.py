"""``zhiwei risk``: what a table would give away, and the least coarsening that helps."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from io import StringIO
from pathlib import Path

from zhiwei.engines.privacy.anonymity import RiskReport, Row, measure_risk
from zhiwei.engines.privacy.files import read_text
from zhiwei.engines.privacy.lattice import Generalisation, find_generalisation

MOST_ROWS = 1_000_000


def risk(argv: Sequence[str]) -> int:
    """Measure the re-identification risk of a table; see ``docs/privacy.md``."""
    options = _parser().parse_args(list(argv))
    try:
        rows = read_rows(options.table)
        quasi, sensitive = _names(options.quasi), _names(options.sensitive)
        report = measure_risk(rows, quasi, sensitive, threshold=options.threshold)
        way = (
            find_generalisation(rows, quasi, options.k, most_suppressed=options.suppress)
            if options.k
            else None
        )
    except ValueError as error:
        print(f"zhiwei risk: {error}", file=sys.stderr)
        return 2
    result: dict[str, object] = {
        "file": str(options.table),
        "quasi": quasi,
        "sensitive": sensitive,
        **asdict(report),
    }
    if options.k:
        result["generalisation"] = _describe(way, quasi, sensitive, options.k)
    print(json.dumps(result, ensure_ascii=False) if options.json else _as_table(result))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zhiwei risk", description="Measure the re-identification risk of a table."
    )
    parser.add_argument("table", type=Path, metavar="TABLE.csv")
    parser.add_argument("--quasi", required=True, help="columns an attacker may know, with commas between")
    parser.add_argument("--sensitive", default="", help="columns an attacker wants")
    parser.add_argument("--threshold", type=float, default=0.2, help="risk above which a person counts (0.2)")
    parser.add_argument("--k", type=int, default=0, help="also find the least generalisation that reaches k")
    parser.add_argument("--suppress", type=float, default=0.05, help="share of rows it may leave out (0.05)")
    parser.add_argument("--json", action="store_true")
    return parser


def read_rows(path: Path) -> list[Row]:
    """Rows of a CSV or TSV with a heading; every row must be as long as the heading.

    Raises:
        ValueError: unreadable, empty, ragged, a heading twice, or more than :data:`MOST_ROWS` rows.
    """
    text = read_text(path)
    delimiter = "\t" if path.suffix.lower() in {".tsv", ".xlsx"} else ","
    try:
        rows = [row for row in csv.reader(StringIO(text), delimiter=delimiter) if row]
    except csv.Error as error:
        raise ValueError(f"{path.name}: {error}") from error
    if len(rows) < 2:
        raise ValueError(f"{path.name}: needs a heading and at least one row")
    heading = [cell.strip() for cell in rows[0]]
    if len(set(heading)) < len(heading):
        raise ValueError(f"{path.name}: a heading stands twice")
    if len(rows) > MOST_ROWS:
        raise ValueError(f"{path.name}: more than {MOST_ROWS} rows")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(heading):
            raise ValueError(f"{path.name}: row {number} has {len(row)} cells, the heading {len(heading)}")
    return [dict(zip(heading, (cell.strip() for cell in row), strict=True)) for row in rows[1:]]


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _describe(
    way: Generalisation | None, quasi: Sequence[str], sensitive: Sequence[str], k: int
) -> dict[str, object] | None:
    if way is None:
        return None
    after: RiskReport = measure_risk(way.rows, quasi, sensitive)
    steps = dict(zip(quasi, way.descriptions, strict=True))
    return {"k": k, "columns": steps, "suppressed": way.suppressed, "loss": way.loss, "after": asdict(after)}


def _as_table(result: dict[str, object]) -> str:
    width = max(map(len, result))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in result.items())
