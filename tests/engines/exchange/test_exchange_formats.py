"""What comes in from each format, and what is refused with its reason."""

from __future__ import annotations

from io import BytesIO

import pytest

from zhiwei.engines.exchange import ExchangeError, Imported, read_questions, template_workbook

QTI2 = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="q1" title="Sky" adaptive="false"
 timeDependent="false">{declared}<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"
 normalMaximum="3"/><itemBody><p>Look &amp; tell.</p>{body}</itemBody></assessmentItem>"""
CHOICE2 = QTI2.format(
    declared="<responseDeclaration identifier='R' cardinality='single' baseType='identifier'><correctResponse>"
    "<value>b</value></correctResponse></responseDeclaration>",
    body="<choiceInteraction responseIdentifier='R' maxChoices='1'><prompt>Colour?</prompt>"
    "<simpleChoice identifier='a'>Red</simpleChoice><simpleChoice identifier='b'>Blue</simpleChoice>"
    "</choiceInteraction>",
)
MOODLE = """<quiz><question type="category"><category><text>x</text></category></question>
<question type="multichoice"><name><text>one</text></name><questiontext format="html"><text><![CDATA[<p>1+1 is
 <b>how much</b>? \\(x^2\\)</p><script>alert(1)</script>]]></text></questiontext><defaultgrade>2</defaultgrade>
 <single>true</single><answer fraction="0"><text>1</text><feedback><text>Count again</text></feedback></answer>
 <answer fraction="100"><text>2</text></answer></question>
<question type="numerical"><name><text>two</text></name><questiontext><text>g?</text></questiontext>
 <answer fraction="100"><text>9.8</text><tolerance>0.1</tolerance></answer></question>
<question type="cloze"><name><text>three</text></name><questiontext><text>{1:SHORTANSWER:=Paris~=paris} lies in
 {2:MULTICHOICE:=France~Spain}</text></questiontext></question>
<question type="ddmarker"><name><text>four</text></name><questiontext><text>x</text></questiontext></question>
<question type="description"><name><text>five</text></name><questiontext><text>x</text></questiontext></question>
</quiz>"""
GIFT = """// a comment
$CATEGORY: x

