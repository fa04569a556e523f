"""Read graphs from JSON documents and from rows (CSV, a spreadsheet, a database)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from zhiwei.engines.knowledge.values import (
    COGNITIVE_LEVELS,
    STAGES,
    Graph,
    GraphError,
    Misconception,
    Point,
    UnitRef,
)

MAX_CHARACTERS = 20_000_000
MAX_POINTS = 50_000
_KEY = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+){2,5}")
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def graph_from_json(text: str) -> Graph:
    """Read one graph document (see ``docs/curriculum-data.md``).

    Raises:
        GraphError: Not JSON, too large, or a point is malformed; names the point and field.
    """
    if len(text) > MAX_CHARACTERS:
        raise GraphError(f"the document is larger than {MAX_CHARACTERS} characters")
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise GraphError(f"not a JSON document: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("points"), list):
        raise GraphError("the document needs a list 'points'")
    return graph_from_rows(
        document["points"],
        edition=str(document.get("edition", "")),
        title=str(document.get("title", "")),
        licence=str(document.get("licence", "")),
    )


def graph_from_rows(
    rows: Iterable[Mapping[str, object]], *, edition: str, title: str = "", licence: str = ""
) -> Graph:
    """Build a graph from point records; keys must be unique.

    Raises:
        GraphError: A record is malformed, or a key comes twice.
    """
    points: dict[str, Point] = {}
    for number, row in enumerate(rows, start=1):
        if number > MAX_POINTS:
            raise GraphError(f"more than {MAX_POINTS} points")
        if not isinstance(row, Mapping):
            raise GraphError(f"point {number}: not an object")
        point = point_from_row(row, where=f"point {number}")
        if point.key in points:
            raise GraphError(f"point {number}: the key '{point.key}' comes twice")
        points[point.key] = point
    return Graph(edition=edition, points=points, title=title, licence=licence)


def merge_graphs(graphs: Sequence[Graph], *, edition: str) -> Graph:
    """Put several graphs (one a subject) into one, so that references across files can be followed.

    Raises:
        GraphError: Two graphs hold the same key.
    """
    points: dict[str, Point] = {}
    for graph in graphs:
        for key, point in graph.points.items():
            if key in points:
                raise GraphError(f"the key '{key}' is in two graphs")
            points[key] = point
    return Graph(edition=edition, points=points)


def point_from_row(row: Mapping[str, object], *, where: str = "point") -> Point:
    """Read one point.

    Raises:
        GraphError: A field is missing or has the wrong kind; names it.
    """
    key = _text(row, "key", where, required=True)
    if not _KEY.fullmatch(key):
        raise GraphError(f"{where}: '{key}' is not a key like subject.grade.topic.point")
    where = f"{where} ({key})"
    return Point(
        key=key,
        name=_text(row, "name", where, required=True),
        definition=_text(row, "definition", where),
        subject=_text(row, "subject", where) or key.split(".")[0],
        stage=_one_of(row, "stage", STAGES, where, "junior"),
        grade=_grade(row, where),
        domain=_text(row, "domain", where),
        name_en=_text(row, "name_en", where),
        prerequisites=_texts(row, "prerequisites", where),
        competencies=_texts(row, "competencies", where),
        cognitive_level=_one_of(row, "cognitive_level", COGNITIVE_LEVELS, where, "understand"),
        units=tuple(_unit(unit, where) for unit in _objects(row, "units", where)),
        misconceptions=tuple(_misconception(m, where) for m in _objects(row, "misconceptions", where)),
    )


def _text(row: Mapping[str, object], name: str, where: str, *, required: bool = False) -> str:
    value = row.get(name, "")
    if not isinstance(value, str) or (required and not value.strip()):
        raise GraphError(f"{where}: '{name}' must be a text" + (" that is not empty" if required else ""))
    return value.strip()


def _one_of(row: Mapping[str, object], name: str, allowed: Sequence[str], where: str, default: str) -> str:
    value = _text(row, name, where) or default
    if value not in allowed:
        raise GraphError(f"{where}: '{name}' is '{value}', not one of {', '.join(allowed)}")
    return value


def _grade(row: Mapping[str, object], where: str) -> int:
    value = row.get("grade")
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 12:
        raise GraphError(f"{where}: 'grade' must be a whole number from 1 to 12")
    return value


def _texts(row: Mapping[str, object], name: str, where: str) -> tuple[str, ...]:
    value = row.get(name, [])
    if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
        raise GraphError(f"{where}: '{name}' must be a list of texts")
    return tuple(cast(Sequence[str], value))


def _objects(row: Mapping[str, object], name: str, where: str) -> Sequence[Mapping[str, object]]:
    value = row.get(name, [])
    if not isinstance(value, list | tuple) or not all(isinstance(v, Mapping) for v in value):
        raise GraphError(f"{where}: '{name}' must be a list of objects")
    return cast(Sequence[Mapping[str, object]], value)


def _unit(row: Mapping[str, object], where: str) -> UnitRef:
    where = f"{where}, units"
    return UnitRef(
        _text(row, "publisher", where, required=True),
        _text(row, "volume", where),
        _text(row, "unit", where, required=True),
    )


def _misconception(row: Mapping[str, object], where: str) -> Misconception:
    where = f"{where}, misconceptions"
    code = _text(row, "code", where, required=True)
    if not _CODE.fullmatch(code):
        raise GraphError(f"{where}: '{code}' is not a code like sign-lost")
    return Misconception(code, _text(row, "description", where, required=True), _text(row, "wrong", where))
