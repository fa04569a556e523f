"""Graphs as 1EdTech CASE 1.0 packages (CFPackage), the exchange format of standards frameworks.

CASE 1.0 has no place for textbook units, misconceptions or cognitive levels; these stay behind on export.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import cast

from zhiwei.engines.knowledge.reading import MAX_CHARACTERS, graph_from_rows
from zhiwei.engines.knowledge.values import Graph, GraphError, Point

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:zhiwei:case")
Json = dict[str, object]


def graph_to_case(graph: Graph, *, changed_at: str, creator: str, base_uri: str = "urn:uuid:") -> str:
    """Write a CFPackage.

    Args:
        graph: The graph; prerequisites become ``precedes`` associations.
        changed_at: ISO 8601 instant for ``lastChangeDateTime`` (time is passed in).
        creator: Who publishes it.
        base_uri: Put before each identifier to make its URI.

    Source: 1EdTech, Competencies and Academic Standards Exchange 1.0, information model, 2017.
    """
    document_id = _identifier("document", graph.edition, graph.title)
    document: Json = {
        "identifier": document_id,
        "uri": base_uri + document_id,
        "creator": creator,
        "title": graph.title or graph.edition,
        "version": graph.edition,
        "adoptionStatus": "Adopted",
        "language": "zh",
        "lastChangeDateTime": changed_at,
        "CFPackageURI": _link(base_uri, _identifier("package", graph.edition, graph.title), "CFPackage"),
    }
    if graph.licence:
        document["notes"] = f"Licence: {graph.licence}"
    package = {
        "CFDocument": document,
        "CFItems": [_item(point, changed_at, base_uri) for point in graph.points.values()],
        "CFAssociations": _associations(graph, changed_at, base_uri),
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def graph_from_case(text: str) -> Graph:
    """Read a CFPackage whose items carry dotted keys in ``humanCodingScheme``.

    Raises:
        GraphError: Not a CFPackage, or an item or association is malformed; names it.
    """
    if len(text) > MAX_CHARACTERS:
        raise GraphError(f"the package is larger than {MAX_CHARACTERS} characters")
    try:
        package = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise GraphError(f"not a JSON document: {error}") from error
    if not isinstance(package, dict) or not isinstance(package.get("CFDocument"), dict):
        raise GraphError("the package needs a 'CFDocument'")
    document = cast(Json, package["CFDocument"])
    items = _objects(package, "CFItems")
    key_of = {str(item.get("identifier")): str(item.get("humanCodingScheme", "")) for item in items}
    needed = _needed(_objects(package, "CFAssociations"), key_of)
    return graph_from_rows(
        [_row(item, needed) for item in items],
        edition=str(document.get("version", "")),
        title=str(document.get("title", "")),
        licence=str(document.get("notes", "")).removeprefix("Licence: "),
    )


def _identifier(*parts: str) -> str:
    return str(uuid.uuid5(NAMESPACE, "\n".join(parts)))


def _point_id(key: str) -> str:
    return _identifier("point", key)


def _link(base_uri: str, identifier: str, title: str) -> Json:
    return {"title": title, "identifier": identifier, "uri": base_uri + identifier}


def _item(point: Point, changed_at: str, base_uri: str) -> Json:
    identifier = _point_id(point.key)
    item: Json = {
        "identifier": identifier,
        "uri": base_uri + identifier,
        "fullStatement": point.definition or point.name,
        "abbreviatedStatement": point.name,
        "humanCodingScheme": point.key,
        "CFItemType": "Knowledge Point",
        "conceptKeywords": [*point.competencies],
        "educationLevel": [f"{point.grade:02d}"],
        "language": "zh",
        "lastChangeDateTime": changed_at,
    }
    if point.name_en:
        item["alternativeLabel"] = point.name_en
    if point.domain:
        item["notes"] = point.domain
    return item


def _associations(graph: Graph, changed_at: str, base_uri: str) -> list[Json]:
    return [
        {
            "identifier": _identifier("precedes", before, point.key),
            "uri": base_uri + _identifier("precedes", before, point.key),
            "associationType": "precedes",
            "originNodeURI": _link(base_uri, _point_id(before), before),
            "destinationNodeURI": _link(base_uri, _point_id(point.key), point.key),
            "lastChangeDateTime": changed_at,
        }
        for point in graph.points.values()
        for before in point.prerequisites
    ]


def _objects(package: Mapping[str, object], name: str) -> Sequence[Json]:
    value = package.get(name, [])
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        raise GraphError(f"'{name}' must be a list of objects")
    return cast(Sequence[Json], value)


def _needed(associations: Sequence[Json], key_of: Mapping[str, str]) -> dict[str, list[str]]:
    needed: dict[str, list[str]] = {}
    for number, association in enumerate(associations, start=1):
        if association.get("associationType") != "precedes":
            continue
        origin = _node_key(association, "originNodeURI", key_of, number)
        destination = _node_key(association, "destinationNodeURI", key_of, number)
        needed.setdefault(destination, []).append(origin)
    return needed


def _node_key(association: Json, name: str, key_of: Mapping[str, str], number: int) -> str:
    node = association.get(name)
    if not isinstance(node, dict):
        raise GraphError(f"association {number}: '{name}' must be an object")
    return key_of.get(str(node.get("identifier")), str(node.get("title", "")))


def _row(item: Json, needed: Mapping[str, list[str]]) -> dict[str, object]:
    key = str(item.get("humanCodingScheme", ""))
    levels = item.get("educationLevel")
    grade = levels[0] if isinstance(levels, list) and levels else ""
    number = int(grade) if isinstance(grade, str) and grade.isdecimal() else 0
    return {
        "key": key,
        "name": item.get("abbreviatedStatement") or item.get("fullStatement", ""),
        "name_en": item.get("alternativeLabel", ""),
        "definition": item.get("fullStatement", ""),
        "subject": key.split(".", maxsplit=1)[0],
        "stage": "primary" if number <= 6 else "junior" if number <= 9 else "senior",
        "grade": number,
        "domain": item.get("notes", ""),
        "prerequisites": needed.get(key, []),
        "competencies": item.get("conceptKeywords", []),
    }
