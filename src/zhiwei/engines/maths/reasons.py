"""The reasons a comparison gives: stable codes with a sentence in Chinese and one in English."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


@cache
def catalogue() -> dict[str, tuple[str, str]]:
    """Code → (Chinese, English)."""
    raw = json.loads(files(__package__).joinpath("reasons.json").read_text(encoding="utf-8"))
    return {code: (pair[0], pair[1]) for code, pair in raw.items()}


def sentence(code: str, language: str = "en") -> str:
    """The sentence for ``code``; an unknown detail falls back to its family (before the dot)."""
    table = catalogue()
    pair = table.get(code) or table.get(code.split(".", maxsplit=1)[0]) or table["different"]
    return pair[0] if language == "zh" else pair[1]
