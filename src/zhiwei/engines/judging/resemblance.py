"""How an answer relates to question and reference answer: pasted, copied, negated, a heap of words."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from .plain import simple

Span = tuple[int, int]
_SENTENCE = re.compile(r"[^。.!！?？；;\n]+[。.!！?？；;\n]*")
_MARKS = re.compile(r"[\W_]+")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|cannot|without|neither|nor|unable|fails? to)\b|n't\b"
    r"|不是|并非|没有|不会|不能|不可能|从不|不|没|无|非|未"
)
_DO = re.compile(r"\b(?:do|does|did|will|is|are|was|were|be|can|could|has|have)\b")
_NOT_NEGATIVE = re.compile("不但|不仅|不只|不断|不同|不过|非常|无论|未来|不久|不少|非洲|无数|差不多|not only")
_MIN_CHARS = 12
_ALIKE = 0.9
MAX_COMPARED = 2_000


def pasted_spans(answer: str, stem: str) -> list[Span]:
    """Sentences of the answer that are sentences of the question (the asking ones, or nearly all of it)."""
    stem_bare = _bare(stem)
    if len(stem_bare) < _MIN_CHARS:
        return []
    if _covers(_bare(answer), stem_bare):
        return [(0, len(answer))]
    asked = {_bare(text) for text in _SENTENCE.findall(stem) if text.rstrip().endswith(("?", "？"))}
    asked |= {_bare(text) for text in _SENTENCE.findall(stem)[-1:]}
    asked = {text for text in asked if len(text) >= _MIN_CHARS}
    return [found.span() for found in _SENTENCE.finditer(answer) if _bare(found[0]) in asked]


def _covers(answer: str, stem: str) -> bool:
    """Whether the answer is the question itself: nearly all of it, and little else."""
    if not 0.6 * len(stem) <= len(answer) <= 1.3 * len(stem):
        return False
    return answer == stem or answer in stem or _ratio(answer, stem) >= _ALIKE


def contradicted_spans(answer: str, references: tuple[str, ...]) -> list[Span]:
    """Sentences that repeat a reference sentence with the opposite sign (a 不 or a *not* more or less)."""
    wanted = [
        parts for reference in references for text in _SENTENCE.findall(reference) if (parts := _signed(text))
    ]
    if not wanted:
        return []
    spans = []
    for found in _SENTENCE.finditer(answer[:MAX_COMPARED]):
        signed = _signed(found[0])
        if signed and _negates(signed, wanted):
            spans.append(found.span())
    return spans


def _negates(signed: tuple[str, int], wanted: list[tuple[str, int]]) -> bool:
    text, negations = signed
    alike = [other for other in wanted if other[0] == text or _ratio(text, other[0]) >= _ALIKE]
    return bool(alike) and all((negations - other) % 2 for _, other in alike)


@lru_cache(maxsize=4096)
def _signed(sentence: str) -> tuple[str, int] | None:
    """A sentence without its negations, and how many it had; ``None`` when too short to tell."""
    text = _NOT_NEGATIVE.sub("", simple(sentence))
    negations = len(_NEGATION.findall(text))
    rest = _MARKS.sub("", _DO.sub("", _NEGATION.sub("", text)))
    return (rest, negations) if len(rest) >= 6 else None


def same_text(answer: str, reference: str) -> bool:
    """Whether a longer answer is the reference answer, word for word."""
    bare = _bare(reference)
    return len(bare) >= _MIN_CHARS and _bare(answer) == bare


def is_salad(answer: str) -> bool:
    """Whether the answer is a heap of words: very repetitive, or many bare words in a row."""
    words = re.findall(r"[a-z']+|[\u3400-\u9fff]", answer[:MAX_COMPARED].lower())
    if len(words) >= 30 and len(set(words)) / len(words) < 0.2:
        return True
    if len(words) >= 10 and len(set(words)) <= 4:
        return True
    latin = [word for word in words if word.isascii()]
    joining = sum(bool(_FUNCTION_WORD.fullmatch(word)) for word in latin)
    bare = (
        answer.isascii()
        and len(latin) >= 8
        and not joining
        and not re.search(r"[,;、，；]", answer[:MAX_COMPARED])
    )
    return bare or (answer.isascii() and len(latin) >= 10 and joining / len(latin) < 0.06)


_FUNCTION_WORD = re.compile(
    "an?|the|of|to|in|on|at|by|for|with|from|and|or|but|if|then|so|because|is|are|was|were|be|been|being|has|have"
    "|had|do|does|did|will|would|can|could|should|may|might|must|it|its|this|that|these|those|they|them|their|he"
    "|she|his|her|we|our|you|your|i|my|as|than|when|while|which|who|what|how|there|not|no|into|out|up|down|more"
    "|less|gets?|got|makes?|made|through|during|after|before|between"
)


def _ratio(first: str, second: str) -> float:
    if abs(len(first) - len(second)) > 0.25 * max(len(first), len(second)):
        return 0.0
    matcher = SequenceMatcher(None, first[:MAX_COMPARED], second[:MAX_COMPARED], autojunk=False)
    return 0.0 if matcher.quick_ratio() < _ALIKE else matcher.ratio()


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return _MARKS.sub("", simple(text))
