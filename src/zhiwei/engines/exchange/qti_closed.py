"""QTI questions answered by picking: choices, words in a text, orders, pairs."""

from __future__ import annotations

from itertools import combinations
from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.building import (
    LETTERS,
    choice,
    matching_by_id,
    ordering_by_id,
    partial_marks,
    truth,
)
from zhiwei.engines.exchange.markup import attribute, each, tag
from zhiwei.engines.exchange.qti_declared import Declared
from zhiwei.engines.exchange.qti_source import Source
from zhiwei.engines.exchange.values import Content, NotUnderstoodError


def choice_of(source: Source, asked: Element, stem: str, score: float) -> Content:
    """A choice; two options ``true`` and ``false`` make a true-or-false question."""
    rule, options = source.rule(asked), source.texts(asked, "simplechoice")
    if {key.lower() for key in options} == {"true", "false"} and len(rule.right) == 1:
        return truth(stem, rule.right[0].lower() == "true", score=score)
    return picked(options, rule, stem, score, several=_several(asked, rule))


def picked(options: dict[str, str], rule: Declared, stem: str, score: float, *, several: bool) -> Content:
    """Return a choice among texts by identifier; part marks of a single choice become common errors that earn them."""
    right = set(rule.right if rule.cardinality != "single" else rule.right[:1])
    rows = [(text, key in right) for key, text in options.items()]
    content = choice(stem, rows, several=several, score=score)
    if content["type"] == "multiple_choice":
        penal = any(value < 0 for value in rule.mapping.values())
        content.update(
            {"settings": {"partial": "proportional" if penal else "per_option"}} if rule.mapping else {}
        )
        return content
    best = max(rule.mapping.values(), default=0.0) or 1.0
    shares = [
        (LETTERS[place], 100 * rule.mapping.get(key, 0.0) / best, "")
        for place, key in enumerate(options)
        if key not in right
    ]
    errors = partial_marks(shares, score)
    return {**content, **({"errors": errors} if errors else {})}


def _several(asked: Element, rule: Declared) -> bool:
    """More may be picked; ``maxChoices`` of one wins over a declaration that holds several."""
    most = attribute(asked, "maxchoices")
    return rule.cardinality == "multiple" if not most else most != "1"


def hottext(source: Source, asked: Element, stem: str, score: float) -> Content:
    """Words picked in a text: the words are options, and stand in the text with their letters."""
    rule, words = source.rule(asked), list(each(asked, "hottext"))
    if len(words) > len(LETTERS):
        raise NotUnderstoodError(f"has {len(words)} words to pick; at most {len(LETTERS)} are read")
    options = {attribute(one, "identifier"): source.text(one) for one in words}
    marked = {
        id(one): f"[{LETTERS[place]}] {options[attribute(one, 'identifier')]}"
        for place, one in enumerate(words)
    }
    prompts = {id(one): "" for one in each(asked, "prompt")}
    inside = source.text(asked, {**marked, **prompts})
    return picked(options, rule, f"{stem}\n\n{inside}".strip(), score, several=_several(asked, rule))


def order_of(source: Source, asked: Element, stem: str, score: float) -> Content:
    """Entries to put in order."""
    return ordered(source.texts(asked, "simplechoice"), source.rule(asked), stem, score)


def ordered(texts: dict[str, str], rule: Declared, stem: str, score: float) -> Content:
    """Return an ordering of texts by identifier."""
    if set(rule.correct) != set(texts):
        raise NotUnderstoodError("puts only some of its entries in order")
    return ordering_by_id(stem, texts, rule.correct, score=score)


def match_of(source: Source, asked: Element, stem: str, score: float) -> Content:
    """Two columns; where an entry has several partners, one multiple choice for each entry on the left."""
    sets = list(each(asked, "simplematchset"))
    if len(sets) != 2:
        raise NotUnderstoodError("matches other than two sets")
    left, right = (source.texts(one, "simpleassociablechoice") for one in sets)
    pairs = pairs_of(source.rule(asked))
    unequal_marks(source, source.rule(asked))
    if len({one for one, _other in pairs}) == len(pairs):
        return matching_by_id(stem, left, right, pairs, score=score)
    options = list(right.items())
    parts: list[Content] = []
    for number, (key, text) in enumerate(left.items(), start=1):
        partners = {other for one, other in pairs if one == key}
        rows = [(entry, name in partners) for name, entry in options]
        part = choice(text, rows, several=True, score=score / len(left))
        parts.append({"id": f"part{number}", **part, "settings": {"partial": "proportional"}})
    source.notes.append("entries with several partners became one multiple choice each")
    return {"type": "composite", "max_score": score, "stem": stem, "parts": parts}


def associate(source: Source, asked: Element, stem: str, score: float) -> Content:
    """Pairs within one list."""
    return paired(source, source.texts(asked, "simpleassociablechoice"), source.rule(asked), stem, score)


def paired(source: Source, texts: dict[str, str], rule: Declared, stem: str, score: float) -> Content:
    """Return two columns when every entry has one partner at most, else a choice among all pairs.

    Raises:
        NotUnderstoodError: No right pair, or too many pairs to choose from.
    """
    pairs = [pair for pair in pairs_of(rule) if pair[0] in texts and pair[1] in texts]
    used = [one for pair in pairs for one in pair]
    if not pairs:
        raise NotUnderstoodError("says of no pair that it is right")
    unequal_marks(source, rule)
    if len(set(used)) == len(used):
        left = {one: texts[one] for one, _other in pairs}
        right = {key: text for key, text in texts.items() if key not in left}
        source.notes.append("pairs within one list are shown as two columns")
        return matching_by_id(stem, left, right, pairs, score=score)
    every = list(combinations(texts, 2))
    if len(every) > len(LETTERS):
        raise NotUnderstoodError(f"has {len(every)} possible pairs; at most {len(LETTERS)} are read")
    right_pairs = {frozenset(pair) for pair in pairs}
    rows = [
        (f"{texts[one]} — {texts[other]}", frozenset((one, other)) in right_pairs) for one, other in every
    ]
    source.notes.append("links between places became a choice among all pairs")
    return {**choice(stem, rows, several=True, score=score), "settings": {"partial": "proportional"}}


def pairs_of(rule: Declared) -> list[tuple[str, str]]:
    """The right pairs."""
    found = [value.strip().partition(" ") for value in rule.right]
    return [(one, other.strip()) for one, _space, other in found]


def unequal_marks(source: Source, rule: Declared) -> None:
    """Tell when pairs are worth different marks, which are equal here."""
    worth = {rule.mapping.get(key, 0) for key in rule.right} if rule.mapping else set()
    if len(worth) > 1:
        source.notes.append("pairs worth different marks are worth the same here")
    if any(value < 0 for value in rule.mapping.values()):
        source.notes.append("marks taken off for wrong pairs left out")


def place_names(regions: list[Element]) -> dict[str, str]:
    """Letters of the places on a picture by identifier."""
    if len(regions) > len(LETTERS):
        raise NotUnderstoodError(f"has {len(regions)} places; at most {len(LETTERS)} are read")
    return {attribute(one, "identifier"): LETTERS[place] for place, one in enumerate(regions)}


def is_place(element: Element) -> bool:
    """Whether an element is a place on a picture."""
    return tag(element) in {"hotspotchoice", "associablehotspot"}
