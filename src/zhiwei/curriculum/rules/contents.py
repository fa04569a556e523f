"""What an item's content says about it: its digest, the facts a bank sorts by, the words it is found by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhiwei.engines.judging import ItemError, item_from_json
from zhiwei.engines.variants import VariantError, variant

LONGEST_BYTES = 400_000
"""Bytes of one item's content as JSON; a stem with a figure takes some ten thousand."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a bank sorts and finds items by, read from their content."""

    subject: str
    stage: str
    grade: int | None
    type: str
    points: tuple[str, ...]
    difficulty: float | None
    text: str
    licence: str
    source: str


def checked(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content when it is an item that can be judged.

    Raises:
        ItemError: It is not, or it is too large; the message names the key.
    """
    try:
        item_from_json(variant(content, 1))
    except VariantError as error:
        raise ItemError(f"item: {error}") from error
    if len(json.dumps(content, ensure_ascii=False).encode()) > LONGEST_BYTES:
        raise ItemError(f"item: longer than {LONGEST_BYTES} bytes")
    return dict(content)


def digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the content, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def facts_of(content: Mapping[str, Any]) -> Facts:
    """Read the facts from checked content."""
    difficulty = content.get("difficulty")
    points = [str(point) for point in content.get("points") or []]
    return Facts(
        subject=str(content.get("subject", ""))[:30],
        stage=str(content.get("stage", ""))[:20],
        grade=_grade(content, points),
        type=str(content["type"])[:20],
        points=tuple(dict.fromkeys(point[:120] for point in points)),
        difficulty=float(difficulty) if isinstance(difficulty, int | float) else None,
        text=" ".join(_texts(content))[:4000],
        licence=str(content.get("licence", ""))[:60],
        source=str(content.get("source", ""))[:300],
    )


def _grade(content: Mapping[str, Any], points: list[str]) -> int | None:
    """The grade given, or the highest named by a knowledge point's key (``math.8.function.line``)."""
    given = content.get("grade")
    if isinstance(given, int):
        return given
    named = [int(part) for point in points for part in point.split(".")[1:2] if part.isdigit()]
    return max(named, default=None)


def _texts(content: Mapping[str, Any]) -> Iterator[str]:
    for name in ("title", "stem"):
        if content.get(name):
            yield str(content[name])
    options = content.get("options") or []
    lists = options.values() if isinstance(options, Mapping) else [options]
    for side in lists:
        yield from (str(one.get("text", "")) for one in side if isinstance(one, Mapping))
    for part in content.get("parts") or []:
        yield from _texts(part)
