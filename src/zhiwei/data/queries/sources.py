"""What the pages of bringing in show, and the lines that sources give the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from zhiwei.data.access_sources import sources_in_reach
from zhiwei.data.models import Intake, Source
from zhiwei.data.services.opening import fetched, workplace
from zhiwei.data.services.sources import engine_fields, fields_of, origin_of
from zhiwei.data.values import CatalogueField, SourceField, SourceState
from zhiwei.engines import intake as engine
from zhiwei.engines.quality import Table, rows_at
from zhiwei.kernel import files
from zhiwei.kernel.values import Actor, Level, Verb


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a source as it was read: tables to choose from, first rows, what each column may be."""

    tables: list[str]
    rows: list[list[str | None]]
    suggestions: list[engine.Suggestion]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A rejected row: its number at the source, why, its cells as they were."""

    row: int
    reasons: list[tuple[str, str]]
    cells: tuple[str | None, ...]


def catalogue_lines(actor: Actor) -> Iterator[CatalogueField]:
    """Yield two lines for each field brought in: the column outside, and the field made from it.

    Nothing for an actor of no place (the command line): it asks no database.
    """
    if not actor.tenants:
        return
    for row in sources_in_reach(actor, Verb.LIST).filter(state=SourceState.READY).order_by("pk"):
        key, owner = f"source.{row.uuid}", row.owner.name if row.owner else "—"
        for one in fields_of(row.fields):
            column = row.columns[one.place]
            outside = CatalogueField(
                key=f"outside.{row.uuid}.{one.place}",
                kind="outside",
                owner=owner,
                table=f"outside.{row.uuid}",
                table_meaning=origin_of(row),
                name=str(column["title"]),
                meaning=str(column["title"]),
                type=str(column["type"]),
                level=Level(one.level),
                retention=row.retention,
            )
            yield outside
            yield replace(
                outside,
                key=f"{key}.{one.place}",
                kind="source",
                table=key,
                table_meaning=row.name,
                name=one.name,
                meaning=one.element or one.name,
                type=one.kind,
                sources=(outside.key,),
                person=one.level >= Level.PERSONAL,
            )


def head_of(source: Source) -> Head:
    """Return the head of a source; an empty one when nothing was read."""
    if source.sample_id is None:
        return Head([], [], [])
    told: dict[str, Any] = json.loads(files.read(source.sample_id))
    suggestions = [engine.Suggestion(a, b, engine.Kind(c), d) for a, b, c, d in told["suggestions"]]
    return Head(told["tables"], told["rows"], suggestions)


def suggested_fields(source: Source, head: Head) -> list[SourceField]:
    """Return the fields as they stand, or as suggested before anybody has looked."""
    if source.fields:
        return fields_of(source.fields)
    known = engine.elements()
    return [
        SourceField(
            place,
            one.element or str(column["title"]),
            one.element,
            str(one.kind),
            one.level,
            codes=known[one.element].codes if one.element else "",
        )
        for place, (column, one) in enumerate(zip(source.columns, head.suggestions, strict=True))
    ]


def preview(
    source: Source, head: Head, fields: Sequence[SourceField]
) -> tuple[list[tuple[str | None, ...]], list[Rejected]]:
    """Return the first rows as they would be brought in, and those that would be rejected."""
    columns = [engine.RawColumn(str(one["title"]), str(one["type"])) for one in source.columns]
    chosen = engine_fields(fields, serial=bool(head.tables))
    with workplace() as folder:
        rows = [(number, cells) for number, cells in enumerate(head.rows, start=2)]
        made = engine.convert(rows, columns, chosen, work=folder)
        numbers = [number for number, _cells in rows]
        names = [one.name for one in fields]
        good = rows_at(Table((made.accepted_file,)), numbers, names, work=folder)
        bad = _rejected(Table((made.rejected_file,)), numbers, len(columns), folder)
    return list(good.values()), bad


def rejected_rows(row: Intake, *, offset: int, limit: int) -> list[Rejected]:
    """Return a page of the rejected rows of one bringing-in, in their order."""
    found: list[Rejected] = []
    skip = offset
    for part in row.parts.filter(rejected__gt=0, rejected_file__isnull=False).order_by("number"):
        if skip >= part.rejected:
            skip -= part.rejected
            continue
        with workplace() as folder:
            piece = fetched(part.rejected_file_id or 0, folder, "rejected.parquet")
            found += _page(Table((piece,)), skip, limit - len(found), len(row.columns), folder)
        skip = 0
        if len(found) >= limit:
            break
    return found


def _page(table: Table, skip: int, limit: int, columns: int, folder: Path) -> list[Rejected]:
    numbers = engine.row_numbers(table.parts[0], offset=skip, limit=limit)
    return _rejected(table, numbers, columns, folder)


def _rejected(table: Table, numbers: Sequence[int], columns: int, folder: Path) -> list[Rejected]:
    cells = ["_reasons", *(f"c{place}" for place in range(columns))]
    found = rows_at(table, numbers, cells, work=folder)
    return [
        Rejected(number, [(field, str(why)) for field, why in engine.reasons_of(str(row[0]))], row[1:])
        for number, row in found.items()
    ]
