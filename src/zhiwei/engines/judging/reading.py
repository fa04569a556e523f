"""Items, responses and marks from JSON: liberal in the shapes it takes, strict in what they mean."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import cast

from .errors import ItemError
from .fields import Fields
from .values import (
    CommonError,
    Flag,
    Item,
    ItemType,
    Json,
    Marked,
    Option,
    PartialAccept,
    Response,
    RubricPoint,
    text_of,
)

MAX_DEPTH = 4
"""How deep composite items may hold one another."""


def item_from_json(shape: Json, where: str = "item", *, depth: int = 0) -> Item:
    """An item from its JSON object (docs/item-format.md).

    Args:
        shape: the parsed JSON.
        where: words for where it stands, put before every error.

    Raises:
        ItemError: a field is missing, of a wrong kind, or means nothing; the message names it.
    """
    fields = Fields(shape, where)
    kind, maximum = (
        _kind(fields),
        fields.number("max_score", "满分", "full_score", "max_points", "max", "score"),
    )
    if maximum is None:
        raise fields.error("max_score", "is missing")
    if maximum <= 0:
        raise fields.error("max_score", f"must be above 0, not {maximum:g}")
    left, right = _options(fields, kind)
    return Item(
        type=kind,
        max_score=maximum,
        id=fields.text("id", "key"),
        language=_language(fields),
        subject=fields.text("subject", "学科"),
        stage=fields.text("stage", "学段"),
        stem=fields.text("stem", "题干", "题目", "question", "prompt"),
        options=left,
        right_options=right,
        reference_answers=tuple(_references(fields, kind)),
        rubric=_rubric(fields, maximum),
        errors=fields.each(_error, "errors", "misconceptions", "常见错误"),
        settings=fields.mapping("settings", "设置"),
        explanation=fields.text("explanation", "解析"),
        parts=_parts(fields, kind, depth),
    )


def response_from_json(shape: Json, where: str = "response") -> Response:
    """A response from ``{"id", "text" | "value" | "steps"}``.

    Raises:
        ItemError: no id, or a field of a wrong kind.
    """
    fields = Fields(shape, where)
    if not fields.has("id"):
        raise fields.error("id", "is missing")
    text = fields.raw("text", "answer")
    if text is not None and not isinstance(text, str | int | float):
        raise fields.error("text", "must be a text; give lists and objects as value")
    return Response(fields.text("id"), text_of(text), fields.raw("value"), fields.texts("steps"))


def marked_from_json(shape: Json, where: str = "mark", *, max_score: float | None = None) -> Marked:
    """A marked response: a response's fields and ``score``, perhaps ``points`` (``{point id: score}``).

    ``flags`` may hold ``contradicts``.
    A line with ``reference_answers`` (and ``stem``, ``max_score``, ``item_id``) belongs to another question.

    Raises:
        ItemError: as :func:`response_from_json`; no score, or one outside 0…``max_score``.
    """
    fields = Fields(shape, where)
    score = fields.number("score", "mark", "得分", "分数")
    if score is None:
        raise fields.error("score", "is missing")
    other = _other_item(fields, where, max_score)
    top = other.max_score if other else max_score
    if score < 0 or (top is not None and score > top):
        raise fields.error("score", f"{score:g} is not between 0 and {top or score:g}")
    points = Fields(fields.mapping("points"), f"{where}: points")
    given = {key: points.number(key) or 0.0 for key in points.shape}
    denied = Flag.CONTRADICTS.value in fields.texts("flags")
    return Marked(response_from_json(shape, where), score, given, other, denied)


def _other_item(fields: Fields, where: str, max_score: float | None) -> Item | None:
    """The other question a marked response belongs to, when its line carries that question's references."""
    references = fields.raw("reference_answers")
    if references is None:
        return None
    whole = {
        "type": fields.text("type") or ItemType.SHORT_ANSWER.value,
        "max_score": fields.number("max_score") or max_score or 1.0,
        "id": fields.text("item_id"),
        "stem": fields.text("stem"),
        "reference_answers": references,
    }
    return item_from_json(cast(Json, whole), where)


@cache
def _type_names() -> dict[str, ItemType]:
    named = json.loads(files(__package__).joinpath("types_named.json").read_text(encoding="utf-8"))
    names = {kind.value: kind for kind in ItemType}
    return names | {alias: ItemType(kind) for kind, aliases in named.items() for alias in aliases}


def _kind(fields: Fields) -> ItemType:
    given = fields.text("type", "题型", "kind")
    if not given:
        raise fields.error("type", "is missing")
    kind = _type_names().get(given.strip().lower().replace("-", "_").replace(" ", "_"))
    if kind is None:
        raise fields.error("type", f"'{given[:40]}' is not a type; types are {', '.join(ItemType)}")
    return kind


def _language(fields: Fields) -> str:
    given = fields.text("language", "lang", "语言").lower()
    names = {"": "", "chinese": "zh", "中文": "zh", "汉语": "zh", "english": "en", "英文": "en", "英语": "en"}
    short = names.get(given, given.split("-")[0].split("_")[0])
    if short not in {"", "zh", "en"}:
        raise fields.error("language", f"'{given[:20]}' is neither zh nor en")
    return short


