"""Whether what stands around a phrase denies it, read by the statement and beside the reference answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from zhiwei.engines.text import clauses, content_words, contradicts, fold, has_han, negations

_JOINTS = re.compile(
    r"\b(?:so|because|and|but|since|therefore|which|while|although|if)\b|因为|所以|因此|但是?|而且|并且|如果",
    re.I,
)
_DENIED_AFTER = re.compile(
    r"^\W*(?:(?:is|was|are|were|did|does|do|can|will|would|could)\s*(?:not\b|n't)|(?:is|was|are)\s+(?:false|wrong|untrue))"
    r"|^\W*(?:这|的)?(?:种|个)?(?:说法|观点|结论|看法)?(?:是)?(?:不对|不正确|错误|错的|不可能|不成立|不存在|并非如此)"
)
_INNER = re.compile(r"[\s,，、]+")
_JOINED_DENIAL = re.compile(r"(?:不是|并非|并不是|\bnot)\s*$")


@lru_cache(maxsize=16_384)
def statements(text: str) -> tuple[str, ...]:
    """A text taken apart at commas, stops and joining words, so that each part states one thing."""
    parts = (part for span in clauses(text) for part in _JOINTS.split(span.text))
    return tuple(part for part in parts if any(map(str.isalnum, part)))


def stands(phrase: str, part: str) -> bool:
    """Whether the phrase stands in the part as written (whole words, for alphabetic scripts)."""
    return _place(phrase, part) is not None


@lru_cache(maxsize=32_768)
def _place(phrase: str, part: str) -> tuple[str, str] | None:
    """What stands before and after the phrase in the part."""
    wanted, text = fold(phrase).strip(" ."), fold(part)
    if not wanted:
        return None
    if has_han(wanted):
        # Commas and spaces inside a phrase decide nothing.
        found = re.search(r"[\s,，、]*".join(map(re.escape, _INNER.sub("", wanted))), text)
    else:
        found = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text)
    return (text[: found.start()], text[found.end() :]) if found else None


def opposes(phrase: str, part: str, references: Sequence[str] = ()) -> bool:
    """Whether a part about the phrase says its opposite.

    A negation counts when it stands in the same statement, before the phrase, or denies it right after. What a
    reference answer says of the phrase in the same way is no denial: "we didn't go to the park last weekend".
    """
    around = _place(phrase, part)
    if around is None:
        wanted = set(content_words(phrase))
        about = [s for s in statements(part) if wanted & set(content_words(s))]
        return contradicts(" ".join(about) or part, phrase)
    expected = {_denied(*place) for text in references if (place := _place(phrase, text)) is not None}
    return _denied(*around) not in (expected or {False})


def _denied(before: str, after: str) -> bool:
    clause = re.split(r"[,.;:!?，。；：！？\n]", before)[-1]
    pieces = _JOINTS.split(clause)
    near = pieces[-1]
    if not near.strip() and len(pieces) > 1 and _JOINED_DENIAL.search(pieces[-2]):
        near = pieces[-2]
    return (negations(near) + bool(_DENIED_AFTER.search(after))) % 2 == 1


_FEWEST_ACCEPTED = 3


def denies_all(answer: str, accepted: Sequence[str]) -> bool:
    """Whether every statement of an answer negates what accepted answers state and seldom negate.

    Nothing is decided from fewer than three accepted answers.
    """
    if len(accepted) < _FEWEST_ACCEPTED or not negations(answer):
        return False
    stated = _stated(tuple(accepted))
    parts = [part for part in statements(answer) if content_words(part)]
    return bool(parts) and all(negations(part) % 2 == 1 and _turns(part, stated) for part in parts)


def _turns(part: str, stated: Mapping[str, bool]) -> bool:
    """Whether a statement takes up words of accepted answers, none of which these usually negate.

    The word that negates is none of them: "no animal eats them" turns "food for animals" round whether or not an
    accepted answer says "no" elsewhere.
    """
    words = (word for word in set(content_words(part)) if not negations(word))
    taken = [stated[word] for word in words if word in stated]
    return bool(taken) and all(taken)


@lru_cache(maxsize=64)
def _stated(accepted: tuple[str, ...]) -> Mapping[str, bool]:
    """Content words, and whether plain statements hold them more than twice as often as negated ones."""
    plain, negated = Counter[str](), Counter[str]()
    for text in accepted:
        for part in statements(text):
            (negated if negations(part) % 2 else plain).update(set(content_words(part)))
    return {word: plain[word] > 2 * negated[word] for word in {*plain, *negated}}
