"""Reading QTI 2.1, 2.2 and 3.0 items: one reader, names without prefix and hyphens (see ``markup.tag``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.building import (
    blank,
    choice,
    essay,
    matching,
    numeric,
    ordering,
    truth,
    with_unit,
)
from zhiwei.engines.exchange.markup import attribute, each, first, tag, to_text
from zhiwei.engines.exchange.qti_text import GAP, entries, inner, prompt, stem_of, with_gaps, without
from zhiwei.engines.exchange.values import Content, NotUnderstoodError, Refused, Taken

WRITTEN = {"expression", "solution", "short_answer", "essay", "numeric"}
"""Types that an interaction may name in ``data-type``, QTI's place for what it has no word of its own for."""


@dataclass
class Declared:
    """What a response declaration says.

    Attributes:
        correct: Correct values in order.
        mapping: Values with their scores.
        tolerance: ``(kind, size)`` from the response processing; kind is ``absolute`` or ``relative``.
    """

    base: str
    cardinality: str
    correct: list[str] = field(default_factory=list)
    mapping: dict[str, float] = field(default_factory=dict)
    case: bool = False
    tolerance: tuple[str, float] | None = None


def read_item(root: Element, place: str) -> Taken | Refused:
    """Read one assessment item; a body with several questions becomes a composite item."""
    try:
        return _item(root, place)
    except NotUnderstoodError as error:
        return Refused(place, str(error))
    except (ValueError, KeyError, IndexError) as error:
        return Refused(place, f"a number or reference in it cannot be read: {error}")


def _item(root: Element, place: str) -> Taken:
    body = first(root, "itembody")
    if body is None:
        raise NotUnderstoodError("has no item body")
    declared = _declarations(root)
    asked = [one for one in body.iter() if tag(one).endswith("interaction")]
    if not asked:
        raise NotUnderstoodError("asks nothing (no interaction)")
    score, notes = _max_score(root, declared), _lost(root)
    content, more = _content(body, asked, declared, score)
    facts = {"id": attribute(root, "identifier"), "title": attribute(root, "title")}
    content.update({key: value for key, value in facts.items() if value})
    for feedback in each(root, "modalfeedback"):
        text, told = to_text(inner(feedback))
        more += told
        if attribute(feedback, "identifier").lower() == "explanation":
            content["explanation"] = text
        elif text:
            notes.append(f"feedback '{attribute(feedback, 'identifier')}' left out")
    return Taken(content, place, (*notes, *more))


def _content(
    body: Element, asked: list[Element], declared: Mapping[str, Declared], score: float
) -> tuple[Content, list[str]]:
    inline = [one for one in asked if tag(one) in {"textentryinteraction", "inlinechoiceinteraction"}]
    if len(inline) == len(asked):
        return _inline(body, inline, declared, score)
    if len(asked) > 1:
        return _composite(body, asked, declared, score)
    stem, notes = stem_of(body, asked[0])
    content, more = _one(asked[0], declared, stem, score)
    return content, [*notes, *more]


def _composite(
    body: Element, asked: list[Element], declared: Mapping[str, Declared], score: float
) -> tuple[Content, list[str]]:
    if any(tag(one) in {"textentryinteraction", "inlinechoiceinteraction"} for one in asked):
        raise NotUnderstoodError("mixes gaps in the text with other questions")
    stem, notes = to_text(inner(without(body, asked)))
    parts, shares = [], [_own_score(declared.get(attribute(one, "responseidentifier"))) for one in asked]
    known = sum(share for share in shares if share)
    left = max(score - known, 0) / max(sum(not share for share in shares), 1)
    for number, (one, share) in enumerate(zip(asked, shares, strict=True), start=1):
        asking, told = prompt(one)
        part, more = _one(one, declared, asking or f"({number})", share or left or 1.0)
        parts.append({"id": f"part{number}", **part})
        notes = (*notes, *told, *more)
    total = sum(float(part["max_score"]) for part in parts)
    return {"type": "composite", "max_score": total, "stem": stem, "parts": parts}, list(notes)


