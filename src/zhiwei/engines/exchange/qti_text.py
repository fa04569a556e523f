"""The words of a QTI item: bodies, prompts and entries as text, with gaps where something is asked."""

from __future__ import annotations

import copy
import re
from xml.etree.ElementTree import Element, tostring

from zhiwei.engines.exchange.building import LETTERS
from zhiwei.engines.exchange.markup import attribute, each, first, tag, to_text
from zhiwei.engines.exchange.values import NotUnderstoodError

GAP = "____"


def entries(parent: Element, name: str) -> tuple[dict[str, str], list[str]]:
    """Texts of the entries called ``name`` by identifier, and what was lost."""
    found, notes = {}, list[str]()
    for one in each(parent, name):
        found[attribute(one, "identifier")], told = to_text(inner(one))
        notes += told
    if len(found) > len(LETTERS):
        raise NotUnderstoodError(f"has {len(found)} entries; at most {len(LETTERS)} are read")
    return found, notes


def prompt(asked: Element) -> tuple[str, list[str]]:
    """The text that asks, and what was lost."""
    asking = first(asked, "prompt")
    text, notes = to_text(inner(asking)) if asking is not None else ("", ())
    return text, list(notes)


def stem_of(body: Element, asked: Element) -> tuple[str, list[str]]:
    """The body around an interaction with its prompt, and what was lost."""
    around, notes = to_text(inner(without(body, [asked])))
    asking, more = prompt(asked)
    return "\n\n".join(one for one in (around, asking) if one), [*notes, *more]


def without(body: Element, asked: list[Element]) -> Element:
    """The body with interactions, feedback and notes for others than the pupil taken out."""
    return _replaced(body, {id(one) for one in asked}, "")


def with_gaps(body: Element, gaps: list[Element]) -> Element:
    """The body with a gap in place of each interaction."""
    return _replaced(body, {id(one) for one in gaps}, GAP)


def _replaced(element: Element, wanted: set[int], text: str) -> Element:
    made = Element(_html_name(element), {k: v for k, v in element.attrib.items() if str(k) in {"src", "alt"}})
    made.text = element.text
    for child in element:
        if id(child) in wanted or tag(child) in {"rubricblock", "feedbackblock", "stylesheet"}:
            gone = Element("span")
            gone.text, gone.tail = (text if id(child) in wanted else ""), child.tail
            made.append(gone)
        else:
            made.append(_replaced(child, wanted, text))
    made.tail = element.tail
    return made


def inner(element: Element) -> str:
    """The HTML inside an element, names without namespaces."""
    plain = _replaced(element, set(), "")
    return (plain.text or "") + "".join(tostring(child, encoding="unicode") for child in copy.copy(plain))


def _html_name(element: Element) -> str:
    name = str(element.tag).rsplit("}", 1)[-1]
    return name if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name) else "span"
