"""Single and multiple choice, true or false."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from .closed import (
    DOUBTFUL,
    FAIRLY_SURE,
    SURE,
    ClosedGrader,
    Finding,
    full_answers,
    matched_error,
    unknown,
    whole,
)
from .errors import ItemError
from .plain import comparable, simple
from .protocol import Grader
from .reasons import reason
from .values import Item, ItemType, Json, Marked, Response, scored_point, text_of

Choice = frozenset[str]
_TRUE = {
    "true",
    "t",
    "yes",
    "y",
    "right",
    "correct",
    "对",
    "正确",
    "是",
    "√",
    "✓",
    "✔",
    "1",
    "v",
    "真",
    "对的",
    "正确的",
}
_FALSE = {
    "false",
    "f",
    "no",
    "n",
    "wrong",
    "incorrect",
    "错",
    "错误",
    "否",
    "不是",
    "×",
    "✗",
    "✘",
    "x",
    "0",
    "假",
    "不对",
    "不正确",
    "错的",
}
_LEAD = re.compile(
    r"^(?:我?(?:的)?(?:答案|选择?|选项)(?:是|为|选)?|答|i choose"
    r"|(?:my |the )?(?:answer|choice|option)s?(?: is| are)?)[:\s]*"
)
_NOT = re.compile(r"不选|不是|排除|除了|\bnot\b")
PARTIAL = ("none", "subset", "proportional", "per_option")


def build(item: Item, marked: Sequence[Marked], seed: int) -> Grader:
    """A grader for choices; ``settings.partial`` says what an incomplete set of choices earns."""
    del seed  # nothing is drawn at random
    reader = _Reader(item)
    rights = [found for found in map(reader.value, item.reference_answers) if found is not None]
    if item.type is ItemType.MULTIPLE_CHOICE and rights and all(len(right) == 1 for right in rights):
        rights = [frozenset[str]().union(*rights)]
    if item.reference_answers and not rights:
        raise ItemError(
            f"item: reference_answers: '{text_of(item.reference_answers[0])[:40]}' is none of the options"
        )
    rights = rights or [found for r in full_answers(item, marked) if (found := reader.read(r)) is not None]
    partial_rule = _partial_rule(item)
    return ClosedGrader(
        item,
        marked,
        partial(_judge, item, reader, tuple(rights), partial_rule),
        reader.key,
        {"partial": partial_rule},
    )


def _partial_rule(item: Item) -> str:
    rule = text_of(item.settings.get("partial")) or "none"
    if rule not in PARTIAL:
        raise ItemError(f"item: settings.partial: '{rule[:30]}' is none of {', '.join(PARTIAL)}")
    return rule


class _Reader:
    """Which options a pupil chose, from letters, option texts, or words around them."""

    def __init__(self, item: Item) -> None:
        self._type = item.type
        self._by_name: dict[str, str] = {}
        for number, option in enumerate(item.options):
            self._by_name.setdefault(comparable(option.text), comparable(option.id))
            if not any(o.id == str(number + 1) for o in item.options):
                self._by_name.setdefault(str(number + 1), comparable(option.id))
        self._by_name.pop("", None)
        self._ids = {comparable(option.id) for option in item.options} or set("abcdefgh")

    def read(self, response: Response) -> Choice | None:
        """The options chosen; ``None`` when that cannot be told."""
        return self.value(response.text) if response.text else self.value(response.value)

    def key(self, response: Response) -> str:
        found = self.read(response)
        return "\n".join(sorted(found)) if found is not None else comparable(response.answer())

    def value(self, value: Json) -> Choice | None:
        if self._type is ItemType.TRUE_FALSE:
            return _truth(value)
        if isinstance(value, list):
            parts = [self.value(part) for part in value]
            return None if None in parts else frozenset(name for part in parts if part for name in part)
        return self._text(text_of(value))

    def _text(self, text: str) -> Choice | None:
        plain = comparable(text)
        if plain in self._ids:
            return frozenset({plain})
        if plain in self._by_name:
            return frozenset({self._by_name[plain]})
        words = _LEAD.sub("", simple(text)).strip(" .。()")
        if _NOT.search(words):
            return None
        return self._several(words)

    def _several(self, words: str) -> Choice | None:
        names = [name for name in re.split(r"[\s,.;/&+|()]+|和|与|及|and", words) if name]
        known = [self._ids & {name} or {self._by_name.get(name, "")} - {""} for name in names]
        if names and all(known):
            return frozenset(name for found in known for name in found)
        letters = "".join(names)
        if letters and len(letters) <= len(self._ids) and all(c in self._ids for c in letters):
            return frozenset(letters)
        alone = set(re.findall(r"(?<![a-z])[a-z](?![a-z])", words)) & self._ids
        return frozenset(alone) if len(alone) == 1 and len(words) <= 60 else None


def _truth(value: Json) -> Choice | None:
    if isinstance(value, list):
        return _truth(value[0]) if len(value) == 1 else None
    plain = simple(text_of(value)).strip(" .。()!")
    if plain in _TRUE or comparable(plain) in _TRUE:
        return frozenset({"true"})
    return frozenset({"false"}) if plain in _FALSE or comparable(plain) in _FALSE else None


def _judge(item: Item, reader: _Reader, rights: tuple[Choice, ...], rule: str, response: Response) -> Finding:
    chosen = reader.read(response)
    if chosen is None:
        return whole(item, 0.0, "answer.unreadable", DOUBTFUL)
    if not rights:
        return unknown(item)
    if chosen in rights:
        return whole(item, item.max_score, "choice.right")
    error = matched_error(item, lambda text: reader.value(text) == chosen)
    if item.type is not ItemType.MULTIPLE_CHOICE:
        several = len(chosen) > 1
        found = whole(
            item, 0.0, "choice.several" if several else "choice.wrong", FAIRLY_SURE if several else SURE
        )
    else:
        found = max(
            (_several(item, chosen, right, rule) for right in rights),
            key=lambda f: sum(p.score for p in f.points),
        )
    if error:
        return Finding((scored_point("all", error[0], item.max_score),), (*found.reasons, error[1]))
    return found


def _several(item: Item, chosen: Choice, right: Choice, rule: str) -> Finding:
    missing, extra = sorted(right - chosen), sorted(chosen - right)
    score = item.max_score * _share(item, chosen, right, rule)
    codes = [("choice.missing", missing), ("choice.extra", extra)]
    reasons = tuple(
        reason(code, point_id="all", options="、".join(names).upper()) for code, names in codes if names
    )
    return Finding((scored_point("all", score, item.max_score),), reasons)


def _share(item: Item, chosen: Choice, right: Choice, rule: str) -> float:
    """The share of the marks for a set of choices that is not the right one."""
    hits, extra = len(chosen & right), len(chosen - right)
    if rule == "proportional":
        return max(hits - extra, 0) / len(right)
    if rule == "per_option":
        count = max(len(item.options), len(chosen | right))
        return (count - extra - (len(right) - hits)) / count
    if rule == "subset" and not extra and hits:
        given = item.settings.get("subset_score")
        score = float(given) if isinstance(given, int | float) else item.max_score / 2
        return min(max(score, 0.0), item.max_score) / item.max_score
    return 0.0