def _one(
    asked: Element, declared: Mapping[str, Declared], stem: str, score: float
) -> tuple[Content, list[str]]:
    read = _READERS.get(tag(asked))
    if read is None:
        raise NotUnderstoodError(f"is answered by '{tag(asked)}', which has no counterpart here")
    rule = declared.get(attribute(asked, "responseidentifier")) or Declared("", "single")
    return read(asked, rule, stem, score)


def _choice(asked: Element, rule: Declared, stem: str, score: float) -> tuple[Content, list[str]]:
    options, notes = entries(asked, "simplechoice")
    right = set(rule.correct) or {key for key, value in rule.mapping.items() if value > 0}
    if {key.lower() for key in options} == {"true", "false"} and len(right) == 1:
        return truth(stem, next(iter(right)).lower() == "true", score=score), notes
    several = attribute(asked, "maxchoices", "1") != "1" or rule.cardinality == "multiple"
    content = choice(
        stem, [(text, key in right) for key, text in options.items()], several=several, score=score
    )
    if several and rule.mapping:
        content["settings"] = {"partial": "proportional" if min(rule.mapping.values()) < 0 else "per_option"}
    return content, notes


def _match(asked: Element, rule: Declared, stem: str, score: float) -> tuple[Content, list[str]]:
    sets = list(each(asked, "simplematchset"))
    if len(sets) != 2:
        raise NotUnderstoodError("matches other than two sets")
    (left, one), (right, two) = (
        entries(sets[0], "simpleassociablechoice"),
        entries(sets[1], "simpleassociablechoice"),
    )
    partner = _pairs(rule)
    if len(partner) < len(rule.correct or rule.mapping):
        raise NotUnderstoodError("matches one entry with several")
    pairs = [(text, right.get(partner.get(key, ""), "")) for key, text in left.items()]
    alone = [("", text) for key, text in right.items() if key not in partner.values()]
    return matching(stem, [*pairs, *alone], score=score), [*one, *two]


def _pairs(rule: Declared) -> dict[str, str]:
    found: dict[str, str] = {}
    for value in rule.correct or [key for key, share in rule.mapping.items() if share > 0]:
        left, _space, right = value.strip().partition(" ")
        found[left] = right.strip()
    return found


def _order(asked: Element, rule: Declared, stem: str, score: float) -> tuple[Content, list[str]]:
    texts, notes = entries(asked, "simplechoice")
    if set(rule.correct) != set(texts):
        raise NotUnderstoodError("puts only some of its entries in order")
    return ordering(stem, [texts[key] for key in rule.correct], score=score), notes


def _extended(asked: Element, rule: Declared, stem: str, score: float) -> tuple[Content, list[str]]:
    kind = attribute(asked, "datatype")
    content = essay(stem, score=score)
    least = attribute(asked, "dataminlength")
    if kind in WRITTEN:
        content["type"] = kind
    if least.isdigit():
        content["settings"] = {"min_length": int(least)}
    if rule.correct:
        lines = kind == "solution"
        content["reference_answers"] = [one.split("\n") if lines else one for one in rule.correct]
    return content, []


def _upload(asked: Element, rule: Declared, stem: str, score: float) -> tuple[Content, list[str]]:
    del asked, rule
    return {"type": "file", "max_score": score, "stem": stem}, []


def _inline(
    body: Element, gaps: list[Element], declared: Mapping[str, Declared], score: float
) -> tuple[Content, list[str]]:
    rules = [declared.get(attribute(one, "responseidentifier")) or Declared("", "single") for one in gaps]
    accepted = [_accepted(gap, rule) for gap, rule in zip(gaps, rules, strict=True)]
    if any(not one for one in accepted):
        raise NotUnderstoodError("has a gap without a right answer")
    stem, notes = to_text(inner(with_gaps(body, gaps)))
    lost = [
        "a choice inside the text became a blank" for one in gaps if tag(one) == "inlinechoiceinteraction"
    ]
    kind = attribute(gaps[0], "datatype") or ("numeric" if rules[0].base in {"float", "integer"} else "blank")
    if len(gaps) == 1 and kind == "numeric":
        return _numeric(gaps[0], rules[0], stem, accepted[0][0], score), [*notes, *lost]
    shares = [_own_score(rule) for rule in rules]
    whole = all(shares) and abs(sum(filter(None, shares)) - score) < 1e-6
    content = blank(
        stem,
        accepted,
        score=score,
        scores=[share or 0.0 for share in shares] if whole else (),
        case=any(rule.case for rule in rules),
    )
    for row, rule in zip(content["settings"]["blanks"], rules, strict=True):
        if rule.base in {"float", "integer"}:
            row["kind"] = "number"
            row.update({"tolerance": {rule.tolerance[0]: rule.tolerance[1]}} if rule.tolerance else {})
    return content, [*notes, *lost]


