"""What likeness to the reference is worth, learned from marks on other questions.

A school that has marked other questions with their reference answers teaches the machine to judge a new
question from its reference answer alone. Nothing is shipped trained: the marks are the school's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from zhiwei.engines.judging.values import Item, Marked
from zhiwei.engines.text import encode

from .beside import beside_others
from .kindred import Kindred, Sight
from .likeness import likeness

Floats = NDArray[np.float64]
Parts = NDArray[np.int64]
Elsewhere = Sequence[tuple[Item, Marked]]
FEWEST = 40


ItemKey = tuple[str, tuple[str, ...]]
Row = tuple[ItemKey, float, str, float, bool]


def item_key(item: Item) -> ItemKey:
    """What of an item the model looks at: its stem and its references."""
    return item.stem, item.reference_texts()


class Taught:
    """What marks on other questions teach about answers to one question.

    The questions are dealt into at most five parts and a model is made without each, so that any number of
    questions judged from the same marks share five models; the judged question's own marks are left out.
    """

    def __init__(self, lessons: Elsewhere, own: frozenset[ItemKey], seed: int) -> None:
        """Look through ``lessons``; ``own``: keys of the judged question."""
        self._lessons = [(m.contradicts, item_key(item) not in own) for item, m in lessons]
        self._rows = _rows(lessons)
        self._own, self._seed = own, seed

    def chances(self, answers: Sight) -> Floats | None:
        """Expected share of full marks; None when too few marks on other questions are known."""
        if sum(elsewhere for _, elsewhere in self._lessons) < FEWEST:
            return None
        return _model(self._rows, self._left_out(), self._seed, False).chances(answers)

    def contradictions(self, answers: Sight) -> Floats | None:
        """How likely each answer says the opposite of what is right; None when too few marks note it."""
        if sum(denied and elsewhere for denied, elsewhere in self._lessons) < FEWEST:
            return None
        return _model(self._rows, self._left_out(), self._seed, True).chances(answers)

    def _left_out(self) -> frozenset[int]:
        part_of = _parts(self._rows)
        return frozenset(part_of[key] for key in self._own if key in part_of)


def sight_of(answers: Sequence[str], references: Sequence[str], measures: Floats) -> Sight:
    """Answers to one question as the models see them: beside each other and the reference nearest in meaning."""
    vectors, targets = encode(answers), encode(references)
    nearest = targets[np.argmax(vectors @ targets.T, axis=1)]
    return Sight(beside_others(measures, vectors), vectors, nearest)


def _rows(lessons: Elsewhere) -> tuple[Row, ...]:
    return tuple(
        (item_key(item), item.max_score, m.response.answer(), m.score, m.contradicts) for item, m in lessons
    )


_MOST_EXACT = 12
"""Up to so many items each is a part of its own."""


def _parts(rows: Sequence[Row]) -> dict[ItemKey, int]:
    keys = sorted({row[0] for row in rows})
    return {key: at % (5 if len(keys) > _MOST_EXACT else len(keys)) for at, key in enumerate(keys)}


def _by_item(rows: Sequence[Row]) -> dict[ItemKey, list[int]]:
    found: dict[ItemKey, list[int]] = {}
    for at, row in enumerate(rows):
        found.setdefault(row[0], []).append(at)
    return found


def _order(rows: Sequence[Row]) -> list[int]:
    """Places of the rows, item by item, as :func:`_table` has them."""
    return [at for places in _by_item(rows).values() for at in places]


@lru_cache(maxsize=3)
def _table(rows: tuple[Row, ...]) -> tuple[Sight, Floats]:
    """Answers, and (n, 4) per answer: share of full marks, whether it contradicts, part, and question; item by item."""
    part_of, by_item = _parts(rows), _by_item(rows)
    seen, facts = list[Sight](), list[tuple[float, float, int, int]]()
    for number, (key, places) in enumerate(by_item.items()):
        answers = [rows[at][2] for at in places]
        seen.append(sight_of(answers, key[1], likeness(answers, key[1], key[0])))
        facts += [(rows[at][3] / rows[at][1], float(rows[at][4]), part_of[key], number) for at in places]
    columns = (
        np.vstack([getattr(one, name) for one in seen]) for name in ("measures", "answers", "references")
    )
    return Sight(*columns), np.array(facts)


@lru_cache(maxsize=12)
def _model(rows: tuple[Row, ...], left_out: frozenset[int], seed: int, denial: bool) -> Kindred:
    seen, facts = _table(rows)
    kept = ~np.isin(facts[:, 2], sorted(left_out))
    return Kindred(seen.take(kept), facts[kept, int(denial)], facts[kept, 3], seed)
