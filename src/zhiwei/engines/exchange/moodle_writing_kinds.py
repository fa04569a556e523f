"""How each type of question is written in Moodle XML."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from zhiwei.engines.exchange.carrying import carried
from zhiwei.engines.exchange.markup import to_html
from zhiwei.engines.exchange.moodle_writing_cloze import gap_of, with_gaps
from zhiwei.engines.exchange.values import Content

_ANSWER = re.compile(r"^\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*([^\d\s^*×.,\\/][^\\=]{0,30})?$")
_SAID = {
    "multiple_choice": {"partial"}, "blank": {"blanks", "case_sensitive"}, "essay": {"min_length"},
    "numeric": {"tolerance", "unit"}, "matching": {"partial"}, "short_answer": {"min_length"},
}  # fmt: skip


@dataclass
class Asked:
    """The question text being written.

    Attributes:
        facts: What the frame of the text carries, by name.
        graded: Graders are told of the marking.
        pattern: The question with drawn numbers, as JSON; "" when none are drawn.
    """

    html: str
    facts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    graded: bool = False
    pattern: str = ""

    def note_settings(self, item: Content) -> None:
        """Tell which settings others do not read."""
        other = sorted(set(item.get("settings") or {}) - _SAID.get(str(item["type"]), set()))
        self.notes += [f"settings read here only: {', '.join(other)}"] if other else []


def choice(question: Element, item: Content, asked: Asked) -> None:
    """One or several options."""
    right = set(map(str, item["reference_answers"]))
    several = item["type"] == "multiple_choice"
    SubElement(question, "single").text = "false" if several else "true"
    SubElement(question, "shuffleanswers").text = "0"
    SubElement(question, "answernumbering").text = "ABCD"
    options, partial = item["options"], (item.get("settings") or {}).get("partial", "none")
    wrong = 0.0 if partial == "per_option" or not several else -100 / max(len(options) - len(right), 1)
    said = {str(code): one for one in item.get("errors") or [] for code in one.get("match", [])}
    for option in options:
        error = said.get(str(option["id"]), {})
        part = 100 * float(error.get("score") or 0) / float(item["max_score"])
        share = 100 / len(right) if str(option["id"]) in right else wrong or part
        answer(question, str(option["text"]), share, str(error.get("feedback", "")))
    if several and partial not in {"proportional", "per_option"}:
        asked.notes.append("the rule for part marks is read here only; Moodle marks in proportion")


def truth(question: Element, item: Content, asked: Asked) -> None:
    """True or false."""
    del asked
    right = bool(item["reference_answers"][0])
    answer(question, "true", 100 if right else 0)
    answer(question, "false", 0 if right else 100)


def blanks(question: Element, item: Content, asked: Asked) -> None:
    """One written gap as a short answer, several as cloze."""
    settings = item.get("settings") or {}
    answers, rules = item["reference_answers"], settings.get("blanks") or []
    asked.note_settings(item)
    if len(answers) > 1 or (rules or [{}])[0].get("kind", "text") != "text":
        gaps = [gap_of(one, rule) for one, rule in zip(answers, rules or [{}] * len(answers), strict=False)]
        asked.html = with_gaps(str(item.get("stem", "")), gaps)
        asked.notes += ["common errors are left out"] if item.get("errors") else []
        return
    question.set("type", "shortanswer")
    SubElement(question, "usecase").text = "1" if settings.get("case_sensitive") else "0"
    _texts(question, answers[0] if isinstance(answers[0], list) else [answers[0]])
    for error in item.get("errors") or []:
        share = 100 * float(error.get("score") or 0) / float(item["max_score"])
        for text in error.get("match", []):
            answer(question, str(text), share, str(error.get("feedback", "")))


def number(question: Element, item: Content, asked: Asked) -> None:
    """A number; one that Moodle cannot read (a fraction, a root) as a short answer."""
    settings, answers = item.get("settings") or {}, [str(one) for one in item["reference_answers"]]
    found = [_ANSWER.match(one) for one in answers]
    asked.note_settings(item)
    if not all(found):
        question.set("type", "shortanswer")
        asked.facts["type"] = "numeric"
        asked.notes.append("a number that Moodle cannot read is compared as text there")
        _texts(question, answers)
        return
    tolerance = dict(settings.get("tolerance") or {})
    for one in filter(None, found):
        width = tolerance.get("absolute") or float(tolerance.get("relative") or 0) * abs(float(one.group(1)))
        SubElement(answer(question, one.group(1), 100), "tolerance").text = f"{float(width or 0):g}"
    written = (found[0].group(2) or "").strip() if found[0] else ""
    unit = written or str(settings.get("unit", ""))
    if unit:
        one_unit = SubElement(SubElement(question, "units"), "unit")
        SubElement(one_unit, "multiplier").text = "1"
        SubElement(one_unit, "unit_name").text = unit
        asked.facts["unit"] = written
    asked.notes += ["the tolerance is absolute in Moodle"] if "relative" in tolerance else []
    _wrong_numbers(question, item)


def _wrong_numbers(question: Element, item: Content) -> None:
    """Common errors that are plain numbers, with what they earn and their feedback."""
    errors = [
        *(item.get("errors") or []),
        *(one for p in item.get("rubric") or [] for one in p.get("errors") or []),
    ]
    for error in errors:
        share = 100 * float(error.get("score") or 0) / float(item["max_score"])
        for found in filter(None, (_ANSWER.match(str(one)) for one in error.get("match") or [])):
            made = answer(question, found.group(1), share, str(error.get("feedback", "")))
            SubElement(made, "tolerance").text = "0"


def match(question: Element, item: Content, asked: Asked) -> None:
    """Pairs; the right side's order and names travel along."""
    sides = item["options"]
    text = {one["id"]: str(one["text"]) for side in ("left", "right") for one in sides[side]}
    partner = dict[str, str](map(tuple, item["reference_answers"]))
    rows = [(text[one["id"]], text.get(partner.get(one["id"], ""), "")) for one in sides["left"]]
    rows += [("", text[one["id"]]) for one in sides["right"] if one["id"] not in set(partner.values())]
    SubElement(question, "shuffleanswers").text = "true"
    for left, right in rows:
        row = SubElement(question, "subquestion", {"format": "html"})
        SubElement(row, "text").text = to_html(left) if left else ""
        put(row, "answer", right)
    asked.facts["left"] = _json([one["id"] for one in sides["left"]])
    asked.facts["right"] = _json([[one["id"], str(one["text"])] for one in sides["right"]])


