"""QTI interactions beyond choices and gaps: what each becomes here."""

from __future__ import annotations

from typing import Any

import pytest

from zhiwei.engines.exchange import Refused, Taken, read_questions
from zhiwei.engines.judging import Response, grader_for, item_from_json

NO_PICTURE = (
    "<hotspotInteraction responseIdentifier='R'><object data='a.png' type='image/png'/>"
    "<hotspotChoice identifier='a' shape='circle' coords='1,1,1'/></hotspotInteraction>"
)
PAIR = "<{0} identifier='{1}' matchMax='1'>{2}</{0}>"


def declared(card: str, base: str, *values: str, mapping: str = "") -> str:
    """A response declaration with these right values."""
    right = "".join(f"<value>{one}</value>" for one in values)
    return (
        f"<responseDeclaration identifier='R' cardinality='{card}' baseType='{base}'><correctResponse>{right}"
        f"</correctResponse>{mapping}</responseDeclaration>"
    )


def item(front: str, body: str, after: str = "", adaptive: str = "false") -> Taken | Refused:
    """Read one item."""
    text = (
        f"<assessmentItem xmlns='http://www.imsglobal.org/xsd/imsqti_v2p2' identifier='q' title='t' "
        f"adaptive='{adaptive}'>{front}<itemBody>{body}</itemBody>{after}</assessmentItem>"
    )
    found = read_questions("q.xml", text.encode())
    return (*found.taken, *found.refused)[0]


def content(front: str, body: str, after: str = "") -> dict[str, Any]:
    """The content of an item that comes in."""
    found = item(front, body, after)
    assert isinstance(found, Taken), found
    return found.content


def earns(question: dict[str, Any], value: Any) -> float:
    """What a response is worth."""
    return grader_for(item_from_json(question)).judge(Response("1", value=value)).score


def test_given_words_for_gaps_are_matched() -> None:
    body = (
        "<gapMatchInteraction responseIdentifier='R'><prompt>Fill.</prompt><gapText identifier='W' matchMax='1'>winter"
        "</gapText><gapText identifier='S' matchMax='1'>summer</gapText><gapText identifier='A' matchMax='1'>autumn"
        "</gapText><p>Now is the <gap identifier='G1'/>, glorious <gap identifier='G2'/>.</p></gapMatchInteraction>"
    )
    found = content(declared("multiple", "directedPair", "W G1", "S G2"), body)
    assert found["type"] == "matching" and found["stem"] == "Fill.\n\nNow is the ____(1), glorious ____(2)."
    assert [one["text"] for one in found["options"]["right"]] == ["winter", "summer", "autumn"]
    assert earns(found, {"G1": "W", "G2": "S"}) == 1 and earns(found, {"G1": "W", "G2": "A"}) == 0.5


def test_words_in_a_text_are_options() -> None:
    body = (
        "<rubricBlock view='candidate'><p>Find the error.</p></rubricBlock><hottextInteraction responseIdentifier='R' "
        "maxChoices='1'><p>He <hottext identifier='x'>go</hottext> to <hottext identifier='y'>school</hottext>.</p>"
        "</hottextInteraction>"
    )
    found = content(declared("single", "identifier", "x"), body)
    assert found["type"] == "single_choice" and found["reference_answers"] == ["A"]
    assert found["stem"] == "Find the error.\n\nHe [A] go to [B] school."


def test_one_choice_in_a_text_is_a_choice_and_several_are_parts() -> None:
    gap = (
        "<inlineChoiceInteraction responseIdentifier='{0}'><inlineChoice identifier='a'>is</inlineChoice>"
        "<inlineChoice identifier='b'>are</inlineChoice></inlineChoiceInteraction>"
    )
    one = content(declared("single", "identifier", "b"), f"<p>They {gap.format('R')} here.</p>")
    assert one["type"] == "single_choice" and one["stem"] == "They ____ here."
    other = declared("single", "identifier", "a").replace("'R'", "'S'")
    two = content(
        declared("single", "identifier", "b") + other, f"<p>They {gap.format('R')}, he {gap.format('S')}.</p>"
    )
    assert two["type"] == "composite" and two["stem"] == "They ____(1), he ____(2)."
    assert [part["reference_answers"] for part in two["parts"]] == [["B"], ["A"]]


