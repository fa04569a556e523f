"""The compiled counting, loaded when it is first needed: it brings numba, which a web server's start must not."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhiwei.engines.privacy.compiled import Codes, Tables


@cache
def compiled() -> ModuleType:
    """Return :mod:`compiled`."""
    from zhiwei.engines.privacy import compiled as module

    return module


def codes_of(text: str) -> Codes:
    """Return the code points of a text."""
    found: Codes = compiled().codes_of(text)
    return found


def cut(text: str) -> list[str]:
    """Return the best cutting of a text into words."""
    found: list[str] = compiled().cut(text)
    return found


def advantage(codes: Codes, start: int, end: int) -> tuple[float, float]:
    """Return what the words beside a stretch are worth alone, and together with it."""
    found: tuple[float, float] = compiled().advantage(codes, start, end, *_tables().words)
    return found


def weigh_all(
    codes: Codes, before: dict[int, float], after: frozenset[int], title: float, signs: tuple[float, ...]
) -> list[tuple[list[int], list[float]]]:
    """Return every surname that its surroundings could still make a name; see :func:`compiled.weigh_all`."""
    import numpy as np

    loud, behind = np.zeros(len(codes) + 1), np.zeros(len(codes) + 1)
    for place, weight in before.items():
        loud[place] = weight
    behind[list(after)] = title
    tables = _tables()
    places, scores = compiled().weigh_all(
        codes, loud, behind, np.array(signs), tables.words, tables.pairs, tables.chars
    )
    return list(zip(places.tolist(), scores.tolist(), strict=True))


def _tables() -> Tables:
    found: Tables = compiled().load_tables()
    return found
