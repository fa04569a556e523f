"""The frame of a QTI 3.0 item: declarations in front, the body, the processing behind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, fromstring

from zhiwei.engines.exchange.markup import to_html
from zhiwei.engines.exchange.values import Content

TEMPLATE = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
_GAP = re.compile(r"_{2,}|＿+|（\s*）")
_MARK = "\ue220"
_UNSOUND = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Writer:
    """Collects declarations in front, the body, and the processing behind.

    Attributes:
        body: Where questions are put: the item's body, or the section of one part.
        notes: What other systems cannot read of it.
    """

    def __init__(self, root: Element) -> None:
        self.root, self.notes, self.number = root, list[str](), 0
        self.body = Element("qti-item-body")
        self.equals: list[tuple[str, str, float]] = []

    def declare(self, base: str, cardinality: str, correct: Sequence[str]) -> tuple[str, Element]:
        """Declare a response and its right values; return its name and the declaration."""
        self.number += 1
        name = f"RESPONSE{self.number}" if self.number > 1 else "RESPONSE"
        facts = {"identifier": name, "cardinality": cardinality, "base-type": base}
        declared = SubElement(self.root, "qti-response-declaration", facts)
        if correct:
            values = SubElement(declared, "qti-correct-response")
            for one in correct:
                SubElement(values, "qti-value").text = sound(one)
        return name, declared

    def interaction(self, kind: str, name: str, item: Content, **facts: str) -> Element:
        """Put the stem and an interaction."""
        put_html(self.body, str(item.get("stem", "")))
        given = {key.replace("_", "-"): value for key, value in facts.items()}
        return SubElement(self.body, f"qti-{kind}-interaction", {"response-identifier": name, **given})

    def gapped(self, stem: str, gaps: Sequence[Element], *, blanks: bool = True) -> None:
        """Put a stem with its gaps where it has blanks, those left over at its end."""
        waiting = list(gaps)

        def named(found: re.Match[str]) -> str:
            if not waiting:
                return found.group()
            gap = waiting.pop(0)
            if found.group() != "____":
                gap.set("data-gap", found.group())
            return f"{_MARK}{len(gaps) - len(waiting) - 1}{_MARK}"

        marked = _GAP.sub(named, stem) if blanks else stem
        for element in put_html(self.body, marked):
            _fill(element, gaps)
        if waiting:
            SubElement(self.body, "p").extend(waiting)

    def processing(self) -> None:
        """Close with the response processing."""
        if not self.equals:
            SubElement(self.root, "qti-response-processing", {"template": f"{TEMPLATE}map_response.xml"})
            return
        processing = SubElement(self.root, "qti-response-processing")
        for name, mode, size in self.equals:
            condition = SubElement(SubElement(processing, "qti-response-condition"), "qti-response-if")
            facts = {"tolerance-mode": mode, "tolerance": f"{size:g} {size:g}"}
            test = SubElement(condition, "qti-equal", facts)
            SubElement(test, "qti-variable", {"identifier": name})
            SubElement(test, "qti-correct", {"identifier": name})


def put_mapping(declared: Element, shares: Mapping[str, float], *, case: bool = False) -> None:
    """Say what each value is worth."""
    mapping = SubElement(declared, "qti-mapping", {"default-value": "0"})
    for key, share in shares.items():
        facts = {
            "map-key": sound(str(key)),
            "mapped-value": f"{share:.6g}",
            "case-sensitive": str(case).lower(),
        }
        SubElement(mapping, "qti-map-entry", facts)


def put_html(parent: Element, text: str) -> list[Element]:
    """Put a text as paragraphs and return them."""
    made = list(fromstring(f"<x>{to_html(sound(text))}</x>"))  # noqa: S314 - our own escaped text
    parent.extend(made)
    return made


def sound(text: str) -> str:
    """Return a text without characters that XML 1.0 cannot hold."""
    return _UNSOUND.sub("", text)


def _fill(element: Element, gaps: Sequence[Element]) -> None:
    """Put gaps in place of their marks in an element's text and behind its children."""
    children = list(element)
    for child in children:
        element.remove(child)
    _spread(element, element.text or "", gaps, first=True)
    for child in children:
        tail, child.tail = child.tail or "", ""
        element.append(child)
        _spread(element, tail, gaps, first=False)


def _spread(element: Element, text: str, gaps: Sequence[Element], *, first: bool) -> None:
    pieces = text.split(_MARK)
    if first:
        element.text = pieces[0]
    elif len(element):
        element[-1].tail = pieces[0]
    for number, piece in zip(pieces[1::2], pieces[2::2], strict=False):
        gap = gaps[int(number)]
        gap.tail = piece
        element.append(gap)
