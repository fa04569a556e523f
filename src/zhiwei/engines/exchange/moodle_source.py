"""The words of one Moodle question as text, with its pictures and what was lost."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.figures import Gallery
from zhiwei.engines.exchange.markup import to_text
from zhiwei.engines.exchange.pictures import Allowance
from zhiwei.engines.exchange.values import has_chinese

FILES = "@@PLUGINFILE@@"
MAX_FILES = 100


@dataclass
class MoodleSource:
    """One question being read.

    Attributes:
        stem: The question text as Markdown; readers of gaps take the HTML of it.
        notes: What was lost, in the order met.
    """

    question: Element
    gallery: Gallery
    score: float = 1.0
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, question: Element, allowance: Allowance | None = None) -> MoodleSource:
        """Make ready to read a question."""
        files = dict(_file(one) for one in list(question.iter("file"))[:MAX_FILES])
        chinese = has_chinese("".join(question.findtext("questiontext/text", "") or ""))
        gallery = Gallery(
            lambda source: _decoded(files.get(_name(source), "")), chinese=chinese, allowance=allowance
        )
        return cls(question, gallery, float(field_text(question, "defaultgrade") or 1) or 1.0)

    @property
    def stem(self) -> str:
        """The question text."""
        return self.text(self.raw("questiontext"))

    def raw(self, name: str) -> str:
        """The HTML of a field."""
        return self.question.findtext(f"{name}/text", "") or ""

    def text(self, html: str) -> str:
        """HTML as text, pictures taken into the figure."""
        text, told = to_text(html, self.gallery)
        self.notes += told
        return text

    def plain(self, answer: Element) -> str:
        """The text of an answer, whose format says whether it is HTML."""
        raw = answer.findtext("text", "") or ""
        return (
            self.text(raw)
            if answer.get("format", "html") == "html" and re.search("[<&]", raw)
            else raw.strip()
        )

    def said(self, answer: Element) -> str:
        """The feedback to an answer."""
        return self.text(answer.findtext("feedback/text", "") or "")

    def field(self, name: str) -> str:
        """A field that is no HTML."""
        return field_text(self.question, name)


def field_text(question: Element, name: str) -> str:
    """Return a field's text, within ``text`` or not."""
    return (question.findtext(f"{name}/text") or question.findtext(name) or "").strip()


def _file(element: Element) -> tuple[str, str]:
    encoded = (element.text or "").strip() if element.get("encoding", "base64") == "base64" else ""
    return _name(element.get("path", "/") + element.get("name", "")), encoded


def _name(source: str) -> str:
    bare = source.removeprefix(FILES).split("?")[0]
    return (
        re.sub(rb"%([0-9A-Fa-f]{2})", lambda two: bytes([int(two.group(1), 16)]), bare.encode())
        .decode("utf-8", "replace")
        .strip("/")
    )


def _decoded(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded) if encoded else None
    except (binascii.Error, ValueError):
        return None
