"""Putting things in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from .closed import DOUBTFUL, FAIRLY_SURE, SURE, ClosedGrader, Finding, full_answers, unknown
from .closed import whole as one_point
from .errors import ItemError
from .plain import comparable
from .protocol import Grader
from .reasons import reason
from .values import Item, Json, Marked, Response, scored_point, text_of

Order = tuple[str, ...]
_BETWEEN = re.compile(r"\s*(?:->|=>|[→>＞,，、;；<\-—–\n]|\s)\s*")


def build(item: Item, marked: Sequence[Marked], seed: int) -> Grader:
    """A grader for an order: ``settings.partial`` is ``none`` (default), ``position`` or ``adjacent``."""
    del seed  # nothing is drawn at random
    rule = text_of(item.settings.get("partial")) or "none"
    if rule not in {"none", "position", "adjacent"}:
        raise ItemError(f"item: settings.partial: '{rule[:30]}' is not none, position or adjacent")
    names = {comparable(option.text): comparable(option.id) for option in item.options if option.text}
    names |= {comparable(option.id): comparable(option.id) for option in item.options}
    read = partial(_order, names)
    given = list(item.reference_answers)
    several = any(isinstance(entry, list) for entry in given) or len(given) == 1
    rights = [read(entry) for entry in given] if several else [read(given)] if given else []
    rights = rights or [read(r.text or r.value) for r in full_answers(item, marked)]
    known = tuple(right for right in rights if right)
    if item.reference_answers and not known:
        raise ItemError("item: reference_answers: no order in them; write the ids in order")

    def key(response: Response) -> str:
        return "\n".join(read(response.text or response.value) or ()) or comparable(response.answer())

    return ClosedGrader(
        item, marked, lambda r: _judge(item, rule, known, read(r.text or r.value)), key, {"partial": rule}
    )


def _order(names: dict[str, str], value: Json) -> Order | None:
    """Ids in order from a list, or from text such as ``c→a→b`` or ``cab``."""
    if isinstance(value, list):
        parts = [comparable(text_of(part)) for part in value]
    else:
        parts = [comparable(part) for part in _BETWEEN.split(text_of(value).strip()) if part.strip()]
        if len(parts) == 1 and parts[0] not in names:
            parts = list(parts[0])
    order = tuple(names.get(part, part) for part in parts if part)
    return order if order and len(set(order)) == len(order) else None


def _judge(item: Item, rule: str, rights: tuple[Order, ...], given: Order | None) -> Finding:
    if not rights:
        return unknown(item)
    if given is None:
        return one_point(item, 0.0, "answer.unreadable", DOUBTFUL)
    if given in rights:
        return one_point(item, item.max_score, "ordering.right", SURE)
    share, where = max((_share(rule, right, given), _first_wrong(right, given)) for right in rights)
    points = (scored_point("all", item.max_score * share, item.max_score),)
    return Finding(points, (reason("ordering.wrong", point_id="all", place=str(where)),), FAIRLY_SURE)


def _share(rule: str, right: Order, given: Order) -> float:
    if rule == "position":
        return sum(a == b for a, b in zip(right, given, strict=False)) / max(len(right), len(given))
    if rule == "adjacent" and len(right) > 1:
        return len(set(pairwise(right)) & set(pairwise(given))) / (max(len(right), len(given)) - 1)
    return 0.0


def _first_wrong(right: Order, given: Order) -> int:
    pairs = enumerate(zip(right, given, strict=False), 1)
    return next((n for n, (a, b) in pairs if a != b), min(len(right), len(given)) + 1)
