"""The catalogue of reasons: a stable code, a sentence in Chinese and one in English.

The sentences stand in ``reasons.json``, grouped by the first word of the code: ``numeric.unit_missing`` is
the entry ``unit_missing`` of the group ``numeric``. ``{name}`` in a sentence is filled in by :func:`reason`.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from .values import CommonError, Reason


@cache
def catalogue() -> dict[str, tuple[str, str]]:
    """Every known code with its Chinese and English sentence."""
    groups = json.loads(files(__package__).joinpath("reasons.json").read_text(encoding="utf-8"))
    return {
        f"{group}.{name}": (sentences["zh"], sentences["en"])
        for group, entries in groups.items()
        for name, sentences in entries.items()
    }


def reason(code: str, *, point_id: str = "", **values: str | float) -> Reason:
    """The reason ``code`` with its sentences filled in from ``values``.

    Raises:
        KeyError: the code, or a value its sentence asks for, is unknown: a mistake in the grader.
    """
    zh, en = catalogue()[code]
    shown = {name: f"{v:g}" if isinstance(v, float) else str(v) for name, v in values.items()}
    return Reason(code, zh.format_map(shown), en.format_map(shown), point_id)


def error_reason(error: CommonError, *, point_id: str = "") -> Reason:
    """A common error the author named, with the author's own words as the sentence."""
    words = error.feedback or error.code
    return Reason(f"misconception.{error.code}", words, words, point_id)
