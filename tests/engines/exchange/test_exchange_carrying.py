"""What our own packages carry comes back whole, pupils see none of the marking, and hostile loads are left."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from zhiwei.engines.exchange import read_questions, write_moodle, write_qti
from zhiwei.engines.exchange.carrying import MAX_CARRIED, taken_back
from zhiwei.engines.judging import Response, grader_for, item_from_json

STARTER = Path(__file__).resolve().parents[3] / "src/zhiwei/curriculum/starter/items"
ITEMS: list[dict[str, Any]] = [
    json.loads(line)
    for path in sorted(STARTER.glob("*.jsonl"))
    for line in path.read_text("utf-8").splitlines()
]
ESSAY = (
    "<assessmentItem identifier='q' title='t'><itemBody data-facts='{facts}' data-settings='{settings}'><p>W</p>"
    "<extendedTextInteraction responseIdentifier='R'/><rubricBlock view='scorer' data-marking='{marking}'/></itemBody>"
    "</assessmentItem>"
)


def test_the_starter_bank_comes_back_whole_from_qti() -> None:
    written = write_qti(ITEMS)
    back = {one.content["id"]: one.content for one in read_questions("x", written.data).taken}
    for item in ITEMS:
        assert back[item["id"]] == {key: value for key, value in item.items() if value not in ([], {})}


def test_the_starter_bank_comes_back_from_moodle_but_for_what_is_told() -> None:
    written = write_moodle(ITEMS)
    back = {one.content["id"]: one.content for one in read_questions("x", written.data).taken}
    places = {"samples": "for samples", "rubric": "for rubric points", "parts": "of parts"}
    for item in ITEMS:
        notes = " ".join(note for name, note in written.notes if name == item["id"])
        if "drawn numbers" in notes:
            assert back[item["id"]]["type"] == item["type"]
            continue
        for key, value in item.items():
            if value not in ([], {}) and back[item["id"]].get(key) != value:
                assert key in places and f"Moodle has no place {places[key]}" in notes.replace(
                    "for rubric of", "of"
                ), (item["id"], key)


def test_pupils_see_no_marking() -> None:
    chosen = [item for item in ITEMS if item["type"] in {"short_answer", "solution", "composite", "numeric"}]
    with zipfile.ZipFile(io.BytesIO(write_qti(chosen).data)) as package:
        roots = [
            fromstring(package.read(name)) for name in package.namelist() if name.startswith("items/item")
        ]
    assert len(roots) == len(chosen)
    for root in roots:
        body = next(one for one in root if one.tag.endswith("item-body"))
        shown = "".join(_seen(body))
        assert "data-marking" not in shown and "accept" not in shown and "rubric" not in shown


def _seen(element: Element) -> list[str]:
    """What a pupil's browser gets of an element: texts and attributes, without blocks for scorers."""
    if element.get("view") == "scorer":
        return []
    return [
        element.text or "",
        *map(str, element.attrib.items()),
        *(text for one in element for text in _seen(one)),
    ]


def read(facts: str = "", settings: str = "", marking: str = "") -> Any:
    """Read an essay with these loads."""
    return read_questions("q.xml", ESSAY.format(facts=facts, settings=settings, marking=marking).encode())


@pytest.mark.parametrize(
    "load",
    ["[" * 50_000, "{", '{"points": "x"}', '{"difficulty": true}', '{"type": "file"}', '{"parts": [1]}', "[1, 2]",
     "null",
     '{"id": "x", "max_score": 999, "owner": 3, "state": "published", "audience": "public"}'],
)  # fmt: skip
def test_loads_of_another_shape_are_left(load: str) -> None:
    (one,) = read(facts=load.replace("'", ""), settings=load, marking=load).taken
    assert set(one.content) <= {"type", "max_score", "stem", "id", "title", "reference_answers"}
    assert one.content["type"] == "essay" and one.content["max_score"] != 999


def test_long_loads_are_left() -> None:
    assert taken_back(json.dumps({"subject": "x" * MAX_CARRIED}), "facts") == {}
    assert taken_back(json.dumps({"points": ["x"] * 1001}), "facts") == {}


@pytest.mark.parametrize(
    "marking",
    [
        '{"rubric": [{"score": 99}]}',
        '{"rubric": [7]}',
        '{"errors": [{"match": 3}]}',
        '{"rubric": [{"id": "a"}]}',
    ],
)
def test_what_comes_in_with_a_foreign_rubric_can_be_judged(marking: str) -> None:
    found = read(marking=marking)
    for one in found.taken:
        assert 0 <= grader_for(item_from_json(one.content)).judge(Response("1", text="W")).score <= 10
    assert all(one.reason for one in found.refused) and len(found.taken) + len(found.refused) == 1


@pytest.mark.parametrize("score", ["nan", "inf", "-1", "0", "x", "1e999"])
def test_parts_with_impossible_marks_are_refused(score: str) -> None:
    text = (
        f"<assessmentItem identifier='q' title='t'><itemBody><p>S</p><div data-part='a' data-score='{score}'>"
        "<extendedTextInteraction responseIdentifier='R'/></div></itemBody></assessmentItem>"
    )
    found = read_questions("q.xml", text.encode())
    assert not found.taken and found.refused[0].reason


@pytest.mark.parametrize(
    "frame",
    ['data-entries="[[1,2],[3]]"', 'data-right="[[]]" data-left="[9]"', 'data-type="composite"', 'data-settings="[]"',
     'data-type="numeric"', 'data-unit="&lt;script&gt;"', f'data-settings="{"[" * 5000}"', 'data-entries="{}"'],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["ordering", "matching", "shortanswer", "numerical", "essay"])
def test_hostile_frames_of_moodle_texts_do_no_harm(frame: str, kind: str) -> None:
    rows = "".join(f"<answer fraction='{share}'><text>{n}</text></answer>" for n, share in ((1, 100), (2, 0)))
    pairs = "".join(
        f"<subquestion><text>{n}</text><answer><text>{n}</text></answer></subquestion>" for n in (1, 2)
    )
    text = (
        f"<quiz><question type='{kind}'><questiontext><text><![CDATA[<div {frame}><p>Q</p></div>]]></text>"
        "</questiontext>"
        f"{rows}{pairs}<graderinfo><text><![CDATA[<div data-parts='[1]' data-marking='{{}}'>x</div>]]></text>"
        "</graderinfo>"
        "</question></quiz>"
    )
    found = read_questions("q.xml", text.encode())
    assert len(found.taken) + len(found.refused) == 1
    for one in found.taken:
        assert one.content["stem"] == "Q" and "<" not in str(
            one.content["reference_answers"] if kind != "essay" else ""
        )
