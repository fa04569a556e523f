"""Moodle questions beyond the plain ones: part marks, gaps, places on pictures, computed numbers."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from zhiwei.engines.exchange import Imported, read_questions
from zhiwei.engines.judging import Response, grader_for, item_from_json
from zhiwei.engines.variants import draw, variant


def read(kind: str, rest: str, text: str = "Q?") -> Imported:
    """Read one question."""
    whole = (
        f"<quiz><question type='{kind}'><name><text>n</text></name><questiontext format='html'><text><![CDATA[{text}]]>"
        f"</text></questiontext><defaultgrade>4</defaultgrade>{rest}</question></quiz>"
    )
    return read_questions("q.xml", whole.encode())


def content(kind: str, rest: str, text: str = "Q?") -> dict[str, Any]:
    """The content of a question that comes in."""
    (one,) = read(kind, rest, text).taken
    return one.content


def answer(text: str, share: float, said: str = "") -> str:
    """An answer with its share of the marks."""
    feedback = f"<feedback><text>{said}</text></feedback>" if said else ""
    return f"<answer fraction='{share}' format='html'><text>{text}</text>{feedback}</answer>"


def earns(question: dict[str, Any], text: str) -> float:
    """What a response is worth."""
    return grader_for(item_from_json(question)).judge(Response("1", text=text)).score


def picture() -> str:
    """A small picture in base64."""
    out = BytesIO()
    Image.new("RGB", (200, 100), "#abc").save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def test_part_marks_of_a_single_choice_are_earned_here() -> None:
    rest = "<single>true</single>" + answer("no", 0, "Not so.") + answer("nearly", 50) + answer("yes", 100)
    found = content("multichoice", rest)
    assert found["type"] == "single_choice"
    assert [earns(found, letter) for letter in "ABC"] == [0, 2, 4]
    two = answer("a", 100) + answer("b", 100)
    assert "several right options" in read("multichoice", "<single>true</single>" + two).refused[0].reason


def test_part_marks_of_a_short_answer_are_earned_here() -> None:
    found = content("shortanswer", answer("Frog", 100) + answer("Toad", 25) + answer("*", 0, "No."))
    assert [earns(found, text) for text in ("frog", "toad", "cat")] == [4, 1, 0]


def test_several_right_numbers_and_units() -> None:
    rest = (
        "<answer fraction='100'><text>9.8</text><tolerance>0.1</tolerance></answer>"
        "<answer fraction='100'><text>10</text>"
        "<tolerance>0.1</tolerance></answer><units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units>"
    )
    found = content("numerical", rest)
    assert found["reference_answers"] == ["9.8 m", "10 m"] and earns(found, "10.05 m") == 4


def test_cloze_with_choices_has_a_part_for_each_gap() -> None:
    text = (
        "<p>The {1:MULTICHOICE_V:~cow#No.~=cat#Yes.~%50%lion} is {1:MULTIRESPONSE_H:=small~=soft~big}, has "
        "{2:NUMERICAL:=4:0~%50%4:1} legs and says {1:SHORTANSWER_C:=H<sub>2</sub>O~=meow}.</p>"
    )
    found = content("cloze", "", text)
    kinds = [part["type"] for part in found["parts"]]
    assert kinds == ["single_choice", "multiple_choice", "numeric", "blank"]
    assert found["stem"] == "The ____(1) is ____(2), has ____(3) legs and says ____(4)."
    assert found["parts"][0]["errors"][1] == {"code": "option-c", "match": ["C"], "score": 0.4}
    assert found["parts"][3]["reference_answers"] == [["H_{2}O", "meow"]] and found["max_score"] == 4


def test_words_for_gaps_are_matched_and_groups_are_choices() -> None:
    boxes = "".join(
        f"<selectoption><text>{word}</text><group>{group}</group></selectoption>"
        for word, group in (("cat", 1), ("dog", 1), ("mat", 2), ("sun", 2))
    )
    one = content("gapselect", boxes, "The [[1]] and the [[2]].")
    assert one["type"] == "matching" and one["stem"] == "The ____(1) and the ____(2)."
    assert one["reference_answers"] == [["g1", "w1"], ["g2", "w2"]] and len(one["options"]["right"]) == 2
    two = content("ddwtos", boxes.replace("selectoption", "dragbox"), "The [[1]] on the [[3]].")
    assert [part["type"] for part in two["parts"]] == ["single_choice"] * 2
    assert not read("gapselect", boxes, "The [[9]].").taken


def test_places_on_a_picture_get_letters() -> None:
    file = f"<file name='m.png' encoding='base64'>{picture()}</file>"
    drags = "<drag><no>1</no><text>sea</text></drag><drag><no>2</no><text>hill</text></drag>"
    drops = (
        "<drop><no>1</no><shape>circle</shape><coords>50,50;10</coords><choice>2</choice></drop>"
        "<drop><no>2</no><shape>rectangle</shape><coords>80,10;30,20</coords><choice>1</choice></drop>"
    )
    found = content("ddmarker", file + drags + drops)
    assert found["reference_answers"] == [["A", "d2"], ["B", "d1"]]
    assert '<rect x="80" y="10" width="30" height="20"' in found["figure"]["svg"]
    assert "picture" in read("ddmarker", drags + drops).refused[0].reason
    corner = "<drop><no>1</no><choice>1</choice><xleft>5</xleft><ytop>6</ytop></drop>"
    assert content("ddimageortext", file + drags + corner)["reference_answers"] == [["A", "d1"]]


def test_pictures_of_a_text_are_taken_and_others_told() -> None:
    text = "<p>Look</p><p><img src='@@PLUGINFILE@@/a%20b.png' alt='x'/></p><p><img src='https://evil.example/t.png'/></p>"
    files = f"</question><question type='essay'><questiontext><text><![CDATA[{text}]]></text><file name='a b.png' encoding='base64'>{picture()}</file></questiontext>"  # noqa: E501
    one = read("essay", files).taken[1]
    assert "data:image/png" in one.content["figure"]["svg"] and one.content["figure"]["alt"] == "x"
    assert any("evil" in note for note in one.notes)


def drawn(name: str, low: str, high: str, places: int = 0) -> str:
    """A number that is drawn."""
    return (
        f"<dataset_definition><name><text>{name}</text></name><distribution><text>uniform</text></distribution>"
        f"<minimum><text>{low}</text></minimum><maximum><text>{high}</text></maximum><decimals><text>{places}</text>"
        "</decimals></dataset_definition>"
    )


def computed(formula: str, numbers: str, kind: str = "1") -> str:
    """A formula with what is drawn for it."""
    return (
        f"<answer fraction='100'><text>{formula}</text><tolerance>0.01</tolerance><tolerancetype>{kind}</tolerancetype>"
        f"<correctanswerlength>1</correctanswerlength></answer><dataset_definitions>{numbers}</dataset_definitions>"
    )


def test_computed_numbers_become_parameters() -> None:
    rest = computed("pow({a},2)+{b c}/2", drawn("a", "2", "9") + drawn("b c", "1", "2", 1))
    found = content("calculated", rest, "<p>{a} and {b c}, half {={b c}/2}; not {x}</p>")
    for seed in range(5):
        values, made = draw(found, seed), variant(found, seed)
        right = round(values["a"] ** 2 + values["p2"] / 2, 1)
        assert made["reference_answers"] == [variant({**found, "stem": f"{{{{{right}}}}}"}, seed)["stem"]]
        assert made["stem"].startswith(f"{values['a']} and ") and made["stem"].endswith("not {x}")
    assert found["settings"] == {"tolerance": {"relative": 0.01}}


def test_a_choice_of_computed_numbers() -> None:
    rest = computed("{={a}*2}", drawn("a", "2", "9")).replace(
        "<answer fraction", "<single>true</single><answer fraction"
    )
    found = content("calculatedmulti", answer("{={a}+1}", 0) + rest, "Twice {a}?")
    made = variant(found, 3)
    assert made["options"][1]["text"] == str(2 * draw(found, 3)["a"])


@pytest.mark.parametrize("grade", ["x", "=", "[[1]]"])
def test_a_grade_that_is_no_number_refuses_the_question_alone(grade: str) -> None:
    good = "<question type='essay'><questiontext><text>b</text></questiontext></question>"
    bad = good.replace("</question>", f"<defaultgrade>{grade}</defaultgrade></question>")
    found = read_questions("q.xml", f"<quiz>{bad}{good}</quiz>".encode())
    assert len(found.taken) == 1 and len(found.refused) == 1


@pytest.mark.parametrize(
    ("formula", "numbers", "kind"),
    [("sqrt({a})", drawn("a", "1", "9"), "1"), ("{b}", drawn("a", "1", "9"), "1"), ("{a}", "", "1"),
     ("{a}", drawn("a", "1", "9"), "3"), ("{a}", drawn("a", "0", "99999999"), "1"),
     ("system({a})", drawn("a", "1", "9"), "1"),
     ("{a}" + "+1" * 400, drawn("a", "1", "9"), "1"), ("{a}/0", drawn("a", "1", "9"), "1"),
     ("1/({a}-5)", drawn("a", "4", "6"), "1")],
)  # fmt: skip
def test_formulas_that_cannot_be_said_are_refused(formula: str, numbers: str, kind: str) -> None:
    found = read("calculated", computed(formula, numbers, kind), "{a}?")
    assert not found.taken and found.refused[0].reason and found.refused[0].kinds == {"calculated"}
