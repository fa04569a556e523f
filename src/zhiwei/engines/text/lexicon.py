"""Word lists that are data: stop words, opposites, common confusions."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import cast


@cache
def lexicon(name: str) -> list[list[str]]:
    """The list ``name`` of ``lexicon.json``: ``stop`` (one row), ``opposites`` or ``confusions`` (pairs)."""
    text = files(__package__).joinpath("lexicon.json").read_text(encoding="utf-8")
    return cast(list[list[str]], json.loads(text)[name])
