"""One person leaves what was brought in: rows that name them are taken out of the Parquet pieces."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

_LONG = 6
"""From so many characters a term names the person also inside a longer text; shorter ones (names) as a whole cell."""


def forget(piece: Path, terms: Sequence[str], target: Path) -> int:
    """Write a piece without the rows that name a person; returns how many rows went (0 writes nothing).

    Args:
        terms: Name, number, phone and the like.
    """
    import duckdb

    with duckdb.connect(":memory:", config={"memory_limit": "512MB", "threads": 1}) as database:
        database.execute("set enable_progress_bar = false")
        relation = f"read_parquet({_text(str(piece))})"
        columns = [str(row[0]) for row in database.execute(f"describe select * from {relation}").fetchall()]
        named = _named([one for one in columns if one not in {"_row", "_reasons"}], terms)
        found = database.execute(f"select count(*) from {relation} where {named}").fetchone()
        gone = int(found[0]) if found else 0
        if gone:
            database.execute(
                f"copy (select * from {relation} where not ({named}) order by _row) to {_text(str(target))} "
                "(format parquet, compression zstd)"
            )
    return gone


def _named(columns: Sequence[str], terms: Sequence[str]) -> str:
    tests = [
        f"contains({cell}, {_text(term)})" if len(term) >= _LONG else f"{cell} = {_text(term)}"
        for cell in (f"coalesce({_name(one)}::varchar, '')" for one in columns)
        for term in terms
        if term
    ]
    return " or ".join(tests) or "false"


def _text(value: str) -> str:
    return "'" + value.replace("\0", "").replace("'", "''") + "'"


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
