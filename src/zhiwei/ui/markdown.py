"""Markdown to safe HTML, with formulas kept as they were typed for KaTeX to draw in the browser."""

from __future__ import annotations

import re
from functools import cache

import nh3
from django.utils.html import escape
from markdown_it import MarkdownIt

LONGEST = 200_000
TAGS = {
    "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img",
    "table", "thead", "tbody", "tr", "th", "td", "h2", "h3", "h4", "h5", "span", "div", "sub", "sup",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "span": {"data-tex"},
    "div": {"data-tex"},
}
CLASSES = {"span": {"formula"}, "div": {"formula", "formula-block"}}
# a formula begins and ends at something that is not a space, so that "$5 and $6" stays money
_FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$(?=\S)([^$\n]+?)(?<=\S)\$(?!\d)", re.DOTALL)
_KEPT = re.compile("\ue000(\\d+)\ue001")


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


def to_html(source: str) -> str:
    """Render ``source``; raw HTML in it is shown as text, addresses are http(s), mailto or of this site only.

    Raises:
        ValueError: longer than 200,000 characters.
    """
    if len(source) > LONGEST:
        raise ValueError(f"Text of {len(source)} characters; at most {LONGEST} are rendered.")
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(_formula(found))
        return f"\ue000{len(kept) - 1}\ue001"

    source = source.replace("\ue000", "").replace("\ue001", "")
    body = _lower_headings(_reader().render(_FORMULA.sub(keep, source)))
    # cleaning comes last, so that whatever stands in a formula is cleaned too
    return _clean(_KEPT.sub(lambda found: kept[int(found.group(1))], body))


def inline_formulas(source: str) -> str:
    """Plain text with its formulas marked for KaTeX, everything else escaped: stems and short answers."""
    parts: list[str] = []
    at = 0
    for found in _FORMULA.finditer(source):
        parts += [escape(source[at : found.start()]), _formula(found)]
        at = found.end()
    return "".join([*parts, escape(source[at:])])


def _formula(found: re.Match[str]) -> str:
    block = found.group(1)
    if block is not None:
        return f'<span class="formula formula-block" data-tex="{escape(block)}">{escape(block)}</span>'
    return f'<span class="formula" data-tex="{escape(found.group(2))}">{escape(found.group(2))}</span>'


def _clean(body: str) -> str:
    return nh3.clean(
        body,
        tags=TAGS,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _lower_headings(body: str) -> str:
    """A text's own first heading stands under the page's: h1 becomes h2 and so on."""
    return re.sub(r"<(/?)h([1-4])>", lambda found: f"<{found.group(1)}h{int(found.group(2)) + 1}>", body)
