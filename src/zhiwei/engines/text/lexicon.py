"""Word lists that are data: stop words, opposites, common confusions."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import cast


@cache
def lexicon(name: str) -> list[list[str]]:
    """The list ``name`` of ``lexicon.json``: ``stop`` (one row), ``opposites`` or ``confusions`` (pairs)."""
    text = files(__package__).joinpath("lexicon.json").read_text(encoding="utf-8")
    return cast(list[list[str]], json.loads(text)[name])


@cache
def faulty_constructions() -> tuple[tuple[re.Pattern[str], str, str], ...]:
    """Constructions that school grammars call faulty: a pattern, and why in Chinese and English."""
    text = files(__package__).joinpath("faulty.json").read_text(encoding="utf-8")
    return tuple((re.compile(pattern), zh, en) for pattern, zh, en in json.loads(text))
