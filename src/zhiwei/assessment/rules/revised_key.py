"""A question's key and rubric as a teacher edits them: as words where words do, as JSON where they do not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from zhiwei.assessment.rules.typed_items import rubric_of, rubric_text
from zhiwei.kernel.errors import InvalidInputError

LINE_TYPES = frozenset({"single_choice", "multiple_choice", "numeric", "expression", "ordering"})
WHOLE_TYPES = frozenset({"short_answer", "essay"})


def key_text(content: Mapping[str, Any]) -> str:
    """Return the key for editing: one answer a line where answers are words, JSON otherwise."""
    answers = content.get("reference_answers", [])
    if content.get("type") in LINE_TYPES:
        return "\n".join(map(str, answers))
    if content.get("type") in WHOLE_TYPES:
        return "\n\n".join(map(str, answers))
    return json.dumps(answers, ensure_ascii=False)


def revised(
    content: Mapping[str, Any], *, key: str, rubric: str, max_score: float, as_json: str = ""
) -> dict[str, Any]:
    """Return the question with a changed key, rubric and full marks.

    Args:
        as_json: The whole question as JSON instead; for types whose key words cannot hold.

    Raises:
        InvalidInputError: The key is not JSON where it has to be, or a rubric line cannot be read.
    """
    key, rubric = key.replace("\r\n", "\n"), rubric.replace("\r\n", "\n")
    if as_json.strip():
        return _object(as_json)
    found = {**content, "max_score": max_score}
    kept = _old_points(content)
    if key.strip():
        found["reference_answers"] = _answers(str(content.get("type")), key)
    if rubric.strip() and rubric.strip() != rubric_text(list(content.get("rubric", []))).strip():
        found["rubric"] = [
            {**kept.get(str(one["description"]), {}), **one} for one in rubric_of(rubric, max_score)
        ]
    elif not rubric.strip():
        found.pop("rubric", None)
    return _ids_kept(content, found)


def _answers(kind: str, key: str) -> list[Any]:
    if kind in LINE_TYPES:
        return [line.strip() for line in key.splitlines() if line.strip()]
    if kind in WHOLE_TYPES:
        return [block.strip() for block in key.split("\n\n") if block.strip()]
    try:
        answers = json.loads(key)
    except ValueError as error:
        raise InvalidInputError('答案应是 JSON 列表，如 [true] 或 [["5"]]。', code="item.key_json") from error
    if not isinstance(answers, list):
        raise InvalidInputError("答案应是 JSON 列表。", code="item.key_json")
    return answers


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise InvalidInputError("整题内容不是 JSON。", code="item.not_json") from error
    if not isinstance(found, dict):
        raise InvalidInputError("整题内容应是一个 JSON 对象。", code="item.not_json")
    return found


def _old_points(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        str(one.get("description", "")): dict(one)
        for one in content.get("rubric", [])
        if isinstance(one, dict)
    }


def _ids_kept(content: Mapping[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """Let a point with the same words keep its id, so that marks by point can follow it; new ones get fresh ids."""
    old = {words: str(point.get("id")) for words, point in _old_points(content).items()}
    taken = set(old.values())
    for number, point in enumerate(found.get("rubric", []), start=1):
        words = str(point.get("description", ""))
        if words in old:
            point["id"] = old[words]
        elif point.get("id") in taken or not point.get("id"):
            fresh = f"n{number}"
            while fresh in taken:
                fresh += "x"
            point["id"] = fresh
            taken.add(fresh)
    return found
