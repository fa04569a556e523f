"""A piece of a source becomes typed Parquet: what does not fit is kept apart, as it was, with every reason."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zhiwei.engines.intake.values import Converted, Field, Kind, RawColumn, Reason, Row

if TYPE_CHECKING:
    import duckdb

BLANKS = " \t\r\n\u00a0\u3000"
_BETWEEN, _WITHIN = "\x1e", "\x1f"
_LINE = 16 * 1024 * 1024
_TYPES = {
    Kind.TEXT: "VARCHAR", Kind.CODE: "VARCHAR", Kind.INTEGER: "BIGINT", Kind.NUMBER: "DOUBLE", Kind.DATE: "DATE",
    Kind.TIME: "TIMESTAMP",
}  # fmt: skip
_REFUSED = {
    Kind.INTEGER: Reason.NOT_INTEGER, Kind.NUMBER: Reason.NOT_NUMBER, Kind.DATE: Reason.NOT_DATE,
    Kind.TIME: Reason.NOT_TIME, Kind.CODE: Reason.NOT_CODE,
}  # fmt: skip
_DAY = r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?([ T].*)?$"


def convert(
    rows: Iterable[Row],
    columns: Sequence[RawColumn],
    fields: Sequence[Field],
    *,
    work: Path,
    name: str = "part",
) -> Converted:
    """Convert rows; two Parquet files are written to ``work``.

    Accepted rows have ``_row`` (the number at the source) and the fields; rejected ones ``_row``, ``_reasons``
    and the raw columns ``c0``, ``c1``, ….
    """
    import duckdb

    raw = work / f"{name}.csv"
    last = _write_raw(rows, raw, len(columns))
    with duckdb.connect(":memory:", config={"memory_limit": "512MB", "threads": 2}) as database:
        database.execute(f"set temp_directory = {_text(str(work / 'spill'))}")
        database.execute("set enable_progress_bar = false")
        return _converted(database, raw, columns, fields, work / name, last)


def reasons_of(told: str) -> list[tuple[str, Reason]]:
    """Return a rejected row's reasons as ``(field, reason)``."""
    pairs = (one.split(_WITHIN) for one in told.split(_BETWEEN) if one)
    return [(field, Reason(reason)) for field, reason in pairs]


def row_numbers(piece: Path, *, offset: int, limit: int) -> list[int]:
    """Return the numbers of a piece's rows at a place, in order."""
    import duckdb

    with duckdb.connect(":memory:", config={"memory_limit": "256MB", "threads": 1}) as database:
        found = database.execute(
            f"select _row from read_parquet({_text(str(piece))}) order by _row limit {int(limit)} offset {int(offset)}"
        ).fetchall()
    return [int(row[0]) for row in found]


def _converted(
    database: duckdb.DuckDBPyConnection,
    raw: Path,
    columns: Sequence[RawColumn],
    fields: Sequence[Field],
    target: Path,
    last: int,
) -> Converted:
    accepted, rejected = target.with_suffix(".parquet"), target.with_suffix(".rejected.parquet")
    cells = [f"c{place}" for place in range(len(columns))]
    told = ", ".join(f"{_text(one)}: 'VARCHAR'" for one in cells)
    trimmed = ", ".join(f"nullif(trim({one}, {_text(BLANKS)}), '') as {one}" for one in cells)
    values = ", ".join(f"{_value(one)} as v{place}" for place, one in enumerate(fields))
    refused = ", ".join(sql for place, one in enumerate(fields) for sql in _refusals(place, one))
    short = f"case when _cells > {len(columns)} then {_reason('', Reason.CELLS)} end"
    database.execute(
        f"create table staged as select *, concat_ws({_text(_BETWEEN)}, {short}, {refused}) as _reasons from "
        f"(select *, {values} from (select _row, _cells, {trimmed} from read_csv({_text(str(raw))}, header = false, "
        f"auto_detect = false, delim = ',', new_line = '\\n', quote = '\"', escape = '\"', max_line_size = {_LINE}, "
        f"columns = {{'_row': 'BIGINT', '_cells': 'BIGINT', {told}}}, nullstr = '')))"
    )
    chosen = ", ".join(f"v{place} as {_name(one.name)}" for place, one in enumerate(fields))
    _copy(database, f"select _row, {chosen} from staged where _reasons = '' order by _row", accepted)
    _copy(
        database,
        f"select _row, _reasons, {', '.join(cells)} from staged where _reasons <> '' order by _row",
        rejected,
    )
    raw.unlink()
    good, bad = database.execute(
        "select count(*) filter (where _reasons = ''), count(*) filter (where _reasons <> '') from staged"
    ).fetchone() or (0, 0)
    return Converted(accepted, rejected, int(good), int(bad), _counted(database), last)


