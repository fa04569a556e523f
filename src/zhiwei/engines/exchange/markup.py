"""XML without entities, and HTML as the Markdown that stems are written in."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, ParseError

import nh3
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from zhiwei.engines.exchange.mathml import to_latex
from zhiwei.engines.exchange.values import MAX_BYTES, MAX_TEXT, ExchangeError, NotUnderstoodError, Pictures

TAGS = {
    "p", "div", "br", "b", "strong", "i", "em", "u", "sub", "sup", "ul", "ol", "li", "table", "tr", "td", "th",
    "thead", "tbody", "span", "img", "code", "pre", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
_BLOCKS = {"p", "div", "tr", "ul", "ol", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`"}
_MATHML = re.compile(r"<(?:\w+:)?math\b.*?</(?:\w+:)?math>", re.DOTALL | re.IGNORECASE)
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


def to_text(source: str, pictures: Pictures | None = None) -> tuple[str, tuple[str, ...]]:
    """Return HTML as Markdown text, and notes on what was left out (images, scripts).

    Formulas in ``\\(…\\)`` and ``\\[…\\]`` and MathML become ``$…$`` and ``$$…$$``.

    Args:
        pictures: Takes the pictures, which are then named in the text; without it they are left out.

    Raises:
        NotUnderstoodError: MathML that LaTeX cannot say.
    """
    source = _MATHML.sub(_formula, source[:MAX_TEXT])
    clean = nh3.clean(
        source,
        tags=TAGS,
        attributes={"img": {"alt", "src"}},
        link_rel=None,
        url_schemes={"http", "https", "data"},
    )
    writer = _Markdown(pictures)
    writer.feed(clean)
    writer.close()
    notes = [f"image left out: {name}" for name in writer.images]
    if re.search(r"<\s*(script|iframe|object|embed|style)\b|\son\w+\s*=", source, re.IGNORECASE):
        notes.append("active content (script, frame or handler) removed")
    text = _TEX.sub(lambda f: f"${f.group(1)}$" if f.group(1) else f"$${f.group(2)}$$", writer.text())
    return text, tuple(notes)


def _formula(found: re.Match[str]) -> str:
    named = re.sub(
        r"&(?!(?:lt|gt|amp|quot|apos|#\w+);)(\w+;)", lambda one: html.unescape(one.group()), found.group()
    )
    try:
        element = parse_xml(re.sub(r"<(/?)\w+:(\w)", r"<\1\2", named).encode(), "formula")
    except ExchangeError as error:
        raise NotUnderstoodError(f"has a formula that cannot be read: {error}") from error
    latex = html.escape(to_latex(element), quote=False)
    return f"$${latex}$$" if element.get("display") == "block" else f"${latex}$"


def to_html(text: str) -> str:
    """Return text as HTML paragraphs; its formulas stay between dollars."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "".join(
        f"<p>{_spaced(html.escape(one, quote=False)).replace(chr(10), '<br/>')}</p>" for one in paragraphs
    )


def _spaced(text: str) -> str:
    """Spaces in a row kept: all but the last do not break."""
    return re.sub(r" {2,}", lambda found: "\u00a0" * (len(found.group()) - 1) + " ", text)


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
    def __init__(self, pictures: Pictures | None = None) -> None:
        super().__init__(convert_charrefs=True)
        self.pictures = pictures
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
            self.image(dict(attrs))
        else:
            self.parts.append(_MARKS.get(name, ""))

    def handle_endtag(self, name: str) -> None:
        if name in _BLOCKS:
            self.parts.append("\n\n")
        elif name in {"td", "th"}:
            self.parts.append(" | ")
        elif name in {"sub", "sup"}:
            self.parts.append("}")
        elif name in _MARKS and self.parts and self._opened(_MARKS[name]):
            self.parts.append(" ")
        else:
            self.parts.append(_MARKS.get(name, ""))

    def _opened(self, mark: str) -> bool:
        """Whether nothing stands between here and the opening mark, which then goes."""
        blank = len(self.parts) > 1 and not self.parts[-1].strip()
        place = -2 if blank else -1
        if self.parts[place] != mark:
            return False
        del self.parts[place:]
        return True

    def image(self, given: Mapping[str, str | None]) -> None:
        source, alt = given.get("src") or "", given.get("alt") or ""
        if self.pictures is None:
            self.images.append((source or alt or "?")[:120])
        name = self.pictures.named(source, alt) if self.pictures is not None and source else ""
        self.parts.append(name or f"[{alt or 'image'}]")

    def handle_data(self, data: str) -> None:
        self.parts.append(re.sub(r"[ \t\r\n]+", " ", data))

    def text(self) -> str:
        joined = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(self.parts).replace("\u00a0", " "))
        return re.sub(r"\n{3,}", "\n\n", joined).strip()
