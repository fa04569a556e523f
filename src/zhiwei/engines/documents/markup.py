"""Markdown, plain text and HTML into blocks; nothing is run, loaded or followed."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from zhiwei.engines.documents.values import Block

_SKIPPED = frozenset({"script", "style", "noscript", "template", "nav", "svg", "head", "iframe", "select"})
_BREAKING = frozenset(
    {
        *(
            "p",
            "div",
            "li",
            "tr",
            "table",
            "ul",
            "ol",
            "dl",
            "dt",
            "dd",
            "td",
            "th",
            "br",
            "hr",
            "pre",
            "blockquote",
        ),
        *("section", "article", "main", "header", "footer", "aside", "figcaption", "title", "body"),
        *(f"h{level}" for level in range(1, 7)),
    }
)
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0]+")
_CHARSET = re.compile(rb"charset=[\"']?([a-zA-Z0-9_-]+)")


def decode_text(content: bytes, hint: str = "") -> str:
    """Return text from bytes: by mark, by hint, as UTF-8, else as GB 18030 (what older Chinese files use)."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(name, errors="replace")
    for name in (hint, "utf-8", "gb18030"):
        try:
            return content.decode(name) if name else content.decode("utf-8")
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("utf-8", errors="replace")


def read_plain(text: str) -> list[Block]:
    """Return the paragraphs of a plain text."""
    return [Block(one.strip()) for one in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if one.strip()]


def read_markdown(text: str) -> list[Block]:
    """Return headings, paragraphs, list entries and table rows of a Markdown text."""
    found: list[Block] = []
    row: list[str] | None = None
    level = 0
    for token in MarkdownIt("commonmark", {"html": False}).enable("table").parse(text):
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            found.append(Block("  ".join(row or [])))
            row = None
        elif token.type == "inline":
            said = _BLANKS.sub(" ", token.content).strip()
            if row is not None:
                row.append(said)
            elif said:
                found.append(Block(said, level=level))
            level = 0
        elif token.type in {"fence", "code_block"} and token.content.strip():
            found.append(Block(token.content.strip()))
    return found


def read_html(content: bytes) -> list[Block]:
    """Return headings and running text of a page; scripts, styles and navigation are left out."""
    declared = _CHARSET.search(content[:2048])
    reader = _Reader()
    reader.feed(decode_text(content, declared[1].decode("ascii") if declared else ""))
    reader.close()
    reader.end_block()
    return reader.blocks


def read_web_archive(content: bytes) -> list[Block]:
    """Return the text of a saved page (MHTML): its first HTML part.

    Raises:
        ValueError: There is no page inside.
    """
    message = message_from_bytes(content, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return read_html(payload)
    raise ValueError("no_pages")


class _Reader(HTMLParser):
    """Collects text block by block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._said: list[str] = []
        self._skipping = 0
        self._level = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _SKIPPED:
            self._skipping += 1
        if tag in _BREAKING:
            self.end_block()
        if re.fullmatch("h[1-6]", tag):
            self._level = int(tag[1])

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED and self._skipping:
            self._skipping -= 1
        if tag in _BREAKING:
            self.end_block()

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._said.append(data)

    def end_block(self) -> None:
        """Close the block that was being read."""
        text = _BLANKS.sub(" ", "".join(self._said).replace("\n", " ")).strip()
        if text:
            self.blocks.append(Block(text, level=self._level))
        self._said.clear()
        self._level = 0
