"""Writing Moodle XML."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from zhiwei.engines.exchange import moodle_writing_kinds as kinds
from zhiwei.engines.exchange.carrying import carried, one_draw, tags_of
from zhiwei.engines.exchange.markup import to_html
from zhiwei.engines.exchange.moodle_writing_cloze import composite
from zhiwei.engines.exchange.values import Content, NotUnderstoodError, Written

FIGURE = "figure.svg"
_LOST = {"samples": "samples", "rubric": "rubric points", "errors": "common errors"}


def write_moodle(items: Sequence[Content]) -> Written:
    """Return a Moodle XML file, and by item what others cannot read of it or why it was left out.

    Settings that Moodle has no word for travel in attributes of the question text; what marks an answer only in the
    information for graders, which essays alone have.
    """
    quiz, notes = Element("quiz"), list[tuple[str, str]]()
    for number, item in enumerate(items, start=1):
        name = str(item.get("id") or item.get("title") or f"item {number}")
        try:
            notes += [(name, one) for one in dict.fromkeys(_write(quiz, item, name))]
        except NotUnderstoodError as error:
            notes.append((name, f"left out: {error}"))
    indent(quiz)
    return Written(tostring(quiz, encoding="utf-8", xml_declaration=True), tuple(notes))


def _write(quiz: Element, item: Content, name: str) -> list[str]:
    shown, pattern = one_draw(item)
    found = _WRITERS.get(str(shown["type"]))
    if found is None:
        raise NotUnderstoodError(f"Moodle has no question type like {shown['type']}")
    kind, write = found
    question = Element("question", {"type": kind})
    kinds.put(question, "name", str(shown.get("title") or name))
    text = SubElement(question, "questiontext", {"format": "html"})
    kinds.put(question, "generalfeedback", to_html(str(shown.get("explanation") or "")), form="html")
    SubElement(question, "defaultgrade").text = f"{float(shown['max_score']):g}"
    if shown.get("id"):
        SubElement(question, "idnumber").text = str(shown["id"])
    asked = kinds.Asked(to_html(str(shown.get("stem", ""))), pattern=pattern)
    write(question, shown, asked)
    SubElement(text, "text").text = _carrying(asked.html, shown, asked) + _figure(text, shown)
    _tags(question, shown)
    quiz.append(question)
    lost = [
        f"Moodle has no place for {words}"
        for key, words in _LOST.items()
        if shown.get(key) and not asked.graded
    ]
    lost += ["drawn numbers: Moodle gets the question of one draw"] if pattern else []
    return asked.notes + lost


def _carrying(inside: str, item: Content, asked: kinds.Asked) -> str:
    """The question text in a frame that carries what Moodle has no word for."""
    settings = carried(item, "settings")
    facts = {**asked.facts, **({"settings": settings} if settings else {})}
    if not facts:
        return inside
    said = "".join(f' data-{key}="{html.escape(value)}"' for key, value in facts.items())
    return f"<div{said}>{inside}</div>"


def _figure(text: Element, item: Content) -> str:
    figure = item.get("figure")
    if not isinstance(figure, dict) or not figure.get("svg"):
        return ""
    file = SubElement(text, "file", {"name": FIGURE, "path": "/", "encoding": "base64"})
    file.text = base64.b64encode(str(figure["svg"]).encode()).decode()
    return f'<p><img src="@@PLUGINFILE@@/{FIGURE}" alt="{html.escape(str(figure.get("alt", "")))}"/></p>'


def _tags(question: Element, item: Content) -> None:
    tags = tags_of(item)
    if tags:
        holder = SubElement(question, "tags")
        for one in tags:
            kinds.put(holder, "tag", one)


_WRITERS: Mapping[str, tuple[str, Callable[[Element, Content, kinds.Asked], None]]] = {
    "single_choice": ("multichoice", kinds.choice), "multiple_choice": ("multichoice", kinds.choice),
    "true_false": ("truefalse", kinds.truth), "blank": ("cloze", kinds.blanks), "numeric": ("numerical", kinds.number),
    "matching": ("matching", kinds.match), "ordering": ("ordering", kinds.order), "essay": ("essay", kinds.essay),
    "short_answer": ("essay", kinds.essay), "solution": ("essay", kinds.essay), "expression": ("essay", kinds.essay),
    "file": ("essay", kinds.essay), "composite": ("cloze", composite),
}  # fmt: skip
