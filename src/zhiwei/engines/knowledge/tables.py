"""Graphs as CSV: one row a point, lists joined by ``|``, so that a teacher can edit it in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from zhiwei.engines.knowledge.reading import MAX_CHARACTERS, graph_from_rows
from zhiwei.engines.knowledge.values import Graph, GraphError, Point

COLUMNS = (
    "key",
    "name",
    "name_en",
    "definition",
    "subject",
    "stage",
    "grade",
    "domain",
    "prerequisites",
    "competencies",
    "cognitive_level",
    "units",
    "misconceptions",
)
_LIST, _PART, _ESCAPE = "|", "¦", "\\"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


def graph_to_csv(graph: Graph) -> str:
    """Write a graph as CSV with a header line.

    A text that a spreadsheet would take for a formula gets a leading apostrophe; reading removes it again.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for point in graph.points.values():
        writer.writerow([_guard(cell) for cell in _cells(point)])
    return out.getvalue()


def graph_from_csv(text: str, *, edition: str, title: str = "", licence: str = "") -> Graph:
    """Read what :func:`graph_to_csv` wrote, or a table with at least ``key``, ``name`` and ``grade``.

    Raises:
        GraphError: A column is missing or unknown, or a row is malformed; names the row.
    """
    if len(text) > MAX_CHARACTERS:
        raise GraphError(f"the table is larger than {MAX_CHARACTERS} characters")
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        _check_columns(list(reader.fieldnames or ()))
        rows = [_row(number, row) for number, row in enumerate(reader, start=2)]
    except csv.Error as error:
        raise GraphError(f"line {reader.line_num}: {error}") from error
    return graph_from_rows(rows, edition=edition, title=title, licence=licence)


def _check_columns(found: list[str]) -> None:
    unknown = [name for name in found if name not in COLUMNS]
    missing = [name for name in ("key", "name", "grade") if name not in found]
    if unknown or missing:
        problem = f"unknown column '{unknown[0]}'" if unknown else f"column '{missing[0]}' is missing"
        raise GraphError(f"header: {problem}")


def _cells(point: Point) -> list[str]:
    units = [_join([u.publisher, u.volume, u.unit], _PART) for u in point.units]
    wrong_ideas = [_join([m.code, m.description, m.wrong], _PART) for m in point.misconceptions]
    return [
        point.key,
        point.name,
        point.name_en,
        point.definition,
        point.subject,
        point.stage,
        str(point.grade),
        point.domain,
        _join(point.prerequisites, _LIST),
        _join(point.competencies, _LIST),
        point.cognitive_level,
        _join(units, _LIST),
        _join(wrong_ideas, _LIST),
    ]


def _row(number: int, row: Mapping[str | None, str | list[str] | None]) -> dict[str, object]:
    if None in row:
        raise GraphError(f"row {number}: more cells than columns")
    cells = {str(name): _unguard(value) for name, value in row.items() if isinstance(value, str)}
    record: dict[str, object] = dict(cells)
    for name in ("prerequisites", "competencies"):
        record[name] = _split(cells.get(name, ""), _LIST)
    record["units"] = _records(cells.get("units", ""), ("publisher", "volume", "unit"))
    record["misconceptions"] = _records(cells.get("misconceptions", ""), ("code", "description", "wrong"))
    return record


def _records(cell: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    return [dict(zip(names, _split(part, _PART), strict=False)) for part in _split(cell, _LIST)]


def _join(parts: tuple[str, ...] | list[str], by: str) -> str:
    return by.join(part.replace(_ESCAPE, _ESCAPE * 2).replace(by, _ESCAPE + by) for part in parts)


def _split(cell: str, by: str) -> list[str]:
    parts, current, escaped = [], "", False
    for character in cell:
        if escaped:
            current += character
            escaped = False
        elif character == _ESCAPE:
            escaped = True
        elif character == by:
            parts.append(current)
            current = ""
        else:
            current += character
    return [*parts, current] if cell else []


def _guard(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA_STARTS) else cell


def _unguard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell
