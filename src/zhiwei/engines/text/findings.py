"""Spelling, grammar and punctuation slips, each located in the text; English by Harper, Chinese by rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, cast

from .lexicon import faulty_constructions, lexicon
from .normalise import is_chinese

MAX_CHECKED_CHARS = 10_000
_REPEATED = re.compile(r"([\u4e00-\u9fff]{2,4})\1")
_ECHO = re.compile(r"(的的|了了|在在|和和|是是|就就|，，|。。|、、)")
_DE_ADVERB = re.compile(
    r"(?:非常|十分|高兴|认真|努力|慢慢|渐渐|静静|悄悄|深深|仔细|飞快|不停|默默|紧紧|轻轻)(的)(?=[跑走说看写听想学做笑哭飞唱跳读问答望站坐])"
)
_DE_RESULT = re.compile(r"[跑走说看写听学做笑哭飞唱跳读长](的)(?=(?:很|非常|十分|特别|太|更)[\u4e00-\u9fff])")
_ALLOWED_REPEATS = frozenset(
    [
        "一个一个",
        "一步一步",
        "讨论讨论",
        "研究研究",
        "一点一点",
        "一天一天",
        "一次一次",
        "一遍一遍",
        "学习学习",
        "休息休息",
        "考虑考虑",
    ]
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One slip: ``text[start:end]``, what kind, why in both languages, and what might stand there instead."""

    start: int
    end: int
    kind: str
    zh: str
    en: str
    suggestions: tuple[str, ...]


class _Span(Protocol):
    start: int
    end: int


class _Suggestion(Protocol):
    replacement_text: str


class _Lint(Protocol):
    span: _Span
    message: str
    lint_kind: str
    suggestions: Sequence[_Suggestion]


class _Linter(Protocol):
    def lint(self, text: str) -> list[_Lint]: ...


@cache
def _english_linter() -> _Linter:
    import harper

    return cast(_Linter, harper.Linter(harper.Dialect.AMERICAN))


def findings(text: str) -> list[Finding]:
    """Slips in a text in order; at most ``MAX_CHECKED_CHARS`` characters are read.

    >>> [f.suggestions for f in findings("He opened teh door.")]
    [('the',)]
    """
    part = text[:MAX_CHECKED_CHARS]
    found = list(_chinese(part)) if is_chinese(part) else list(_english(part))
    return sorted(found, key=lambda finding: (finding.start, finding.end))


def _english(text: str) -> Iterator[Finding]:
    for lint in _english_linter().lint(text):
        choices = tuple(s.replacement_text for s in lint.suggestions[:3])
        kind = str(lint.lint_kind).lower()
        zh = "请检查拼写。" if kind in {"spelling", "typo"} else "请检查语法或用法。"
        yield Finding(lint.span.start, lint.span.end, kind, zh, lint.message, choices)


def _chinese(text: str) -> Iterator[Finding]:
    yield from _confused(text)
    for construction, zh, en in faulty_constructions():
        for match in construction.finditer(text):
            yield Finding(*match.span(), "construction", zh, en, ())
    for match in _ECHO.finditer(text):
        one = match.group()[0]
        yield Finding(
            *match.span(), "repeated", "重复的字或标点。", "A character or mark is repeated.", (one,)
        )
    for match in _REPEATED.finditer(text):
        if match.group() not in _ALLOWED_REPEATS and len(match.group(1)) > 2:
            yield Finding(*match.span(), "repeated", "词语重复。", "A word is repeated.", (match.group(1),))
    for pattern, right in ((_DE_ADVERB, "地"), (_DE_RESULT, "得")):
        for match in pattern.finditer(text):
            yield Finding(
                *match.span(1), "particle", f"这里应当用“{right}”。", f"Use {right} here.", (right,)
            )


def _confused(text: str) -> Iterator[Finding]:
    """Words and phrases that are common slips for others."""
    for wrong, right in lexicon("confusions"):
        for match in re.finditer(re.escape(wrong), text):
            yield Finding(*match.span(), "confused", f"应为“{right}”。", f"Should be {right}.", (right,))
