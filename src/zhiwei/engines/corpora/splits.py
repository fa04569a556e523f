"""Splits without leakage: all answers of a pupil, and all copies of an answer, are on one side."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Hashable, Sequence

SPLITS = ("train", "dev", "test")


def assign_splits(
    pupils: Sequence[Hashable],
    copies: Sequence[Hashable | None],
    *,
    salt: str,
    train_share: float,
    dev_share: float,
) -> list[str]:
    """Return ``train``, ``dev`` or ``test`` for each answer.

    Pupils joined by copied answers go together. A group's side follows from a keyed hash of its pupils, so that a
    next version keeps what is known on its side as far as no new copy joins two groups.

    Args:
        pupils: Who answered.
        copies: Group of near duplicates, ``None`` when of none.
        salt: Of the corpus.
    """
    parent: dict[Hashable, Hashable] = {}
    first: dict[Hashable, Hashable] = {}
    for pupil, copy in zip(pupils, copies, strict=True):
        parent.setdefault(pupil, pupil)
        if copy is not None:
            _join(parent, pupil, first.setdefault(copy, pupil))
    lowest: dict[Hashable, float] = {}
    for pupil in parent:
        root = _root(parent, pupil)
        lowest[root] = min(lowest.get(root, 1.0), _draw(salt, pupil))
    sides = {root: _side(value, train_share, dev_share) for root, value in lowest.items()}
    return [sides[_root(parent, pupil)] for pupil in pupils]


def leaks(groups: Sequence[Hashable | None], splits: Sequence[str]) -> set[Hashable]:
    """Return the groups (pupils, copies) that stand on more than one side."""
    side: dict[Hashable, str] = {}
    found: set[Hashable] = set()
    for group, split in zip(groups, splits, strict=True):
        if group is not None and side.setdefault(group, split) != split:
            found.add(group)
    return found


def _draw(salt: str, pupil: Hashable) -> float:
    digest = hmac.new(salt.encode(), str(pupil).encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _side(value: float, train_share: float, dev_share: float) -> str:
    if value < train_share:
        return "train"
    return "dev" if value < train_share + dev_share else "test"


def _join(parent: dict[Hashable, Hashable], one: Hashable, other: Hashable) -> None:
    first, second = _root(parent, one), _root(parent, other)
    if first != second:
        parent[second] = first


def _root(parent: dict[Hashable, Hashable], one: Hashable) -> Hashable:
    while parent[one] != one:
        parent[one] = parent[parent[one]]
        one = parent[one]
    return one
