"""Items in the shape of docs/item-format.md, built from what every exchange format says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from zhiwei.engines.exchange.values import Content, NotUnderstoodError

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def choice(
    stem: str,
    options: Sequence[tuple[str, bool]],
    *,
    several: bool = False,
    score: float = 1,
) -> Content:
    """Return a single or multiple choice from ``(text, right)``; several right ones make it multiple.

    Raises:
        NotUnderstoodError: No option is right, or there are more than 26.
    """
    if len(options) > len(LETTERS):
        raise NotUnderstoodError(f"has {len(options)} options; at most {len(LETTERS)} are read")
    right = [LETTERS[place] for place, (_text, is_right) in enumerate(options) if is_right]
    if not right:
        raise NotUnderstoodError("says of no option that it is right")
    return {
        "type": "multiple_choice" if several or len(right) > 1 else "single_choice",
        "max_score": score,
        "stem": stem,
        "options": [{"id": LETTERS[place], "text": text} for place, (text, _right) in enumerate(options)],
        "reference_answers": right,
    }


def truth(stem: str, answer: bool, *, score: float = 1) -> Content:
    """Return a true-or-false question."""
    return {"type": "true_false", "max_score": score, "stem": stem, "reference_answers": [answer]}


def blank(
    stem: str,
    answers: Sequence[Sequence[str]],
    *,
    score: float = 1,
    scores: Sequence[float] = (),
    case: bool = False,
) -> Content:
    """Return a question with one list of accepted texts for each blank."""
    each = list(scores) or [score / len(answers)] * len(answers)
    settings: Content = {
        "blanks": [{"id": f"b{n}", "score": one, "kind": "text"} for n, one in enumerate(each, start=1)]
    }
    if case:
        settings["case_sensitive"] = True
    return {
        "type": "blank",
        "max_score": score,
        "stem": stem,
        "reference_answers": [list(one) for one in answers],
        "settings": settings,
    }


def numeric(
    stem: str, answer: str, tolerance: float = 0, *, relative: bool = False, score: float = 1
) -> Content:
    """Return a numeric question."""
    content: Content = {"type": "numeric", "max_score": score, "stem": stem, "reference_answers": [answer]}
    if tolerance:
        content["settings"] = {"tolerance": {"relative" if relative else "absolute": tolerance}}
    return content


def matching(stem: str, pairs: Sequence[tuple[str, str]], *, score: float = 1) -> Content:
    """Return a matching question from ``(left, right)``; an empty left side makes a distractor.

    Raises:
        NotUnderstoodError: There is no pair, or an entry without a partner.
    """
    lefts = [left for left, _right in pairs if left]
    if not lefts:
        raise NotUnderstoodError("has no pair to match")
    if any(left and not right for left, right in pairs):
        raise NotUnderstoodError("has an entry without a partner")
    rights = sorted({right for _left, right in pairs if right})
    number = {text: f"r{place}" for place, text in enumerate(rights, start=1)}
    answers = [
        [f"l{place}", number[right]] for place, (_l, right) in enumerate([p for p in pairs if p[0]], start=1)
    ]
    return {
        "type": "matching",
        "max_score": score,
        "stem": stem,
        "options": {
            "left": [{"id": f"l{place}", "text": text} for place, text in enumerate(lefts, start=1)],
            "right": [{"id": number[text], "text": text} for text in rights],
        },
        "reference_answers": answers,
    }


def matching_by_id(
    stem: str,
    left: Mapping[str, str],
    right: Mapping[str, str],
    pairs: Sequence[tuple[str, str]],
    *,
    score: float = 1,
) -> Content:
    """Return a matching question from texts by identifier; identifiers are kept where they are short and distinct.

    Raises:
        NotUnderstoodError: There is no pair, or an entry of the left side without a partner.
    """
    partner = dict(pairs)
    if not pairs or not partner.keys() <= left.keys() or not set(partner.values()) <= right.keys():
        raise NotUnderstoodError("has no pair to match, or pairs that name no entry")
    if set(partner) != set(left):
        raise NotUnderstoodError("has an entry without a partner")
    names = [*left, *right]
    plain = len(set(names)) == len(names) and all(re.fullmatch(r"[A-Za-z][\w.-]{0,15}", one) for one in names)
    ones = {key: key if plain else f"l{place}" for place, key in enumerate(left, start=1)}
    others = {key: key if plain else f"r{place}" for place, key in enumerate(right, start=1)}
    return {
        "type": "matching",
        "max_score": score,
        "stem": stem,
        "options": {
            "left": [{"id": ones[key], "text": text} for key, text in left.items()],
            "right": [{"id": others[key], "text": text} for key, text in right.items()],
        },
        "reference_answers": [[ones[one], others[partner[one]]] for one in left],
    }


def ordering_by_id(stem: str, texts: Mapping[str, str], right: Sequence[str], *, score: float = 1) -> Content:
    """Return an ordering question from texts by identifier, shown as they stand unless that is the answer.

    Raises:
        NotUnderstoodError: Fewer than two entries.
    """
    names = list(texts)
    if names == list(right) or len(names) < 2:
        return ordering(stem, [texts[key] for key in right], score=score)
    letter = dict(zip(names, kept_letters(names), strict=False))
    return {
        "type": "ordering",
        "max_score": score,
        "stem": stem,
        "options": [{"id": letter[key], "text": text} for key, text in texts.items()],
        "reference_answers": [letter[key] for key in right],
    }


def kept_letters(names: Sequence[str]) -> Sequence[str]:
    """Return the identifiers when they are the first letters of the alphabet in order, else those letters."""
    return list(names) if "".join(names).upper() == LETTERS[: len(names)] else LETTERS


def ordering(stem: str, texts: Sequence[str], *, score: float = 1) -> Content:
    """Return an ordering question from its entries in the right order; they are shown in another.

    Raises:
        NotUnderstoodError: Fewer than two entries.
    """
    if len(texts) < 2:
        raise NotUnderstoodError("has fewer than two entries to put in order")
    shown = sorted(range(len(texts)), key=lambda place: (texts[place], place))
    letter = {place: LETTERS[at] for at, place in enumerate(shown)}
    return {
        "type": "ordering",
        "max_score": score,
        "stem": stem,
        "options": [{"id": letter[place], "text": texts[place]} for place in shown],
        "reference_answers": [letter[place] for place in range(len(texts))],
    }


def essay(stem: str, *, score: float = 10) -> Content:
    """Return an essay."""
    return {"type": "essay", "max_score": score, "stem": stem}


def with_unit(value: str, unit: str) -> str:
    """Return a number with its unit as one writes it (``9.8 m/s^2``, ``80%``)."""
    return f"{value}{unit}" if unit in {"%", "°"} else f"{value} {unit}".strip()


def partial_marks(shares: list[tuple[str, float, str]], score: float, stem: str = "option") -> list[Content]:
    """Return common errors that earn part of the marks or get feedback, from ``(match, share in %, feedback)``."""
    return [
        {"code": f"{stem}-{match.lower() if stem == 'option' else place}", "match": [match],
         **({"feedback": said} if said else {}), **({"score": round(score * share / 100, 4)} if share > 0 else {})}
        for place, (match, share, said) in enumerate(shares, start=1)
        if said or share > 0
    ]  # fmt: skip
