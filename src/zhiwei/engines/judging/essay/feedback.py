"""What a pupil can do better, in sentences, and where."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import cast

from zhiwei.engines.judging.reasons import reason
from zhiwei.engines.judging.values import Flag, Item, Reason
from zhiwei.engines.text import Finding, findings, word_count

from .reading import Essay

_SHOWN = 12
_CHECKED_CHARS = 4_000
_BATCH_CHARS = 40_000
_LEAST_CHARS = 100
"""Looking for slips is the slowest part: of a large batch only the beginning of each essay is checked."""


@cache
def _advice() -> dict[str, dict[str, str]]:
    text = files(__package__).joinpath("advice.json").read_text(encoding="utf-8")
    return cast(dict[str, dict[str, str]], json.loads(text))


def checked_chars(batch: int) -> int:
    """How many characters of each essay are checked for slips when so many are judged together."""
    return max(_LEAST_CHARS, min(_CHECKED_CHARS, _BATCH_CHARS // max(batch, 1)))


def located(answer: str, limit: int = _CHECKED_CHARS) -> list[Finding]:
    """The first slips in the first ``limit`` characters of an essay."""
    return findings(answer[:limit])[:_SHOWN]


def feedback(item: Item, essay: Essay, levels: Mapping[str, float]) -> list[Reason]:
    """Reasons a pupil can act on: length, topic, repeats, each trait, each slip."""
    found: list[Reason] = []
    wanted = item.settings.get("min_length")
    size = word_count(essay.text)
    if isinstance(wanted, int | float) and size < wanted:
        found.append(reason("essay.too_short", length=size, wanted=float(wanted)))
    if Flag.OFF_TOPIC in essay.flags:
        found.append(reason("essay.off_topic"))
    if essay.repeated:
        found.append(reason("essay.repeated", count=essay.repeated))
    return [*found, *(_trait(name, level) for name, level in levels.items())]


def _trait(name: str, level: float) -> Reason:
    said = _advice()[name]
    code = (
        "essay.trait_strong" if level >= 0.65 else "essay.trait_fair" if level >= 0.35 else "essay.trait_weak"
    )
    return reason(
        code,
        point_id=name,
        trait=said["zh"],
        trait_en=said["en"],
        advice=said["advice_zh"],
        advice_en=said["advice_en"],
    )
