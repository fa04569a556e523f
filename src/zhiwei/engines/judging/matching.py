"""Matching: pairs of a left and a right thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import partial

from .closed import DOUBTFUL, FAIRLY_SURE, SURE, ClosedGrader, Finding, full_answers, unknown, whole
from .errors import ItemError
from .plain import comparable
from .protocol import Grader
from .reasons import reason
from .values import Item, Json, Marked, Option, Response, scored_point, text_of

Pairs = frozenset[tuple[str, str]]
_NAME = r"([^\s,，;；、\-—–>→=:：]{1,40})"
_WRITTEN = re.compile(rf"{_NAME}\s{{0,9}}(?:[-—–=]{{1,9}}>?|→|:|：)\s{{0,9}}{_NAME}")
_MAX_CHARS = 4_000


def build(item: Item, marked: Sequence[Marked], seed: int) -> Grader:
    """A grader for pairs: ``settings.partial`` is ``per_pair`` (default) or ``none``."""
    del seed  # nothing is drawn at random
    rule = text_of(item.settings.get("partial")) or "per_pair"
    if rule not in {"per_pair", "none"}:
        raise ItemError(f"item: settings.partial: '{rule[:30]}' is neither per_pair nor none")
    read = partial(_pairs, _names(item.options), _names(item.right_options))
    right = read(list(item.reference_answers)) if item.reference_answers else None
    if item.reference_answers and not right:
        raise ItemError("item: reference_answers: no pairs in them; write [[left id, right id], …]")
    taught = full_answers(item, marked)
    right = right or (read(_given(taught[0])) if taught else None)

    def key(response: Response) -> str:
        found = read(_given(response))
        return repr(sorted(found)) if found else comparable(response.answer())

    return ClosedGrader(
        item, marked, lambda r: _judge(item, rule, right, read(_given(r))), key, {"partial": rule}
    )


def _given(response: Response) -> Json:
    return response.text or response.value


def _names(options: Sequence[Option]) -> dict[str, str]:
    by_text = {comparable(option.text): comparable(option.id) for option in options if option.text}
    return by_text | {comparable(option.id): comparable(option.id) for option in options}


def _pairs(left: dict[str, str], right: dict[str, str], value: Json) -> Pairs | None:
    """Pairs of ids from an object, a list of pairs, or text like ``1-B；2-A``."""
    found: list[tuple[Json, Json]] = []
    if isinstance(value, dict):
        found = [(a, b) for a, bs in value.items() for b in (bs if isinstance(bs, list) else [bs])]
    elif isinstance(value, list):
        for row in value:
            pair = row if isinstance(row, list) else [part for two in _written(row)[:1] for part in two]
            if len(pair) != 2:
                return None
            found.append((pair[0], pair[1]))
    else:
        found = [*_written(value)]
    keys = [(comparable(text_of(a)), comparable(text_of(b))) for a, b in found if text_of(b)]
    return frozenset((left.get(a, a), right.get(b, b)) for a, b in keys) or None


def _written(value: Json) -> list[tuple[str, str]]:
    """Pairs written as text; only so much of it is read."""
    return [(found[1], found[2]) for found in _WRITTEN.finditer(text_of(value)[:_MAX_CHARS])]


def _judge(item: Item, rule: str, right: Pairs | None, chosen: Pairs | None) -> Finding:
    if right is None:
        return unknown(item)
    if chosen is None:
        return whole(item, 0.0, "answer.unreadable", DOUBTFUL)
    if rule == "none":
        code = "matching.right" if chosen == right else "matching.wrong"
        return whole(item, item.max_score if chosen == right else 0.0, code, pairs=_shown(right - chosen))
    share = item.max_score / len(right)
    wanted, given = Counter(a for a, _ in right), Counter(a for a, _ in chosen)
    surplus = {name: max(given[name] - wanted[name], 0) for name in wanted}
    points = []
    for a, b in sorted(right):
        hit = (a, b) in chosen
        if hit and surplus[a]:
            surplus[a], hit = surplus[a] - 1, False
        points.append(scored_point(f"{a}-{b}", share if hit else 0.0, share))
    missed = [point.id for point in points if not point.score]
    code, sure = ("matching.wrong", FAIRLY_SURE) if missed else ("matching.right", SURE)
    return Finding(tuple(points), (reason(code, pairs="、".join(missed)),), sure)


def _shown(pairs: Pairs) -> str:
    return "、".join(f"{a}-{b}" for a, b in sorted(pairs))
