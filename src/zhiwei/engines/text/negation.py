"""Does a text say the opposite of another: negation and opposite words, in Chinese and English."""

from __future__ import annotations

import re
from functools import cache

from .normalise import fold
from .tokens import stem, words

_EN_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|cannot|without|hardly|unable|fails? to|failed to|instead of|rather than)\b|n't\b|\b(?:dont|doesnt|didnt|isnt|wasnt|cant|wont|arent)\b"
)
_ZH_NEGATION = re.compile(r"不(?!但|仅|光|只|断|同|仅仅|得不|妨)|没有?|無|无(?!论)|非(?!常)|未(?!来)|并非|否认|难以|别|勿|缺乏")
_DOUBLE = re.compile(r"不能不|不得不|不会不|不可能不|没有不|无不|并非不|不是不|not (?:un\w+|without)")
_OPPOSITES = """
increase decrease|rise fall|more less|more fewer|high low|higher lower|hot cold|warm cool|heat cool|fast slow|large small|big small|
greater smaller|greater less|strong weak|open close|positive negative|absorb release|gain lose|expand contract|expand shrink|
same different|solid liquid|before after|above below|up down|attract repel|reactant product|acid base|male female|predator prey|
parallel series|connect separate|connect disconnect|complete incomplete|true false|day night|light dark|heavy light|long short|
near far|front back|left right|north south|east west|push pull|faster slower|louder softer|float sink|melt freeze|evaporate condense|
增大 减小|增加 减少|升高 降低|上升 下降|变大 变小|变长 变短|变强 变弱|变快 变慢|吸收 释放|吸热 放热|吸引 排斥|收缩 膨胀|
正 负|快 慢|高 低|大 小|多 少|强 弱|热 冷|前 后|上 下|左 右|远 近|有利 不利|促进 抑制|支持 反对|肯定 否定|提高 降低|加速 减速|
氧化 还原|熔化 凝固|汽化 液化|升华 凝华|合成 分解|正确 错误|相同 不同|相等 不等|开放 封闭|先进 落后|积极 消极|主动 被动|
进步 倒退|真 假|善 恶|美 丑|成功 失败|胜利 失败|凸 凹|串联 并联|导体 绝缘体|动能 势能|顺时针 逆时针|酸性 碱性
"""


@cache
def _opposites() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in _OPPOSITES.replace("\n", "").split("|"):
        one, other = (stem(word) for word in pair.split())
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return {word: frozenset(against) for word, against in table.items()}


def negations(text: str) -> int:
    """How many times a text denies something; a double negative counts as none.

    >>> negations("It does not conduct."), negations("温度不但升高，而且不变"), negations("不得不承认")
    (1, 1, 0)
    """
    plain = _DOUBLE.sub(" ", fold(text))
    return len(_EN_NEGATION.findall(plain)) + len(_ZH_NEGATION.findall(plain))


def opposite_words(text: str, other: str) -> list[tuple[str, str]]:
    """Pairs of opposite words, one only in ``text`` and its opposite only in ``other``.

    >>> opposite_words("the voltage decreases", "the voltage increases")
    [('decreas', 'increas')]
    """
    mine, theirs = set(words(text)), set(words(other))
    table = _opposites()
    found = (
        (word, against)
        for word in mine - theirs
        for against in table.get(word, frozenset()) & theirs
        if against not in mine
    )
    return sorted(found)


def contradicts(text: str, other: str) -> bool:
    """Whether two texts about the same thing disagree: one denies what the other states, or opposites are used.

    Means something only for texts that overlap; check that first.
    """
    flips = negations(text) % 2 != negations(other) % 2
    return flips != bool(opposite_words(text, other))