def test_pairs_within_a_list_are_columns_or_a_choice_of_pairs() -> None:
    rows = "".join(PAIR.format("simpleAssociableChoice", key, key.upper()) for key in "abcd")
    body = f"<associateInteraction responseIdentifier='R'><prompt>Pair.</prompt>{rows}</associateInteraction>"
    columns = content(declared("multiple", "pair", "a c", "d b"), body)
    assert columns["type"] == "matching" and columns["reference_answers"] == [["a", "c"], ["b", "d"]]
    links = content(declared("multiple", "pair", "a b", "c a"), body)
    assert links["type"] == "multiple_choice" and len(links["options"]) == 6
    assert earns(links, ["A", "B"]) == 1 and earns(links, ["A"]) < 1


def test_entries_with_several_partners_become_a_choice_each() -> None:
    sets = "".join(
        "<simpleMatchSet>"
        + "".join(PAIR.format("simpleAssociableChoice", k, k) for k in keys)
        + "</simpleMatchSet>"
        for keys in ("ab", "xyz")
    )
    body = f"<matchInteraction responseIdentifier='R'><prompt>Match.</prompt>{sets}</matchInteraction>"
    found = content(declared("multiple", "directedPair", "a x", "a y", "b z"), body)
    assert found["type"] == "composite" and [p["reference_answers"] for p in found["parts"]] == [
        ["A", "B"],
        ["C"],
    ]


def test_a_scale_is_a_number_with_the_span_of_full_marks() -> None:
    mapping = "<mapping>" + "".join(
        f"<mapEntry mapKey='{n}' mappedValue='{1 if 14 <= n <= 18 else 0.5}'/>" for n in range(12, 21)
    ) + "</mapping>"  # fmt: skip
    body = "<sliderInteraction responseIdentifier='R' lowerBound='0' upperBound='100' step='1'><prompt>How many?</prompt></sliderInteraction>"  # noqa: E501
    found = item(declared("single", "integer", "16", mapping=mapping), body)
    assert isinstance(found, Taken) and found.content["settings"] == {"tolerance": {"absolute": 2.0}}
    assert found.content["stem"] == "How many? (0–100)" and any(
        "part of the marks" in note for note in found.notes
    )
    uneven = mapping.replace("mapKey='18' mappedValue='1'", "mapKey='18' mappedValue='0.5'")
    assert isinstance(item(declared("single", "integer", "16", mapping=uneven), body), Refused)


def test_feedback_of_options_and_notes_for_scorers_are_kept_or_told() -> None:
    body = (
        "<choiceInteraction responseIdentifier='R'><prompt>?</prompt><simpleChoice identifier='a'>x"
        "<feedbackInline outcomeIdentifier='F' identifier='a' showHide='show'>Too small.</feedbackInline>"
        "</simpleChoice>"
        "<simpleChoice identifier='b'>y</simpleChoice></choiceInteraction>"
    )
    solution = (
        "<modalFeedback outcomeIdentifier='F' identifier='solution' showHide='show'>Count.</modalFeedback>"
    )
    extra = "<modalFeedback outcomeIdentifier='F' identifier='hint1' showHide='show'>Look.</modalFeedback>"
    found = item(declared("single", "identifier", "b"), body, solution + extra)
    assert isinstance(found, Taken) and found.content["options"][0]["text"] == "x"
    assert found.content["errors"] == [{"code": "option-a", "match": ["A"], "feedback": "Too small."}]
    assert found.content["explanation"] == "Count." and found.notes == ("feedback 'hint1' left out",)
    essay = (
        "<extendedTextInteraction responseIdentifier='R'><prompt>Write.</prompt></extendedTextInteraction>"
        "<rubricBlock view='scorer'><p>One mark a question.</p></rubricBlock>"
    )
    assert content("", essay)["rubric"][0]["description"] == "One mark a question."


@pytest.mark.parametrize(
    ("body", "reason"),
    [("<selectPointInteraction responseIdentifier='R'/>", "point anywhere"),
     ("<customInteraction responseIdentifier='R'/>", "program"),
     ("<mediaInteraction responseIdentifier='R'/>", "recording"),
     (NO_PICTURE, "does not hold"),
     ("<p>x</p>", "asks nothing")],
)  # fmt: skip
def test_what_cannot_be_asked_here_is_refused_with_the_reason(body: str, reason: str) -> None:
    found = item(declared("single", "identifier", "a"), body)
    assert isinstance(found, Refused) and reason in found.reason


def test_an_adaptive_item_with_later_questions_is_refused() -> None:
    two = "<extendedTextInteraction responseIdentifier='R'/>" * 2
    found = item("", two, adaptive="true")
    assert isinstance(found, Refused) and "adaptive" in found.reason
    assert isinstance(item("", two), Taken)
