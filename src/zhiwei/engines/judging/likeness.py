"""Near misses: a slip of the keyboard in a word, or another character of the same sound."""

from __future__ import annotations

import re
from functools import lru_cache

_HAN_WORD = re.compile("^[\u3400-\u9fff]{1,12}$")
_MAX = 64


def slip(answer: str, accepted: str) -> str:
    """``typo`` or ``homophone`` when ``answer`` is a slip away from ``accepted``, else an empty text.

    Both texts are already comparable. One edit is a slip in a word of four letters or more, two in one of
    nine or more. Chinese words are a slip apart only when they sound alike: 增大 and 减大 do not.
    """
    if answer == accepted or max(len(answer), len(accepted)) > _MAX:
        return ""
    if _HAN_WORD.match(answer) and _HAN_WORD.match(accepted):
        alike = len(answer) == len(accepted) > 1 and _sound(answer) == _sound(accepted)
        return "homophone" if alike else ""
    if any(c.isdigit() for c in answer + accepted) or len(accepted) < 4:
        return ""
    return "typo" if edits(answer, accepted) <= (1 if len(accepted) < 9 else 2) else ""


def edits(first: str, second: str) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours between two texts (optimal alignment)."""
    before, above = list(range(len(second) + 1)), list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        row = [i]
        for j, b in enumerate(second, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == second[j - 2] and b == first[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]


@lru_cache(maxsize=4096)
def _sound(word: str) -> tuple[str, ...]:
    from pypinyin import lazy_pinyin

    return tuple(lazy_pinyin(word))