def order(question: Element, item: Content, asked: Asked) -> None:
    """Entries in the right order; the order they are shown in travels along."""
    text = {one["id"]: str(one["text"]) for one in item["options"]}
    for key in item["reference_answers"]:
        answer(question, text[key], 0)
    asked.facts["entries"] = _json([[one["id"], str(one["text"])] for one in item["options"]])


def essay(question: Element, item: Content, asked: Asked) -> None:
    """Free text; graders are told the reference answers and the rubric."""
    asked.note_settings(item)
    SubElement(question, "responseformat").text = "editor"
    least = (item.get("settings") or {}).get("min_length")
    if least:
        SubElement(question, "minwordlimit").text = str(least)
    if item["type"] != "essay":
        asked.facts["type"] = str(item["type"])
        asked.notes.append(f"{item['type']} is an essay marked by a person in Moodle")
    told = graders(item, asked.pattern)
    asked.graded = True
    if told:
        put(question, "graderinfo", told, form="html")


def graders(item: Content, pattern: str = "") -> str:
    """What graders are told, with what our own reader takes back."""
    answers = item.get("reference_answers") or []
    facts = {"marking": carried({k: v for k, v in item.items() if k != "explanation"}, "marking"), "pattern": pattern,
             "answers": _json(answers) if answers else ""}  # fmt: skip
    said = "".join(f' data-{key}="{html.escape(value)}"' for key, value in facts.items() if value)
    if not said:
        return ""
    texts = ["\n".join(map(str, one)) if isinstance(one, list) else str(one) for one in answers]
    rows = [
        f"{float(one.get('score') or 0):g}: {one.get('description', '')}" for one in item.get("rubric") or []
    ]
    return f"<div{said}>{''.join(map(to_html, [*texts, *rows]))}</div>"


def answer(question: Element, text: str, share: float, said: str = "") -> Element:
    """Put an answer with its share of the marks in % and its feedback."""
    fraction = f"{share:.5f}".rstrip("0").rstrip(".")
    made = SubElement(question, "answer", {"fraction": fraction, "format": "plain_text"})
    SubElement(made, "text").text = text
    if said:
        put(made, "feedback", to_html(said), form="html")
    return made


def put(parent: Element, name: str, text: str, *, form: str = "") -> None:
    """Put a field whose words stand in ``text``."""
    SubElement(SubElement(parent, name, {"format": form} if form else {}), "text").text = text


def _texts(question: Element, texts: Sequence[object]) -> None:
    for one in texts:
        answer(question, str(one), 100)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
