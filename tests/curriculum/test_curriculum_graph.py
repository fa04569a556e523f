"""The starter knowledge graph is sound and complete enough to teach from."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from zhiwei.engines.knowledge import (
    Graph,
    check_graph,
    graph_from_csv,
    graph_from_json,
    graph_from_jsonld,
    graph_to_csv,
    graph_to_jsonld,
    merge_graphs,
)

STARTER = Path(__file__).resolve().parents[2] / "src/zhiwei/curriculum/starter"
LEAST = {"math-junior": 250, "physics": 150, "math-primary": 80, "chinese": 60, "english": 60}


@pytest.fixture(scope="module")
def graphs() -> dict[str, Graph]:
    return {
        path.stem: graph_from_json(path.read_text("utf-8"))
        for path in sorted((STARTER / "graph").glob("*.json"))
    }


def test_every_subject_is_there_with_its_licence(graphs: dict[str, Graph]) -> None:
    assert set(graphs) == set(LEAST)
    for name, graph in graphs.items():
        assert len(graph.points) >= LEAST[name]
        assert graph.licence == "CC-BY-4.0"
        assert graph.edition


def test_the_whole_graph_has_no_fault(graphs: dict[str, Graph]) -> None:
    assert check_graph(merge_graphs(list(graphs.values()), edition="all")) == ()


def test_every_point_can_be_taught_from(graphs: dict[str, Graph]) -> None:
    for graph in graphs.values():
        for point in graph.points.values():
            assert 8 <= len(point.definition) <= 200, point.key
            assert point.definition.endswith(("。", "”")), point.key
            assert point.competencies, point.key
            assert point.domain, point.key
            assert re.fullmatch(r"[A-Z][ -~²é]+", point.name_en), point.key
            assert point.key.split(".")[:2] == [point.subject, str(point.grade)], point.key


def test_names_are_not_repeated_inside_a_subject(graphs: dict[str, Graph]) -> None:
    for name, graph in graphs.items():
        counts = Counter((point.name, point.grade, point.domain) for point in graph.points.values())
        assert [n for n, count in counts.items() if count > 1] == [], name


def test_most_points_name_a_misconception_with_its_wrong_answer(graphs: dict[str, Graph]) -> None:
    for name in ("math-junior", "physics"):
        points = graphs[name].points.values()
        assert sum(bool(p.misconceptions) for p in points) / len(points) > 0.6
        assert all(m.wrong for p in points for m in p.misconceptions)


def test_textbook_units_are_named_in_full(graphs: dict[str, Graph]) -> None:
    for name in ("math-junior", "physics"):
        for point in graphs[name].points.values():
            for unit in point.units:
                assert unit.unit.startswith("第")
                assert unit.volume.endswith(("册",))


def test_exchange_keeps_the_whole_graph(graphs: dict[str, Graph]) -> None:
    for graph in graphs.values():
        again = graph_from_csv(
            graph_to_csv(graph), edition=graph.edition, title=graph.title, licence=graph.licence
        )
        assert again == graph
        assert graph_from_jsonld(graph_to_jsonld(graph)) == graph
