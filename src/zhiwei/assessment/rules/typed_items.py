"""Questions typed into simple forms, turned into the item format (docs/item-format.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from zhiwei.kernel.errors import InvalidInputError

Content = dict[str, Any]
LETTERS = "ABCDEFGHIJ"
_POINT = re.compile(
    r"^\s*(?P<score>\d+(?:\.\d+)?)\s*分?\s*[|｜:：]\s*(?P<text>[^|｜]+?)\s*(?:[|｜]\s*(?P<accept>.+))?$"
)


def typed_content(
    kind: str, *, stem: str, max_score: float, key: str, options: str = "", rubric: str = "", points: str = ""
) -> Content:
    """Return the item that a teacher's typed fields mean.

    Args:
        kind: An item type; ``composite`` and ``file`` need no key.
        key: Right answer in words: letters for choices, 对/错, one accepted answer a line (for ``blank`` one
            line a blank, alternatives with ``/``), lines of working for ``solution``.
        options: One a line: choices, things to order, or ``left = right`` pairs for ``matching``.
        rubric: One point a line: ``2 分｜写出公式｜可接受的说法/另一种``.
        points: Knowledge point keys, by spaces or commas.

    Raises:
        InvalidInputError: A field is missing or cannot be read; the message names the line.
    """
    if not stem.strip():
        raise InvalidInputError("请写题干。", code="item.stem_empty")
    content: Content = {"type": kind, "max_score": max_score, "stem": stem.strip()}
    build = _BUILDERS.get(kind)
    if build is None:
        raise InvalidInputError("没有这种题型。", code="item.type_unknown")
    content.update(build(_lines(key), _lines(options)))
    if rubric.strip():
        content["rubric"] = rubric_of(rubric, max_score)
    if points.strip():
        content["points"] = [one for one in re.split(r"[\s,，]+", points.strip()) if one]
    return content


def rubric_of(text: str, max_score: float) -> list[Content]:
    """Return rubric points from lines ``marks｜what earns them｜accepted/other``.

    Raises:
        InvalidInputError: A line cannot be read, or the marks do not add up to the full marks.
    """
    found = []
    for number, line in enumerate(_lines(text), start=1):
        match = _POINT.match(line)
        if match is None:
            raise InvalidInputError(
                f"评分点第 {number} 行读不懂，请写成「2 分｜写出公式」。", code="item.rubric_line"
            )
        point: Content = {
            "id": f"p{number}",
            "score": float(match["score"]),
            "description": match["text"].strip(),
        }
        if match["accept"]:
            point["accept"] = _alternatives(match["accept"])
        found.append(point)
    total = sum(float(one["score"]) for one in found)
    if abs(total - max_score) > 1e-9:
        raise InvalidInputError(
            f"评分点合计 {total:g} 分，与满分 {max_score:g} 分不符。", code="item.rubric_sum"
        )
    return found


def rubric_text(rubric: list[Mapping[str, Any]]) -> str:
    """Return rubric points as the lines that ``rubric_of`` reads."""
    lines = []
    for point in rubric:
        accept = "/".join(map(str, point.get("accept", [])))
        line = f"{float(point.get('score', 0)):g} 分｜{point.get('description', '')}"
        lines.append(f"{line}｜{accept}" if accept else line)
    return "\n".join(lines)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _alternatives(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"[/／]", text) if one.strip()]


def _choices(options: list[str]) -> list[Content]:
    if not 2 <= len(options) <= len(LETTERS):
        raise InvalidInputError("请写 2 到 10 个选项，一行一个。", code="item.options")
    return [
        {"id": LETTERS[at], "text": re.sub(r"^[A-Ja-j][.．、)）]\s*", "", text)}
        for at, text in enumerate(options)
    ]


def _letters(key: list[str], count: int) -> list[str]:
    letters = sorted({one for one in "".join(key).upper() if one in LETTERS[:count]})
    if not letters:
        raise InvalidInputError("请写出正确选项的字母。", code="item.key_empty")
    return letters


def _single(key: list[str], options: list[str]) -> Content:
    letters = _letters(key, len(options))
    if len(letters) != 1:
        raise InvalidInputError("单选题只能有一个正确选项。", code="item.key_many")
    return {"options": _choices(options), "reference_answers": letters}


def _multiple(key: list[str], options: list[str]) -> Content:
    return {
        "options": _choices(options),
        "reference_answers": _letters(key, len(options)),
        "settings": {"partial": "subset"},
    }


def _true_false(key: list[str], _options: list[str]) -> Content:
    word = "".join(key).lower()
    if word not in {"对", "错", "正确", "错误", "true", "false", "√", "×"}:
        raise InvalidInputError("请写「对」或「错」。", code="item.key_empty")
    return {"reference_answers": [word in {"对", "正确", "true", "√"}]}


def _needed(key: list[str]) -> list[str]:
    if not key:
        raise InvalidInputError("请写参考答案。", code="item.key_empty")
    return key


def _blank(key: list[str], _options: list[str]) -> Content:
    return {"reference_answers": [_alternatives(line) for line in _needed(key)]}


def _texts(key: list[str], _options: list[str]) -> Content:
    return {"reference_answers": _needed(key)}


def _solution(key: list[str], _options: list[str]) -> Content:
    return {"reference_answers": [_needed(key)]}


def _matching(_key: list[str], options: list[str]) -> Content:
    pairs = [re.split(r"\s*(?:=>|=|→|——)\s*", line, maxsplit=1) for line in options]
    if len(pairs) < 2 or any(len(pair) != 2 for pair in pairs):
        raise InvalidInputError("请一行写一对，如「左边 → 右边」。", code="item.pairs")
    rights = sorted({right for _left, right in pairs})
    return {
        "options": {
            "left": [{"id": f"l{at}", "text": left} for at, (left, _right) in enumerate(pairs, start=1)],
            "right": [{"id": f"r{at}", "text": right} for at, right in enumerate(rights, start=1)],
        },
        "reference_answers": [
            [f"l{at}", f"r{rights.index(right) + 1}"] for at, (_left, right) in enumerate(pairs, start=1)
        ],
    }


def _ordering(_key: list[str], options: list[str]) -> Content:
    if len(options) < 2:
        raise InvalidInputError("请按正确的次序一行写一步，至少两步。", code="item.steps")
    names = "abcdefghij"[: len(options)]
    shown = sorted(zip(names, options, strict=False), key=lambda pair: pair[1])
    return {
        "options": [{"id": name, "text": text} for name, text in shown],
        "reference_answers": list(names),
    }


def _free(key: list[str], _options: list[str]) -> Content:
    return {"reference_answers": ["\n".join(key)]} if key else {}


_BUILDERS: Mapping[str, Callable[[list[str], list[str]], Content]] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "true_false": _true_false,
    "blank": _blank,
    "numeric": _texts,
    "expression": _texts,
    "solution": _solution,
    "matching": _matching,
    "ordering": _ordering,
    "short_answer": _free,
    "essay": _free,
    "file": _free,
}
TYPED_KINDS = tuple(_BUILDERS)
