"""The attributes of the element that frames a text in our own Moodle files."""

from __future__ import annotations

from html.parser import HTMLParser

from zhiwei.engines.exchange.carrying import MAX_CARRIED


def frame(html: str) -> dict[str, str]:
    """Return the ``data-`` attributes of the element that frames a text, without the prefix."""
    if not html.lstrip().startswith("<div data-"):
        return {}
    reader = _Frame()
    reader.feed(html.lstrip()[: 4 * MAX_CARRIED])
    return reader.found


class _Frame(HTMLParser):
    """Keeps the attributes of the first element only."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self.seen = False

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.seen and name == "div":
            self.found = {key[5:]: value or "" for key, value in attrs if key.startswith("data-")}
        self.seen = True
