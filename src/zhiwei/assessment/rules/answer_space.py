"""Which answer space a question gets on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from zhiwei.engines.sheets import Question, answer_space_for

_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,4})?")
_TRUE_FALSE = ("对", "错")
_MOST_OPTIONS = 10


def question_on_paper(
    key: str, label: str, content: Mapping[str, Any], max_score: float, *, with_text: bool
) -> Question:
    """Return what is printed for one question.

    Args:
        key: Comes back with every reading.
        label: The printed number.
        content: The item (docs/item-format.md).
        max_score: Full marks, printed.
        with_text: Print stem and options too.
    """
    kind = _kind(content)
    options = _options(content) if kind == "choice" else ()
    if kind == "choice" and not 1 <= len(options) <= _MOST_OPTIONS:
        kind = "blank"
    return Question(
        key=key,
        kind=kind,
        label=label,
        points=max_score,
        options=options or ("A", "B", "C", "D"),
        multiple=content["type"] == "multiple_choice",
        text=_text(content) if with_text else "",
        size=_size(kind, content),
    )


def _kind(content: Mapping[str, Any]) -> str:
    kind = answer_space_for(str(content["type"]))
    if kind != "digits":
        return kind
    answers = content.get("reference_answers") or []
    return "digits" if answers and all(_PLAIN_NUMBER.fullmatch(str(one)) for one in answers) else "blank"


def _options(content: Mapping[str, Any]) -> tuple[str, ...]:
    if content["type"] == "true_false":
        return _TRUE_FALSE
    given = content.get("options") or []
    return tuple(str(one["id"]) for one in given if isinstance(one, Mapping) and one.get("id"))


def _size(kind: str, content: Mapping[str, Any]) -> int:
    if kind == "blank":
        several = content["type"] == "blank"
        return max(1, min(len(content.get("reference_answers") or [1]) if several else 1, 20))
    if kind == "digits":
        return max(len(str(one)) for one in content["reference_answers"]) + 2
    if kind == "grid":
        return min(int((content.get("settings") or {}).get("min_length", 0) or 0), 1000)
    return 0


def _text(content: Mapping[str, Any]) -> str:
    words = [str(content.get("stem", ""))]
    given = content.get("options") or []
    if isinstance(given, list):
        words += [f"{one.get('id', '')}. {one.get('text', '')}" for one in given if isinstance(one, Mapping)]
    return "　".join(filter(None, words))[:2000]
