"""Reading, walking and checking knowledge graphs."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.knowledge import (
    Graph,
    GraphError,
    ancestors,
    chain_lengths,
    check_graph,
    descendants,
    find_cycle,
    graph_from_json,
    graph_from_rows,
    merge_graphs,
    redundant_edges,
    topological_order,
)


def row(slug: str, *before: str, grade: int = 7, **more: object) -> dict[str, object]:
    return {
        "key": f"math.{grade}.t.{slug}",
        "name": slug,
        "definition": f"about {slug}",
        "grade": grade,
        "prerequisites": [k if "." in k else f"math.{grade}.t.{k}" for k in before],
        **more,
    }


def graph(*rows: dict[str, object]) -> Graph:
    return graph_from_rows(rows, edition="1")


def codes(g: Graph) -> set[str]:
    return {finding.code for finding in check_graph(g)}


def test_a_diamond_is_walked_both_ways() -> None:
    g = graph(row("d", "b", "c"), row("b", "a"), row("c", "a"), row("a"))
    assert ancestors(g, "math.7.t.d") == {"math.7.t.a", "math.7.t.b", "math.7.t.c"}
    assert descendants(g, "math.7.t.a") == {"math.7.t.b", "math.7.t.c", "math.7.t.d"}
    order = topological_order(g)
    assert order[0] == "math.7.t.a"
    assert order[-1] == "math.7.t.d"
    assert chain_lengths(g)["math.7.t.d"] == 3
    assert not check_graph(g)


def test_lower_grades_come_first_among_the_free() -> None:
    g = graph(row("late", grade=9), row("early"), row("next", "math.9.t.late", grade=9), row("x", "early"))
    assert topological_order(g)[0] == "math.7.t.early"


def test_a_cycle_is_named_and_stops_the_walk() -> None:
    g = graph(row("a", "c"), row("b", "a"), row("c", "b"), row("e", "a"))
    assert sorted(find_cycle(g)) == ["math.7.t.a", "math.7.t.b", "math.7.t.c"]
    assert codes(g) == {"cycle"}
    with pytest.raises(GraphError, match="circle"):
        topological_order(g)


def test_each_fault_is_found() -> None:
    assert codes(graph(row("a", "zz"))) == {"unknown-prerequisite"}
    assert "self-prerequisite" in codes(graph(row("a", "a"), row("b", "a")))
    assert codes(graph(row("a", "math.8.t.b"), row("b", grade=8))) == {"grade-order"}
    assert codes(graph(row("a"), row("b", "a"), row("alone"))) == {"orphan"}
    assert codes(graph(row("a"), row("b", "a"), row("c", "b", "a"))) == {"redundant-edge"}
    assert codes(graph(row("a", definition=""), row("b", "a"))) == {"missing-definition"}
    idea = [{"code": "x-y", "description": "d"}]
    assert codes(graph(row("a", misconceptions=idea), row("b", "a", misconceptions=idea))) == {
        "repeated-misconception"
    }


def test_a_chain_too_long_inside_one_grade_is_found() -> None:
    rows = [row("n0"), *(row(f"n{i}", f"n{i - 1}") for i in range(1, 40))]
    assert codes(graph(*rows)) == {"long-chain"}
    assert not check_graph(graph(*rows), chain_limit=40)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"key": "Math"}, "is not a key"),
        ({"grade": 13}, "'grade'"),
        ({"grade": True}, "'grade'"),
        ({"name": " "}, "'name'"),
        ({"prerequisites": "a"}, "'prerequisites'"),
        ({"stage": "college"}, "'stage'"),
        ({"cognitive_level": "know"}, "'cognitive_level'"),
        ({"units": [{"publisher": "x"}]}, "'unit'"),
        ({"misconceptions": [{"code": "Not A Code", "description": "d"}]}, "not a code"),
        ({"misconceptions": ["x"]}, "'misconceptions'"),
    ],
)
def test_bad_points_are_refused_by_name(change: dict[str, object], message: str) -> None:
    with pytest.raises(GraphError, match=message):
        graph({**row("a"), **change})


def test_repeated_keys_and_broken_documents_are_refused() -> None:
    with pytest.raises(GraphError, match="comes twice"):
        graph(row("a"), row("a"))
    with pytest.raises(GraphError, match="in two graphs"):
        merge_graphs([graph(row("a")), graph(row("a"))], edition="1")
    for text in ("{", "[]", '{"points": 3}', '{"points": [3]}', "[" * 100_000):
        with pytest.raises(GraphError):
            graph_from_json(text)
    with pytest.raises(GraphError, match="no knowledge point"):
        ancestors(graph(row("a")), "math.7.t.zz")


def test_a_document_keeps_its_edition() -> None:
    g = graph_from_json(json.dumps({"edition": "2026.1", "licence": "CC-BY-4.0", "points": [row("a")]}))
    assert (g.edition, g.licence) == ("2026.1", "CC-BY-4.0")


@st.composite
def random_dags(draw: st.DrawFn) -> Graph:
    size = draw(st.integers(1, 12))
    rows = []
    for i in range(size):
        before = draw(st.sets(st.integers(0, i - 1), max_size=3)) if i else set()
        rows.append(row(f"n{i}", *(f"n{j}" for j in sorted(before))))
    return graph(*draw(st.permutations(rows)))


@settings(max_examples=40, deadline=None)
@given(random_dags())
def test_order_respects_every_edge_and_walks_agree(g: Graph) -> None:
    place = {key: i for i, key in enumerate(topological_order(g))}
    assert len(place) == len(g.points)
    for key, point in g.points.items():
        assert all(place[before] < place[key] for before in point.prerequisites)
        assert all(key in descendants(g, before) for before in ancestors(g, key))
    assert not find_cycle(g)


@settings(max_examples=40, deadline=None)
@given(random_dags())
def test_without_redundant_edges_reach_is_the_same(g: Graph) -> None:
    extra = set(redundant_edges(g))
    slim = graph_from_rows(
        [
            {
                "key": p.key,
                "name": p.name,
                "grade": p.grade,
                "prerequisites": [b for b in p.prerequisites if (p.key, b) not in extra],
            }
            for p in g.points.values()
        ],
        edition="1",
    )
    assert all(ancestors(slim, key) == ancestors(g, key) for key in g.points)
    assert not redundant_edges(slim)
