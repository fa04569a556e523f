"""XML without entities, and HTML as the Markdown that stems are written in."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, ParseError

import nh3
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from zhiwei.engines.exchange.values import MAX_BYTES, MAX_TEXT, ExchangeError

TAGS = {
    "p", "div", "br", "b", "strong", "i", "em", "u", "sub", "sup", "ul", "ol", "li", "table", "tr", "td", "th",
    "thead", "tbody", "span", "img", "code", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
_BLOCKS = {"p", "div", "tr", "ul", "ol", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_TEX = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)


def parse_xml(data: bytes, place: str) -> Element:
    """Parse XML.

    Raises:
        ExchangeError: Too large, broken, or with entities or a document type that declares them.
    """
    if len(data) > MAX_BYTES:
        raise ExchangeError(f"{place}: larger than {MAX_BYTES // 1024 // 1024} MB")
    try:
        root: Element = ElementTree.fromstring(data)
    except DefusedXmlException as error:
        raise ExchangeError(f"{place}: declares entities or a document type, which is not allowed") from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise ExchangeError(f"{place}: not well-formed XML ({error})") from error
    return root


def to_text(source: str) -> tuple[str, tuple[str, ...]]:
    """Return HTML as Markdown text, and notes on what was left out (images, scripts).

    Formulas in ``\\(…\\)`` and ``\\[…\\]`` become ``$…$`` and ``$$…$$``.
    """
    source = source[:MAX_TEXT]
    clean = nh3.clean(source, tags=TAGS, attributes={"img": {"alt", "src"}}, link_rel=None)
    writer = _Markdown()
    writer.feed(clean)
    writer.close()
    notes = [f"image left out: {name}" for name in writer.images]
    if re.search(r"<\s*(script|iframe|object|embed|style)\b|\son\w+\s*=", source, re.IGNORECASE):
        notes.append("active content (script, frame or handler) removed")
    text = _TEX.sub(lambda f: f"${f.group(1)}$" if f.group(1) else f"$${f.group(2)}$$", writer.text())
    return text, tuple(notes)


def to_html(text: str) -> str:
    """Return text as HTML paragraphs; its formulas stay between dollars."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "".join(f"<p>{html.escape(one, quote=False).replace(chr(10), '<br/>')}</p>" for one in paragraphs)


def tag(element: Element) -> str:
    """Return an element's name without namespace and case, and without QTI 3's prefix and hyphens."""
    name = str(element.tag).rsplit("}", 1)[-1].lower()
    return name.removeprefix("qti-").replace("-", "")


def attribute(element: Element, name: str, otherwise: str = "") -> str:
    """Return an attribute by its QTI 2 name in lower case (``responseidentifier``), in either spelling."""
    for key, value in element.attrib.items():
        if str(key).rsplit("}", 1)[-1].lower().replace("-", "") == name:
            return str(value)
    return otherwise


def each(element: Element, *names: str) -> Iterator[Element]:
    """Yield all elements below of these names, in document order."""
    wanted = set(names)
    return (one for one in element.iter() if tag(one) in wanted)


def first(element: Element, *names: str) -> Element | None:
    """Return the first element below of these names."""
    return next(each(element, *names), None)


class _Markdown(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.images: list[str] = []

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        if name in _BLOCKS:
            self.parts.append("\n\n")
        elif name == "br":
            self.parts.append("\n")
        elif name == "li":
            self.parts.append("\n- ")
        elif name in {"sub", "sup"}:
            self.parts.append("_{" if name == "sub" else "^{")
        elif name == "img":
            given = dict(attrs)
            self.images.append(str(given.get("src") or given.get("alt") or "?")[:120])
            self.parts.append(f"[{given.get('alt') or 'image'}]")
        else:
            self.parts.append(_MARKS.get(name, ""))

    def handle_endtag(self, name: str) -> None:
        if name in _BLOCKS:
            self.parts.append("\n\n")
        elif name in {"td", "th"}:
            self.parts.append(" | ")
        elif name in {"sub", "sup"}:
            self.parts.append("}")
        else:
            self.parts.append(_MARKS.get(name, ""))

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"[ \t\r\n]+", " ", data))

    def text(self) -> str:
        joined = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(self.parts))
        return re.sub(r"\n{3,}", "\n\n", joined).strip()
