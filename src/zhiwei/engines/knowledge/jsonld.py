"""Graphs as JSON-LD: SKOS concepts, so that other tools can link to our points."""

from __future__ import annotations

import json

from zhiwei.engines.knowledge.reading import MAX_CHARACTERS, graph_from_rows
from zhiwei.engines.knowledge.values import Graph, GraphError, Misconception, Point, UnitRef

VOCABULARY = "urn:zhiwei:vocabulary:"
POINT_PREFIX = "urn:zhiwei:point:"
CONTEXT: dict[str, object] = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "zw": VOCABULARY,
    "id": "@id",
    "type": "@type",
    "name": {"@id": "skos:prefLabel", "@container": "@language"},
    "definition": {"@id": "skos:definition", "@language": "zh"},
    "prerequisites": {"@id": "dct:requires", "@type": "@id", "@container": "@set"},
    "edition": "dct:hasVersion",
    "title": "dct:title",
    "licence": "dct:license",
    "points": {"@id": "zw:points", "@container": "@list"},
    "subject": "dct:subject",
    "stage": "zw:stage",
    "grade": "zw:grade",
    "domain": "zw:domain",
    "competencies": {"@id": "zw:competency", "@container": "@set"},
    "cognitive_level": "zw:cognitiveLevel",
    "units": {"@id": "zw:textbookUnit", "@container": "@list"},
    "misconceptions": {"@id": "zw:misconception", "@container": "@list"},
    "publisher": "dct:publisher",
    "volume": "zw:volume",
    "unit": "zw:unit",
    "code": "zw:code",
    "description": "dct:description",
    "wrong": "zw:wrongAnswer",
}


def graph_to_jsonld(graph: Graph) -> str:
    """Write a graph as one JSON-LD document in which every point has the IRI ``urn:zhiwei:point:<key>``."""
    document = {
        "@context": CONTEXT,
        "type": "skos:ConceptScheme",
        "edition": graph.edition,
        "title": graph.title,
        "licence": graph.licence,
        "points": [_node(point) for point in graph.points.values()],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def graph_from_jsonld(text: str) -> Graph:
    """Read a document written with the same context (compacted form).

    Raises:
        GraphError: Not such a document, or a point is malformed.
    """
    if len(text) > MAX_CHARACTERS:
        raise GraphError(f"the document is larger than {MAX_CHARACTERS} characters")
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise GraphError(f"not a JSON document: {error}") from error
    if not isinstance(document, dict) or document.get("@context") != CONTEXT:
        raise GraphError("'@context' is not the one this reader knows; compact the document with it first")
    nodes = document.get("points")
    if not isinstance(nodes, list):
        raise GraphError("the document needs a list 'points'")
    return graph_from_rows(
        [_row(number, node) for number, node in enumerate(nodes, start=1)],
        edition=str(document.get("edition", "")),
        title=str(document.get("title", "")),
        licence=str(document.get("licence", "")),
    )


def _node(point: Point) -> dict[str, object]:
    return {
        "id": POINT_PREFIX + point.key,
        "type": "skos:Concept",
        "name": {"zh": point.name, **({"en": point.name_en} if point.name_en else {})},
        "definition": point.definition,
        "subject": point.subject,
        "stage": point.stage,
        "grade": point.grade,
        "domain": point.domain,
        "prerequisites": [POINT_PREFIX + key for key in point.prerequisites],
        "competencies": list(point.competencies),
        "cognitive_level": point.cognitive_level,
        "units": [_unit(unit) for unit in point.units],
        "misconceptions": [_misconception(m) for m in point.misconceptions],
    }


def _unit(unit: UnitRef) -> dict[str, str]:
    return {"publisher": unit.publisher, "volume": unit.volume, "unit": unit.unit}


def _misconception(idea: Misconception) -> dict[str, str]:
    return {"code": idea.code, "description": idea.description, "wrong": idea.wrong}


def _row(number: int, node: object) -> dict[str, object]:
    if not isinstance(node, dict) or not isinstance(node.get("name"), dict):
        raise GraphError(f"point {number}: needs 'id' and 'name' by language")
    row = {key: value for key, value in node.items() if key not in {"id", "type", "name"}}
    prerequisites = node.get("prerequisites", [])
    if not isinstance(prerequisites, list):
        raise GraphError(f"point {number}: 'prerequisites' must be a list")
    row["key"] = str(node.get("id", "")).removeprefix(POINT_PREFIX)
    row["name"] = node["name"].get("zh", "")
    row["name_en"] = node["name"].get("en", "")
    row["prerequisites"] = [str(iri).removeprefix(POINT_PREFIX) for iri in prerequisites]
    return row
