"""What our own Moodle files carry in attributes of the question text and of the information for graders."""

from __future__ import annotations

import json
from typing import Any

from zhiwei.engines.exchange.building import matching_by_id
from zhiwei.engines.exchange.carrying import MAX_CARRIED, taken_back
from zhiwei.engines.exchange.moodle_frames import frame
from zhiwei.engines.exchange.moodle_source import MoodleSource
from zhiwei.engines.exchange.qti_open import WRITTEN
from zhiwei.engines.exchange.values import Content, NotUnderstoodError

MOST_PARTS = 60


def take_back(source: MoodleSource, content: Content) -> None:
    """Take over settings, and what the type of question needs to be itself again."""
    facts = frame(source.raw("questiontext"))
    graders = frame(source.raw("graderinfo")) if source.question.get("type") == "essay" else {}
    kind = facts.get("type", "")
    if content["type"] == "essay" and graders:
        _essay(content, kind, graders)
    elif content["type"] == "essay" and kind == "file":
        content["type"] = "file"
    elif content["type"] == "blank" and kind == "numeric" and len(content["reference_answers"]) == 1:
        answers = content["reference_answers"][0]
        content.update({"type": "numeric", "reference_answers": answers})
        content.pop("settings", None)
    elif content["type"] == "ordering":
        _entries(content, _listed(facts.get("entries", "")))
    elif content["type"] == "matching":
        _sides(content, _listed(facts.get("left", "")), _listed(facts.get("right", "")))
    content.update(taken_back(facts.get("settings", ""), "settings"))
    content.update(taken_back(graders.get("pattern", ""), "pattern"))


def explained(source: MoodleSource, content: Content) -> str:
    """Return the general feedback; what explains the parts goes to them."""
    raw = source.raw("generalfeedback")
    whole, mark, rest = raw.partition("<div data-explains=")
    said = _listed(frame(mark + rest).get("explains", ""))
    parts = content.get("parts") or []
    if not mark or len(said) != len(parts):
        return source.text(raw)
    for part, text in zip(parts, said, strict=True):
        part.update({"explanation": str(text)} if text else {})
    return source.text(whole)


def _essay(content: Content, kind: str, graders: dict[str, str]) -> None:
    content.pop("reference_answers", None)
    answers = _listed(graders.get("answers", ""))
    content.update({"reference_answers": answers} if answers else {})
    content.update(taken_back(graders.get("marking", ""), "marking"))
    parts = _listed(graders.get("parts", ""))
    if kind == "composite" and 0 < len(parts) <= MOST_PARTS:
        content.update({"type": "composite", "parts": parts, "stem": graders.get("stem", content["stem"])})
        content.pop("settings", None)
    elif kind in WRITTEN or kind == "file":
        content["type"] = kind


def _entries(content: Content, entries: list[Any]) -> None:
    """The entries of an order as they are shown, with their own names."""
    known = dict(_pairs(entries))
    texts = {one["id"]: one["text"] for one in content["options"]}
    right = [texts[key] for key in content["reference_answers"]]
    names = {text: key for key, text in known.items()}
    if sorted(known.values()) == sorted(right) and len(names) == len(right):
        content["options"] = [{"id": key, "text": text} for key, text in known.items()]
        content["reference_answers"] = [names[text] for text in right]


def _sides(content: Content, left: list[Any], right: list[Any]) -> None:
    """The two sides of a matching with their own names and order."""
    known, sides = dict(_pairs(right)), content["options"]
    names = {text: key for key, text in known.items()}
    texts = {one["id"]: one["text"] for one in sides["right"]}
    ones = [str(one) for one in left]
    same = len(names) == len(known) and sorted(names) == sorted(texts.values())
    if not same or len(set(ones)) != len(sides["left"]):
        return
    lefts = dict(zip(ones, [one["text"] for one in sides["left"]], strict=True))
    order = {one["id"]: name for one, name in zip(sides["left"], ones, strict=True)}
    pairs = [(order[one], names[texts[other]]) for one, other in content["reference_answers"]]
    try:
        content.update(matching_by_id(content["stem"], lefts, known, pairs, score=content["max_score"]))
    except NotUnderstoodError:
        return


def _pairs(rows: list[Any]) -> list[tuple[str, str]]:
    return [(str(one[0]), str(one[1])) for one in rows if isinstance(one, list) and len(one) == 2]


def _listed(text: str) -> list[Any]:
    if not text or len(text) > MAX_CARRIED:
        return []
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return given if isinstance(given, list) and len(given) <= 1000 else []
