"""Judging: what a response to an item is worth, why, and how sure the machine is.

>>> item = item_from_json({"type": "single_choice", "max_score": 2, "reference_answers": ["B"]})
>>> grader_for(item).judge(Response("1", text="b")).score
2.0
"""

from __future__ import annotations

from .alike import group_answers
from .errors import ItemError
from .protocol import Grader, build_grader, grader_for
from .reading import item_from_json, marked_from_json, response_from_json
from .reasons import catalogue, error_reason, reason
from .values import (
    MAX_ANSWER_CHARS,
    CommonError,
    Evidence,
    Flag,
    Item,
    ItemType,
    Json,
    Judgement,
    Marked,
    Option,
    PartialAccept,
    PointResult,
    PointStatus,
    Reason,
    Response,
    RubricPoint,
    judgement,
    point_result,
    scored_point,
)
from .writing import judgement_from_json, judgement_to_json

__all__ = [
    "MAX_ANSWER_CHARS",
    "CommonError",
    "Evidence",
    "Flag",
    "Grader",
    "Item",
    "ItemError",
    "ItemType",
    "Json",
    "Judgement",
    "Marked",
    "Option",
    "PartialAccept",
    "PointResult",
    "PointStatus",
    "Reason",
    "Response",
    "RubricPoint",
    "build_grader",
    "catalogue",
    "error_reason",
    "grader_for",
    "group_answers",
    "item_from_json",
    "judgement",
    "judgement_from_json",
    "judgement_to_json",
    "marked_from_json",
    "point_result",
    "reason",
    "response_from_json",
    "scored_point",
]
