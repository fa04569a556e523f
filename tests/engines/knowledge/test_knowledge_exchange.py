"""CSV, JSON-LD, CASE, and what becomes of points between editions."""

from __future__ import annotations

import json
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.knowledge import (
    Change,
    Graph,
    GraphError,
    Misconception,
    Point,
    UnitRef,
    compare_editions,
    follow,
    graph_from_case,
    graph_from_csv,
    graph_from_jsonld,
    graph_to_case,
    graph_to_csv,
    graph_to_jsonld,
)

NOW = "2026-09-01T00:00:00+00:00"
texts = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12).map(
    lambda s: "字" + s.strip() + "尾"
)
lists = st.lists(texts, max_size=3).map(tuple)


@st.composite
def points(draw: st.DrawFn, index: int = 0) -> Point:
    units = draw(st.lists(st.builds(UnitRef, texts, texts, texts), max_size=2))
    ideas = draw(st.lists(st.builds(Misconception, st.just("a-b"), texts, texts), max_size=2))
    return Point(
        key=f"math.{draw(st.integers(7, 9))}.t.p{index}",
        name=draw(texts),
        name_en=draw(texts),
        definition=draw(texts),
        subject="math",
        stage="junior",
        grade=draw(st.integers(7, 9)),
        domain=draw(texts),
        prerequisites=draw(st.sampled_from([(), ("math.7.t.other",)])),
        competencies=draw(lists),
        units=tuple(units),
        misconceptions=tuple(ideas),
    )


def one(point: Point) -> Graph:
    return Graph(edition="1", points={point.key: point}, title="图", licence="CC-BY-4.0")


@settings(max_examples=60, deadline=None)
@given(points())
def test_csv_and_jsonld_lose_nothing(point: Point) -> None:
    g = one(point)
    assert graph_from_csv(graph_to_csv(g), edition="1", title="图", licence="CC-BY-4.0") == g
    assert graph_from_jsonld(graph_to_jsonld(g)) == g


@settings(max_examples=30, deadline=None)
@given(points())
def test_case_keeps_all_that_case_can_say(point: Point) -> None:
    back = graph_from_case(graph_to_case(one(point), changed_at=NOW, creator="x")).points[point.key]
    kept = ("key", "name", "name_en", "definition", "grade", "stage", "domain", "competencies")
    assert all(getattr(back, name) == getattr(point, name) for name in kept)
    assert back.prerequisites == point.prerequisites


def test_a_case_package_has_the_required_parts() -> None:
    point = Point("math.7.t.a", "甲", "定义", "math", "junior", 7, prerequisites=("math.7.t.b",))
    package = json.loads(graph_to_case(one(point), changed_at=NOW, creator="x"))
    assert {"identifier", "uri", "creator", "title", "lastChangeDateTime"} <= set(package["CFDocument"])
    for node in [*package["CFItems"], *package["CFAssociations"]]:
        assert str(uuid.UUID(node["identifier"])) == node["identifier"]
        assert node["lastChangeDateTime"] == NOW
    assert package["CFAssociations"][0]["associationType"] == "precedes"


def test_a_cell_that_looks_like_a_formula_is_guarded() -> None:
    point = Point("math.7.t.a", "=1+1", "-2²", "math", "junior", 7)
    text = graph_to_csv(one(point))
    assert "'=1+1" in text
    assert graph_from_csv(text, edition="1").points["math.7.t.a"].name == "=1+1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "key,name\n",
        "key,name,grade,colour\n",
        "key,name,grade\nmath.7.t.a,甲,七\n",
        "key,name,grade\na,b,7,8\n",
    ],
)
def test_bad_tables_are_refused(text: str) -> None:
    with pytest.raises(GraphError):
        graph_from_csv(text, edition="1")


@pytest.mark.parametrize(
    "text", ["{", "{}", '{"CFDocument": {}, "CFItems": 3}', '{"CFDocument": {}, "CFItems": [{}]}']
)
def test_bad_packages_are_refused(text: str) -> None:
    with pytest.raises(GraphError):
        graph_from_case(text)
    with pytest.raises(GraphError):
        graph_from_jsonld(text)


def edition(label: str, **names: str) -> Graph:
    made = [Point(f"math.7.t.{slug}", name, "d", "math", "junior", 7) for slug, name in names.items()]
    return Graph(edition=label, points={p.key: p for p in made})


def k(slug: str) -> str:
    return f"math.7.t.{slug}"


def test_every_old_key_has_a_fate_and_old_responses_follow() -> None:
    a = edition("1", kept="甲", word="乙", ren="丙", big="丁", s1="戊", s2="己", gone="庚")
    b = edition("2", kept="甲", word="乙二", new="丙", b1="丁一", b2="丁二", s="戊己", fresh="辛")
    changes = [
        Change((k("ren"),), (k("new"),)),
        Change((k("big"),), (k("b1"), k("b2"))),
        Change((k("s1"), k("s2")), (k("s"),)),
        Change((k("gone"),), ()),
    ]
    diff = compare_editions(a, b, changes)
    assert diff.kept == (k("kept"),)
    assert diff.reworded == (k("word"),)
    assert diff.renamed == ((k("ren"), k("new")),)
    assert diff.split == ((k("big"), (k("b1"), k("b2"))),)
    assert diff.merged == (((k("s1"), k("s2")), k("s")),)
    assert diff.retired == (k("gone"),)
    assert diff.added == (k("fresh"),)
    assert diff.successors(k("gone")) == ()
    c = edition("3", kept="甲", word="乙二", new="丙", only="丁", s="戊己", fresh="辛")
    second = compare_editions(b, c, [Change((k("b1"), k("b2")), (k("only"),))])
    assert follow(k("big"), [diff, second]) == (k("only"),)
    assert follow(k("gone"), [diff, second]) == ()
    with pytest.raises(GraphError, match="no point"):
        diff.successors("math.7.t.zz")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([], "vanished"),
        ([Change((k("x"),), ())], "older edition does not have"),
        ([Change((k("a"),), (k("x"),))], "newer edition does not have"),
        ([Change((k("a"),), ()), Change((k("a"),), ())], "two changes"),
        ([Change((), (k("b"),))], "at least one"),
        ([Change((k("a"), k("b")), (k("b"), k("c")))], "many to many"),
    ],
)
def test_unclear_changes_are_refused(changes: list[Change], message: str) -> None:
    with pytest.raises(GraphError, match=message):
        compare_editions(edition("1", a="甲", b="乙"), edition("2", b="乙", c="丙"), changes)