def _options(fields: Fields, kind: ItemType) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    keys = ("options", "choices", "选项")
    given = fields.raw(*keys)
    if kind is ItemType.MATCHING:
        sides = Fields(given if given is not None else {}, f"{fields.where}: options")
        return (
            _named(sides, "l", "left", "prompts", "左"),
            _named(sides, "r", "right", "targets", "右"),
        )
    if isinstance(given, dict):
        return tuple(Option(str(key), text_of(text)) for key, text in given.items()), ()
    return _named(fields, "", *keys), ()


def _named(fields: Fields, prefix: str, *keys: str) -> tuple[Option, ...]:
    """Options whose ids, when not given, are A, B, C… (or l1, r1… for the sides of a matching item)."""
    given = fields.raw(*keys)
    if isinstance(given, dict):
        return tuple(Option(str(key), text_of(text)) for key, text in given.items())
    found: list[Option] = []
    for number, entry in enumerate(fields.entries(*keys)):
        default = f"{prefix}{number + 1}" if prefix or number >= 26 else chr(ord("A") + number)
        if isinstance(entry, dict):
            one = Fields(entry, f"{fields.where}: {keys[0]}[{number + 1}]")
            found.append(
                Option(one.text("id", "key", "label") or default, one.text("text", "content", "内容"))
            )
        else:
            found.append(Option(default, text_of(entry)))
    if len({option.id for option in found}) < len(found):
        raise fields.error(keys[0], "two options have the same id")
    return tuple(found)


def _references(fields: Fields, kind: ItemType) -> list[Json]:
    keys = (
        "reference_answers",
        "reference_answer",
        "references",
        "reference",
        "answers",
        "answer",
        "参考答案",
        "答案",
    )
    given = fields.raw(*keys)
    if isinstance(given, dict) and kind is ItemType.MATCHING:
        return [[left, right] for left, right in given.items()]
    if isinstance(given, str) and kind is ItemType.SOLUTION:
        return [given]
    return fields.entries(*keys)


def _rubric(fields: Fields, maximum: float) -> tuple[RubricPoint, ...]:
    keys: tuple[str, ...] = ("rubric", "rubrics", "criteria", "评分标准", "评分点", "要点")
    given = fields.raw(*keys)
    if isinstance(given, dict):
        fields = Fields(given, f"{fields.where}: rubric")
        keys = ("points", "criteria", "items", "要点")
    entries = fields.entries(*keys)
    shapes = [entry if isinstance(entry, dict) else {"description": entry} for entry in entries]
    points = [_point(shape, f"{fields.where}: {keys[0]}[{n}]", n) for n, shape in enumerate(shapes, 1)]
    if len({point.id for point, _ in points}) < len(points):
        raise fields.error(keys[0], "two points have the same id")
    unscored = sum(not scored for _, scored in points)
    left = maximum - sum(point.score for point, scored in points if scored and point.score > 0)
    share = max(left, 0.0) / unscored if unscored else 0.0
    return tuple(point if scored else replace(point, score=share) for point, scored in points)


def _point(shape: Json, where: str, number: int) -> tuple[RubricPoint, bool]:
    fields = Fields(shape, where)
    score = fields.number("score", "points", "max_score", "marks", "value", "分值", "分数")
    point = RubricPoint(
        id=fields.text("id", "key") or f"p{number}",
        score=score or 0.0,
        description=fields.text("description", "text", "criterion", "name", "point", "描述", "要点"),
        accept=fields.texts("accept", "keywords", "phrases", "alternatives", "关键词"),
        partial=fields.each(_partial, "partial"),
        reject=fields.texts("reject", "contradictions", "拒绝"),
        form=fields.text("form"),
        depends_on=fields.texts("depends_on"),
        follow_through=fields.flag("follow_through"),
        errors=fields.each(_error, "errors", "misconceptions", "常见错误"),
    )
    return point, score is not None


def _partial(shape: Json, where: str) -> PartialAccept:
    fields = Fields(shape, where)
    score = fields.number("score", "points", "分值")
    if score is None:
        raise fields.error("score", "is missing")
    return PartialAccept(fields.texts("accept", "keywords", "关键词"), score)


def _error(shape: Json, where: str) -> CommonError:
    fields = Fields(shape, where)
    return CommonError(
        code=fields.text("code", "id") or "known",
        match=fields.texts("match", "accept", "text"),
        feedback=fields.text("feedback", "description", "反馈"),
        score=fields.number("score"),
    )


def _parts(fields: Fields, kind: ItemType, depth: int) -> tuple[Item, ...]:
    if kind is not ItemType.COMPOSITE:
        return ()
    if depth >= MAX_DEPTH:
        raise fields.error("parts", f"composite items may hold one another {MAX_DEPTH} deep at most")
    entries = fields.entries("parts", "items", "小题")
    if not entries:
        raise fields.error("parts", "a composite item needs at least one part")
    parts = [
        item_from_json(e, f"{fields.where}: parts[{n}]", depth=depth + 1) for n, e in enumerate(entries, 1)
    ]
    parts = [part if part.id else replace(part, id=str(n)) for n, part in enumerate(parts, 1)]
    if len({part.id for part in parts}) < len(parts):
        raise ItemError(f"{fields.where}: parts: two parts have the same id")
    return tuple(parts)