def _numeric(gap: Element, rule: Declared, stem: str, answer: str, score: float) -> Content:
    stem = re.sub(rf"\s*{GAP}\s*$", "", stem)
    unit = attribute(gap, "dataunit")
    kind, size = rule.tolerance or ("absolute", 0.0)
    return numeric(stem, with_unit(answer, unit), size, relative=kind == "relative", score=score)


def _accepted(gap: Element, rule: Declared) -> list[str]:
    if tag(gap) == "inlinechoiceinteraction":
        texts, _notes = entries(gap, "inlinechoice")
        return [texts[key] for key in rule.correct if key in texts]
    best = max(rule.mapping.values(), default=0.0)
    full = [key for key, value in rule.mapping.items() if value == best > 0]
    return list(dict.fromkeys([*rule.correct, *full]))


def _declarations(root: Element) -> dict[str, Declared]:
    found: dict[str, Declared] = {}
    for one in each(root, "responsedeclaration"):
        rule = Declared(attribute(one, "basetype"), attribute(one, "cardinality", "single"))
        correct = first(one, "correctresponse")
        rule.correct = [_value(value) for value in each(correct, "value")] if correct is not None else []
        for entry in each(one, "mapentry"):
            rule.mapping[attribute(entry, "mapkey")] = float(attribute(entry, "mappedvalue", "0"))
            rule.case = rule.case or attribute(entry, "casesensitive") == "true"
        found[attribute(one, "identifier")] = rule
    for test in each(root, "equal"):
        variable = first(test, "variable")
        rule_ = found.get(attribute(variable, "identifier")) if variable is not None else None
        sizes = attribute(test, "tolerance").split()
        mode = attribute(test, "tolerancemode")
        if rule_ is not None and sizes and mode in {"absolute", "relative"}:
            size = float(sizes[0])
            rule_.tolerance = (mode, size / 100 if mode == "relative" else size)
    return found


def _value(element: Element) -> str:
    return (element.text or "").strip()


def _own_score(rule: Declared | None) -> float | None:
    if rule is None or not rule.mapping:
        return None
    positive = [value for value in rule.mapping.values() if value > 0]
    if not positive:
        return None
    return sum(positive) if rule.cardinality == "multiple" else max(positive)


def _max_score(root: Element, declared: Mapping[str, Declared]) -> float:
    for one in each(root, "outcomedeclaration"):
        name, most = attribute(one, "identifier"), attribute(one, "normalmaximum")
        value = first(one, "value")
        if name == "SCORE" and most:
            return float(most)
        if name == "MAXSCORE" and value is not None and value.text:
            return float(value.text)
    known = [share for share in map(_own_score, declared.values()) if share]
    return sum(known) if known and len(known) == len(declared) else 1.0


def _lost(root: Element) -> list[str]:
    found = []
    if next(each(root, "templatedeclaration"), None) is not None:
        found.append("numbers drawn by template processing are left out; the text stands as written")
    if attribute(root, "adaptive") == "true":
        found.append("adaptive: only the first attempt is kept")
    for name, words in {
        "stylesheet": "a style sheet",
        "object": "an object",
        "audio": "audio",
        "video": "video",
    }.items():
        if next(each(root, name), None) is not None:
            found.append(f"{words} left out")
    return found


_READERS: Mapping[str, Callable[[Element, Declared, str, float], tuple[Content, list[str]]]] = {
    "choiceinteraction": _choice, "matchinteraction": _match, "orderinteraction": _order,
    "extendedtextinteraction": _extended, "uploadinteraction": _upload,
}  # fmt: skip
