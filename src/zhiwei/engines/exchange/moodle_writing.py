"""Writing Moodle XML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from zhiwei.engines.exchange.markup import to_html
from zhiwei.engines.exchange.values import Content, NotUnderstoodError, Written

_GAP = re.compile(r"_{2,}|＿+|（\s*）")
_ANSWER = re.compile(r"^\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*([^\d/^*×.,\\].*)?$")
SAID = {
    "multiple_choice": {"partial"}, "blank": {"blanks", "case_sensitive", "order_free"}, "essay": {"min_length"},
    "numeric": {"tolerance", "unit", "significant_figures"}, "matching": {"partial"}, "short_answer": {"min_length"},
}  # fmt: skip
"""Settings that the format can say or that are told of by name."""


def write_moodle(items: Sequence[Content]) -> Written:
    """Return a Moodle XML file, and by item what the format could not say or why it was left out."""
    quiz, notes = Element("quiz"), list[tuple[str, str]]()
    for number, item in enumerate(items, start=1):
        name = str(item.get("id") or item.get("title") or f"item {number}")
        try:
            notes += [(name, one) for one in _write(quiz, item, name)]
        except NotUnderstoodError as error:
            notes.append((name, f"left out: {error}"))
    indent(quiz)
    return Written(tostring(quiz, encoding="utf-8", xml_declaration=True), tuple(notes))


def _write(quiz: Element, item: Content, name: str) -> list[str]:
    found = _WRITERS.get(str(item["type"]))
    if found is None:
        raise NotUnderstoodError(f"Moodle has no question type like {item['type']}")
    kind, write = found
    question = Element("question", {"type": kind})
    _put(question, "name", str(item.get("title") or name))
    _put(question, "questiontext", to_html(str(item.get("stem", ""))), form="html")
    _put(
        question,
        "generalfeedback",
        to_html(str(item["explanation"])) if item.get("explanation") else "",
        form="html",
    )
    SubElement(question, "defaultgrade").text = f"{float(item['max_score']):g}"
    if item.get("id"):
        SubElement(question, "idnumber").text = str(item["id"])
    notes = write(question, item)
    other = sorted(set(item.get("settings") or {}) - SAID.get(str(item["type"]), set()))
    notes += [f"settings left out: {', '.join(other)}"] if other else []
    if item.get("points"):
        tags = SubElement(question, "tags")
        for point in item["points"]:
            _put(tags, "tag", f"point:{point}")
    quiz.append(question)
    lost = {
        "rubric": "rubric points",
        "figure": "the figure",
        "samples": "samples",
        "parameters": "parameters",
    }
    return notes + [f"Moodle has no place for {words}" for key, words in lost.items() if item.get(key)]


def _choice(question: Element, item: Content) -> list[str]:
    right = set(map(str, item["reference_answers"]))
    several = item["type"] == "multiple_choice"
    SubElement(question, "single").text = "false" if several else "true"
    SubElement(question, "shuffleanswers").text = "0"
    SubElement(question, "answernumbering").text = "ABCD"
    options, partial = item["options"], (item.get("settings") or {}).get("partial", "none")
    wrong = 0.0 if partial == "per_option" or not several else -100 / max(len(options) - len(right), 1)
    said = {
        str(code): one.get("feedback", "")
        for one in item.get("errors") or []
        for code in one.get("match", [])
    }
    for option in options:
        is_right = str(option["id"]) in right
        share = 100 / len(right) if is_right else wrong
        _answer(question, str(option["text"]), share, said.get(str(option["id"]), ""))
    if several and partial not in {"proportional", "per_option"}:
        return [f"Moodle marks options in proportion, not by the rule '{partial}'"]
    return []


def _truth(question: Element, item: Content) -> list[str]:
    right = bool(item["reference_answers"][0])
    _answer(question, "true", 100 if right else 0)
    _answer(question, "false", 0 if right else 100)
    return []


def _blank(question: Element, item: Content) -> list[str]:
    answers = item["reference_answers"]
    settings = item.get("settings") or {}
    if len(answers) == 1 and (settings.get("blanks") or [{}])[0].get("kind", "text") == "text":
        question.set("type", "shortanswer")
        SubElement(question, "usecase").text = "1" if settings.get("case_sensitive") else "0"
        for text in _accepted(answers[0]):
            _answer(question, text, 100)
        for error in item.get("errors") or []:
            for text in error.get("match", []):
                _answer(question, str(text), 0, str(error.get("feedback", "")))
        return []
    return _cloze(question, item, settings)


def _cloze(question: Element, item: Content, settings: Content) -> list[str]:
    blanks = settings.get("blanks") or [{} for _one in item["reference_answers"]]
    gaps = [_gap(accepted, rule) for accepted, rule in zip(item["reference_answers"], blanks, strict=False)]
    stem = str(item.get("stem", ""))
    for gap in gaps:
        place = _GAP.search(stem)
        stem = stem[: place.start()] + gap + stem[place.end() :] if place else f"{stem} {gap}"
    text = question.find("questiontext/text")
    if text is not None:
        text.text = to_html(stem)
    notes = ["blanks that may be exchanged are fixed in Moodle"] if settings.get("order_free") else []
    return notes + (["common errors are left out"] if item.get("errors") else [])


def _gap(accepted: object, rule: Content) -> str:
    weight = max(round(float(rule.get("score") or 1)), 1)
    texts = [re.sub(r"([~=#{}\\])", r"\\\1", one) for one in _accepted(accepted)]
    if rule.get("kind") == "number" and all(re.fullmatch(r"-?\d+(\.\d+)?", one) for one in texts):
        tolerance = (rule.get("tolerance") or {}).get("absolute", 0)
        return f"{{{weight}:NUMERICAL:" + "~".join(f"={one}:{tolerance:g}" for one in texts) + "}"
    return f"{{{weight}:SHORTANSWER:" + "~".join(f"={one}" for one in texts) + "}"


def _number(question: Element, item: Content) -> list[str]:
    found = _ANSWER.match(str(item["reference_answers"][0]))
    if found is None:
        raise NotUnderstoodError("its answer is no plain number")
    settings = item.get("settings") or {}
    tolerance = dict(settings.get("tolerance") or {})
    unit = (found.group(2) or "").strip() or str(settings.get("unit", ""))
    width = float(
        tolerance.get("absolute") or float(tolerance.get("relative") or 0) * abs(float(found.group(1)))
    )
    answer = _answer(question, found.group(1), 100)
    SubElement(answer, "tolerance").text = f"{width:g}"
    if unit:
        one = SubElement(SubElement(question, "units"), "unit")
        SubElement(one, "multiplier").text = "1"
        SubElement(one, "unit_name").text = unit
    lost = ["the tolerance is absolute now"] if "relative" in tolerance else []
    return lost + (["significant figures are not checked"] if settings.get("significant_figures") else [])


def _match(question: Element, item: Content) -> list[str]:
    sides = item["options"]
    text = {one["id"]: str(one["text"]) for side in ("left", "right") for one in sides[side]}
    partner = dict[str, str](map(tuple, item["reference_answers"]))
    rows = [(text[one["id"]], text.get(partner.get(one["id"], ""), "")) for one in sides["left"]]
    rows += [("", text[one["id"]]) for one in sides["right"] if one["id"] not in set(partner.values())]
    SubElement(question, "shuffleanswers").text = "true"
    for left, right in rows:
        row = SubElement(question, "subquestion", {"format": "html"})
        SubElement(row, "text").text = to_html(left) if left else ""
        _put(row, "answer", right)
    return []


def _order(question: Element, item: Content) -> list[str]:
    text = {one["id"]: str(one["text"]) for one in item["options"]}
    for key in item["reference_answers"]:
        _answer(question, text[key], 0)
    return []


def _essay(question: Element, item: Content) -> list[str]:
    SubElement(question, "responseformat").text = "editor"
    least = (item.get("settings") or {}).get("min_length")
    if least:
        SubElement(question, "minwordlimit").text = str(least)
    answers = item.get("reference_answers") or []
    if answers:
        shown = answers[0] if isinstance(answers[0], str) else "\n".join(map(str, answers[0]))
        _put(question, "graderinfo", to_html(shown), form="html")
    lost = [] if item["type"] == "essay" else [f"{item['type']} becomes an essay marked by a person"]
    return lost + (["further reference answers left out"] if len(answers) > 1 else [])


def _accepted(given: object) -> list[str]:
    return [str(one) for one in given] if isinstance(given, list) else [str(given)]


def _answer(question: Element, text: str, share: float, said: str = "") -> Element:
    answer = SubElement(
        question, "answer", {"fraction": f"{share:.5f}".rstrip("0").rstrip("."), "format": "plain_text"}
    )
    SubElement(answer, "text").text = text
    if said:
        _put(answer, "feedback", to_html(said), form="html")
    return answer


def _put(parent: Element, name: str, text: str, *, form: str = "") -> None:
    SubElement(SubElement(parent, name, {"format": form} if form else {}), "text").text = text


_WRITERS: Mapping[str, tuple[str, Callable[[Element, Content], list[str]]]] = {
    "single_choice": ("multichoice", _choice), "multiple_choice": ("multichoice", _choice),
    "true_false": ("truefalse", _truth), "blank": ("cloze", _blank), "numeric": ("numerical", _number),
    "matching": ("matching", _match), "ordering": ("ordering", _order), "essay": ("essay", _essay),
    "short_answer": ("essay", _essay), "solution": ("essay", _essay), "expression": ("essay", _essay),
    "file": ("essay", _essay),
}  # fmt: skip
