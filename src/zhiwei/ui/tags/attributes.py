"""HTML attributes from template keyword arguments."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def attributes(given: Mapping[str, object]) -> SafeString:
    """Turn ``hx_post="/x"`` into `` hx-post="/x"``.

    ``True`` gives a bare attribute; ``None``, ``False`` and ``""`` give none.
    """
    pairs = [(name.strip("_").replace("_", "-"), value) for name, value in given.items()]
    kept = [(name, value) for name, value in pairs if value not in (None, False, "")]
    return format_html_join("", "{}", ((_one(name, value),) for name, value in kept))


def _one(name: str, value: object) -> SafeString:
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)
