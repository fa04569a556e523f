"""Tables that leave as Parquet: DuckDB turns JSONL into it in bounded memory, without network or other files."""

from __future__ import annotations

from pathlib import Path

from zhiwei.engines.corpora import Table

_TYPES = {
    "string": "VARCHAR",
    "number": "DOUBLE",
    "integer": "BIGINT",
    "object": "VARCHAR",
    "array": "VARCHAR",
}
MEMORY = "512MB"


def parquet_from(jsonl: Path, target: Path, table: Table) -> None:
    """Write a table's JSONL as Parquet (zstd); objects and lists stay JSON texts."""
    import duckdb

    columns = ", ".join(f"'{one.name}': '{_TYPES[one.type]}'" for one in table.columns)
    wanted = ", ".join(f'"{one.name}"' for one in table.columns)
    with duckdb.connect(":memory:", config={"memory_limit": MEMORY, "threads": 2}) as database:
        database.execute("set preserve_insertion_order = true")
        database.execute(f"set temp_directory = '{_quoted(target.parent / 'spill')}'")
        database.execute(
            f"copy (select {wanted} from read_json('{_quoted(jsonl)}', format = 'newline_delimited', "  # noqa: S608
            f"columns = {{{columns}}}, maximum_object_size = 33554432)) "
            f"to '{_quoted(target)}' (format parquet, compression zstd)"
        )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
