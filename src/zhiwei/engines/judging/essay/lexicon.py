"""Joining words and turns of argument, as data."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


@cache
def phrases(name: str) -> tuple[str, ...]:
    """The list ``name`` of ``lexicon.json``: ``connectives``, ``examples`` or ``turns``."""
    text = files(__package__).joinpath("lexicon.json").read_text(encoding="utf-8")
    return tuple(json.loads(text)[name])