def _write_raw(rows: Iterable[Row], raw: Path, columns: int) -> int:
    """Write rows as one known dialect; rows that are too short are filled up, too long ones cut and remembered."""
    last = 0
    with raw.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for number, cells in rows:
            filled = [(one or "").replace("\0", "") for one in cells[:columns]]
            used = len(cells) if any(cells[columns:]) else min(len(cells), columns)
            writer.writerow([number, used, *filled, *([""] * (columns - len(filled)))])
            last = number
    return last


def _copy(database: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    database.execute(f"copy ({query}) to {_text(str(target))} (format parquet, compression zstd)")


def _counted(database: duckdb.DuckDBPyConnection) -> dict[tuple[str, Reason], int]:
    found = database.execute(
        f"select one, count(*) from (select unnest(string_split(_reasons, {_text(_BETWEEN)})) as one from staged "
        "where _reasons <> '') group by one"
    ).fetchall()
    return {reasons_of(str(told))[0]: int(many) for told, many in found}


def _value(field: Field) -> str:
    cell = f"c{field.place}"
    if field.kind is Kind.DATE:
        return _date(cell, serial=field.serial)
    if field.kind is Kind.TIME:
        return f"try_cast(regexp_replace({cell}, {_text(_DAY)}, '\\1-\\2-\\3\\4') as timestamp)"
    if field.kind is Kind.CODE:
        return f"({_codes(field)})[{cell}]"
    if field.kind is Kind.TEXT:
        return cell
    number = f"replace(replace({cell}, ',', ''), '，', '')"
    real = f"try_cast({number} as double)"
    finite = f"case when isfinite({real}) then {{}} end"
    if field.kind is Kind.NUMBER:
        return finite.format(real)
    return f"case when isfinite({real}) and {real} = floor({real}) then try_cast({number} as bigint) end"


def _date(cell: str, *, serial: bool) -> str:
    written = f"try_cast(regexp_replace({cell}, {_text(_DAY)}, '\\1-\\2-\\3') as date)"
    eight = f"regexp_replace({cell}, '^(\\d{{4}})(\\d{{2}})(\\d{{2}})$', '\\1-\\2-\\3')"
    kept = (
        f"when regexp_full_match({cell}, '\\d{{5}}') then date '1899-12-30' + {cell}::int " if serial else ""
    )
    return f"case {kept}when regexp_full_match({cell}, '\\d{{8}}') then try_cast({eight} as date) else {written} end"


def _codes(field: Field) -> str:
    pairs = ", ".join(f"{_text(word)}: {_text(code)}" for word, code in field.codes.items())
    return f"map {{{pairs}}}" if pairs else "map([]::varchar[], []::varchar[])"


def _refusals(place: int, field: Field) -> list[str]:
    cell, found = f"c{field.place}", []
    if field.required:
        found.append(f"case when {cell} is null then {_reason(field.name, Reason.REQUIRED)} end")
    if field.kind in _REFUSED:
        reason = _reason(field.name, _REFUSED[field.kind])
        found.append(f"case when {cell} is not null and v{place} is null then {reason} end")
    else:
        reason = _reason(field.name, Reason.TOO_LONG)
        found.append(f"case when length({cell}) > {int(field.longest)} then {reason} end")
    return found


def _reason(field: str, reason: Reason) -> str:
    return _text(f"{field}{_WITHIN}{reason}")


def _text(value: str) -> str:
    return "'" + value.replace("\0", "").replace("'", "''") + "'"


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