::Tomb:: Who is buried there?{~Grant#no ~Jefferson =no one}

Grant is {~buried =entombed ~living} here.

Sun rises in the east.{T}

Two plus two equals {=four =4}.

When was he born?{#1822:5}

Pick \\{curly\\} {=a -> 1 =b -> 2}

Half?{#0.4..0.6####about a half}

Write about it.{}

Just a text."""
AIKEN = """What is 2+2?
A. 3
B) 4
ANSWER: B

哪些是偶数？
A、1
B、2
C、4
答案：BC

No answer here
A. x
"""


def read(text: str, name: str = "file") -> Imported:
    """Read a text as a file."""
    return read_questions(name, text.encode())


def test_qti_2_choice() -> None:
    (one,) = read(CHOICE2).taken
    assert one.content["type"] == "single_choice" and one.content["stem"] == "Look & tell.\n\nColour?"
    assert one.content["reference_answers"] == ["B"] and one.content["max_score"] == 3


def test_qti_3_spelling_of_the_same_item_reads_the_same() -> None:
    three = CHOICE2
    for old, new in (("assessmentItem", "qti-assessment-item"), ("responseDeclaration", "qti-response-declaration"),
                     ("correctResponse", "qti-correct-response"), ("<value>", "<qti-value>"),
                     ("</value>", "</qti-value>"), ("outcomeDeclaration", "qti-outcome-declaration"),
                     ("itemBody", "qti-item-body"), ("choiceInteraction", "qti-choice-interaction"),
                     ("simpleChoice", "qti-simple-choice"), ("prompt", "qti-prompt"),
                     ("responseIdentifier", "response-identifier"), ("maxChoices", "max-choices"),
                     ("normalMaximum", "normal-maximum"), ("baseType", "base-type")):  # fmt: skip
        three = three.replace(old, new)
    assert read(three).taken[0].content == read(CHOICE2).taken[0].content


def test_qti_gaps_mapping_and_several_interactions() -> None:
    declared = "".join(
        f"<responseDeclaration identifier='{name}' cardinality='single' baseType='string'><mapping>"
        f"<mapEntry mapKey='{key}' mappedValue='1.5'/></mapping></responseDeclaration>"
        for name, key in (("R1", "hot"), ("R2", "cold"))
    )
    gaps = "".join(f"<p>It is <textEntryInteraction responseIdentifier='R{n}'/>.</p>" for n in (1, 2))
    (one,) = read(QTI2.format(declared=declared, body=gaps)).taken
    assert one.content["reference_answers"] == [["hot"], ["cold"]] and one.content["stem"].count("____") == 2
    two = (
        "<extendedTextInteraction responseIdentifier='R1'><prompt>Why?</prompt></extendedTextInteraction>" * 2
    )
    (one,) = read(QTI2.format(declared="", body=two)).taken
    assert one.content["type"] == "composite" and [p["max_score"] for p in one.content["parts"]] == [1.5, 1.5]


def test_what_qti_asks_that_we_cannot_is_named() -> None:
    refused = read(QTI2.format(declared="", body="<hotspotInteraction responseIdentifier='R'/>")).refused
    assert "picture" in refused[0].reason and refused[0].kinds == {"hotspotinteraction"}
    assert "no interaction" in read(QTI2.format(declared="", body="<p/>")).refused[0].reason


def test_moodle() -> None:
    found = read(MOODLE)
    one, two, three = found.taken
    assert one.content["stem"] == "1+1 is **how much**? $x^2$" and "alert" not in str(one.content)
    assert one.content["errors"][0]["feedback"] == "Count again" and one.content["max_score"] == 2
    assert two.content["settings"] == {"tolerance": {"absolute": 0.1}}
    assert three.content["type"] == "composite" and any("active" in note for note in one.notes)
    assert [part["reference_answers"] for part in three.content["parts"]] == [[["Paris", "paris"]], ["A"]]
    assert three.content["stem"] == "____(1) lies in\n ____(2)".replace("\n", "")
    assert [part["max_score"] for part in three.content["parts"]] == [1, 2]
    assert [one.place for one in found.refused] == ["question 4 (four)", "question 5 (five)"]


def test_gift() -> None:
    found = read(GIFT)
    kinds = [one.content["type"] for one in found.taken]
    assert kinds == [
        "single_choice",
        "single_choice",
        "true_false",
        "blank",
        "numeric",
        "matching",
        "numeric",
        "essay",
    ]
    assert (
        found.taken[0].content["title"] == "Tomb" and found.taken[1].content["stem"] == "Grant is ____ here."
    )
    assert found.taken[5].content["stem"] == "Pick {curly}"
    assert found.taken[6].content["reference_answers"] == ["0.5"]
    assert found.taken[6].content["explanation"] == "about a half"
    assert [one.place for one in found.refused] == ["question 9"]


def test_aiken() -> None:
    found = read(AIKEN)
    assert [one.content["type"] for one in found.taken] == ["single_choice", "multiple_choice"]
    assert found.taken[1].content["reference_answers"] == ["B", "C"] and len(found.refused) == 1


def test_the_template_reads_back_whole() -> None:
    found = read_questions("t.xlsx", template_workbook())
    assert found.form == "excel" and not found.refused
    kinds = {one.content["type"] for one in found.taken}
    assert {"single_choice", "true_false", "blank", "numeric", "matching", "ordering", "solution"} == kinds


def test_a_bad_row_is_named_and_the_others_come_in() -> None:
    from xlsxwriter import Workbook

    out = BytesIO()
    book = Workbook(out)
    sheet = book.add_worksheet()
    rows = [("题干", "题型", "选项", "答案"), ("好", "单选题", "A. 1\nB. 2", "A"), ("坏", "单选题", "A. 1\nB. 2", "D"),
            ("坏", "判断题", "", "也许"), ("", "判断题", "", "对"), ("怪", "谜语", "", "x")]  # fmt: skip
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    found = read_questions("t.xlsx", out.getvalue())
    assert len(found.taken) == 1 and [one.place for one in found.refused] == [
        "row 3",
        "row 4",
        "row 5",
        "row 6",
    ]


def test_word() -> None:
    from docx import Document

    document = Document()
    for line in ("1. 水的化学式是", "A. H2O  B. CO2", "C. O2", "答案：A", "解析：两个氢。", "2．地球是圆的。",
                 "答案：对",
                 "3. 首都是____。", "答案：北京", "4. 没有答案"):  # fmt: skip
        document.add_paragraph(line)
    out = BytesIO()
    document.save(out)
    found = read_questions("t.docx", out.getvalue())
    assert [one.content["type"] for one in found.taken] == ["single_choice", "true_false", "blank"]
    assert len(found.taken[0].content["options"]) == 3 and found.taken[0].content["explanation"] == "两个氢。"
    assert found.refused[0].reason == "has no line 答案："


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00\x81", b"<html/>", b"<questestinterop/>", b"plain words", b"PK\x03\x04xx"]
)
def test_what_is_no_file_of_questions_is_told(data: bytes) -> None:
    with pytest.raises(ExchangeError):
        read_questions("f", data)
