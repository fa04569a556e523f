"""What our own exports carry beside a format's words, in attributes that other systems leave alone.

Settings and facts may be seen by pupils; what marks an answer is written only where graders look.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from zhiwei.engines.exchange.values import Content, NotUnderstoodError
from zhiwei.engines.variants import VariantError, has_parameters, variant

MAX_CARRIED = 200_000
"""Characters of one carried object."""
_FACTS: Mapping[str, type | tuple[type, ...]] = {
    "points": list, "competencies": list, "cognitive_level": str, "difficulty": (int, float), "subject": str,
    "stage": str, "grade": int, "language": str, "licence": str, "source": str,
}  # fmt: skip
_MARKING: Mapping[str, type | tuple[type, ...]] = {
    "rubric": list, "errors": list, "samples": list, "explanation": str,
}  # fmt: skip
_PATTERN: Mapping[str, type | tuple[type, ...]] = {
    "parameters": list, "conditions": list, "derived": dict, "stem": str, "options": list, "reference_answers": list,
    "rubric": list, "errors": list, "samples": list, "explanation": str,
}  # fmt: skip
_SETTINGS: Mapping[str, type | tuple[type, ...]] = {"settings": dict}
_SHAPES = {"facts": _FACTS, "marking": _MARKING, "settings": _SETTINGS, "pattern": _PATTERN}


def carried(item: Content, shape: str) -> str:
    """Return the facts, marking or settings of an item as JSON; "" when it has none."""
    found = {key: item[key] for key in _SHAPES[shape] if item.get(key) not in (None, [], {}, "")}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) if found else ""


def taken_back(text: str, shape: str) -> Content:
    """Return what was carried, only the keys of this shape and only with values of their kind."""
    if not text or len(text) > MAX_CARRIED:
        return {}
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(given, dict):
        return {}
    return {key: given[key] for key, kind in _SHAPES[shape].items() if _fits(given.get(key), kind)}


def one_draw(item: Content) -> tuple[Content, str]:
    """Return a question with drawn numbers as others see it, with the numbers of one draw, and its pattern.

    Raises:
        NotUnderstoodError: Its numbers cannot be drawn.
    """
    if not has_parameters(item):
        return item, ""
    try:
        drawn = variant(item, 1)
    except VariantError as error:
        raise NotUnderstoodError(f"its numbers cannot be drawn: {error}") from error
    return {key: value for key, value in drawn.items() if key != "variant"}, carried(item, "pattern")


def _fits(value: Any, kind: type | tuple[type, ...]) -> bool:
    if isinstance(value, bool) or not isinstance(value, kind):
        return False
    return not isinstance(value, list) or len(value) <= 1000


def tags_of(item: Content) -> list[str]:
    """Return the facts of an item as tags (``point:math.7.x``, ``stage:junior``)."""
    return [
        f"{prefix}:{one}"
        for key, prefix in _TAGS.items()
        for one in (item[key] if isinstance(item.get(key), list) else [item.get(key)])
        if one is not None and one != ""
    ]


def facts_of_tags(tags: list[str]) -> tuple[Content, list[str]]:
    """Return the facts that tags say, and the tags that say none."""
    keys = {prefix: key for key, prefix in _TAGS.items()}
    found: Content = {}
    others = []
    for tag in tags:
        prefix, _colon, value = tag.partition(":")
        key = keys.get(prefix)
        if key is None or not value:
            others.append(tag)
        elif _FACTS[key] is list:
            found.setdefault(key, []).append(value)
        else:
            found[key] = _number(value) if _FACTS[key] is not str else value
    return {key: value for key, value in found.items() if value is not None}, others


def _number(text: str) -> float | int | None:
    try:
        value = float(text)
    except ValueError:
        return None
    if not -1000 <= value <= 1000:
        return None
    return int(value) if value == int(value) and "." not in text else value


_TAGS = {
    "points": "point", "competencies": "competency", "cognitive_level": "level", "difficulty": "difficulty",
    "subject": "subject", "stage": "stage", "grade": "grade", "language": "language", "licence": "licence",
    "source": "source",
}  # fmt: skip
