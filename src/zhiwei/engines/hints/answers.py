"""The answers of a question as texts, and whether a text gives one of them away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

from zhiwei.engines.text import fold

SHORT = 3
"""Answers of at most so many signs count as given away only where a text says that they are the answer."""
_NOISE = re.compile(r"[\s$\\{}()（）\[\]，,。.;；：:、“”\"'*_]+")
_SAYING = r"(?:答案|结果|正确选项|应该?选|应填|选|填|得|等于|就是|是|为|=|≈|answer|option|choose|equals|is)"
_SEVERAL = 40


def answers_of(item: Mapping[str, object]) -> tuple[str, ...]:
    """Return the texts that would give a question away: key, accepted answers, last lines of solutions, parts too."""
    found: list[str] = []
    for part in (item, *maps_in(item.get("parts"))):
        found += _leaves(part.get("reference_answers"))
        rubric = maps_in(part.get("rubric"))
        if rubric and part.get("type") not in {"essay", "short_answer"}:
            found += _leaves(rubric[-1].get("accept"))[:1]
    return tuple(dict.fromkeys(one for one in found if one.strip()))[:_SEVERAL]


def gives_away(text: str, answers: Iterable[str]) -> bool:
    """Tell whether a text says an answer: verbatim when it is long, as "the answer is …" when it is short."""
    plain = _plain(text)
    return any(_says(plain, _plain(answer)) for answer in answers)


def _says(plain: str, answer: str) -> bool:
    if not answer:
        return False
    if len(answer) > SHORT or "=" in answer:
        return answer in plain
    return re.search(rf"{_SAYING}{re.escape(answer)}(?![0-9a-z])", plain) is not None


def _plain(text: str) -> str:
    return _NOISE.sub("", fold(text).replace("\\frac", "").replace("true", "对").replace("false", "错"))


def maps_in(value: object) -> list[Mapping[str, object]]:
    """Return the objects of a JSON list."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def _leaves(value: object) -> list[str]:
    if isinstance(value, list | tuple):
        last = value[-1:] if len(value) > 2 and all(isinstance(one, str) for one in value) else value
        return [leaf for one in last for leaf in _leaves(one)]
    if isinstance(value, Mapping):
        return [leaf for one in cast(Mapping[str, object], value).values() for leaf in _leaves(one)]
    return [] if value is None else [str(value)]
