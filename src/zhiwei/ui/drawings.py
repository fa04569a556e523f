"""Drawings that questions carry (SVG), as addresses of images: scripts in an image do not run."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any


def figure_of(content: Mapping[str, Any]) -> tuple[str, str]:
    """Return the address of an item's figure as data, and its description; both "" when it has none."""
    given = content.get("figure")
    if not isinstance(given, Mapping) or not isinstance(given.get("svg"), str):
        return "", ""
    data = base64.b64encode(given["svg"].encode()).decode()
    return f"data:image/svg+xml;base64,{data}", str(given.get("alt", ""))
