"""QTI gaps in a text: written, chosen from a list, or filled with given words."""

from __future__ import annotations

import json
import re
from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.building import blank, matching_by_id, numeric, partial_marks, with_unit
from zhiwei.engines.exchange.markup import attribute, each
from zhiwei.engines.exchange.qti_closed import pairs_of, picked, unequal_marks
from zhiwei.engines.exchange.qti_declared import Declared
from zhiwei.engines.exchange.qti_source import GAP, Source
from zhiwei.engines.exchange.values import Content, NotUnderstoodError

_NUMBERS = {"float", "integer"}


def entries_in_text(source: Source, body: Element, gaps: list[Element], score: float) -> Content:
    """A body whose only questions are gaps to write in."""
    widths = {id(one): _gap_of(one) for one in gaps}
    return written(source, gaps, source.text(body, widths), score)


def _gap_of(one: Element) -> str:
    given = attribute(one, "datagap")
    return given if re.fullmatch(r"_{2,40}|＿{1,40}|（\s{0,40}）", given) else GAP


def entry_alone(source: Source, gap: Element, stem: str, score: float) -> Content:
    """One gap of a composite item."""
    return written(source, [gap], stem, score)


def written(source: Source, gaps: list[Element], stem: str, score: float) -> Content:
    """Return the question of gaps that stand in ``stem``."""
    rules = [source.rule(one) for one in gaps]
    accepted = [_accepted(rule) for rule in rules]
    if any(not one for one in accepted):
        raise NotUnderstoodError("has a gap without a right answer")
    kind = attribute(gaps[0], "datatype") or ("numeric" if rules[0].base in _NUMBERS else "blank")
    if len(gaps) == 1 and kind == "numeric":
        return _numeric(gaps[0], rules[0], stem, accepted[0][0], score)
    shares = [rule.score for rule in rules]
    whole = all(shares) and abs(sum(filter(None, shares)) - score) < 1e-4
    scores = [share or 0.0 for share in shares] if whole else ()
    content = blank(stem, accepted, score=score, scores=scores, case=any(map(_case, rules)))
    for row, rule in zip(content["settings"]["blanks"], rules, strict=True):
        if rule.base in _NUMBERS:
            row["kind"] = "number"
            row.update({"tolerance": {rule.tolerance[0]: rule.tolerance[1]}} if rule.tolerance else {})
    content.update(_partly(source, rules, score))
    return content


def choice_in_text(source: Source, gap: Element, stem: str, score: float) -> Content:
    """One choice inside the text: its entries are the options."""
    return picked(source.texts(gap, "inlinechoice"), source.rule(gap), stem, score, several=False)


def gap_match(source: Source, asked: Element, stem: str, score: float) -> Content:
    """Given words for gaps: the numbered gaps on the left, the words on the right."""
    words, gaps = source.texts(asked, "gaptext", "gapimg"), list(each(asked, "gap"))
    names = {attribute(one, "identifier"): f"({number})" for number, one in enumerate(gaps, start=1)}
    swap = {id(one): f"{GAP}({number})" for number, one in enumerate(gaps, start=1)}
    swap |= {id(one): "" for one in each(asked, "gaptext", "gapimg", "prompt")}
    inside = source.text(asked, swap)
    return filled(source, names, words, source.rule(asked), f"{stem}\n\n{inside}".strip(), score)


def filled(
    source: Source, names: dict[str, str], words: dict[str, str], rule: Declared, stem: str, score: float
) -> Content:
    """Return the matching of gaps or places with words, from pairs ``word gap``."""
    pairs: dict[str, str] = {}
    for word, gap in pairs_of(rule):
        if gap not in names or word not in words:
            raise NotUnderstoodError(f"fills '{gap[:40]}' with '{word[:40]}', which it does not have")
        if gap in pairs:
            raise NotUnderstoodError("fills one gap with several words")
        pairs[gap] = word
    unequal_marks(source, rule)
    return matching_by_id(stem, names, words, list(pairs.items()), score=score)


def _numeric(gap: Element, rule: Declared, stem: str, answer: str, score: float) -> Content:
    stem = re.sub(rf"\s*{GAP}\s*((?:\[[^\[\]]{{1,20}}\])?)$", r"\n\n\1", stem).strip()
    kind, size = rule.tolerance or ("absolute", 0.0)
    unit = attribute(gap, "dataunit")
    return numeric(stem, with_unit(answer, unit), size, relative=kind == "relative", score=score)


def _accepted(rule: Declared) -> list[str]:
    best = max(rule.mapping.values(), default=0.0)
    full = [key for key, value in rule.mapping.items() if value == best > 0]
    return list(dict.fromkeys([*rule.correct, *full]))


def _partly(source: Source, rules: list[Declared], score: float) -> Content:
    """Answers worth part of the marks: common errors that earn them, where there is one gap."""
    best = [max(rule.mapping.values(), default=0.0) for rule in rules]
    found = [
        (key, 100 * value / most, "")
        for rule, most in zip(rules, best, strict=True)
        for key, value in rule.mapping.items()
        if 0 < value < most and key not in rule.correct
    ]
    if found and len(rules) > 1:
        told = json.dumps([key for key, _share, _said in found], ensure_ascii=False)
        source.notes.append(f"answers worth part of the marks left out: {told}")
        return {}
    return {"errors": partial_marks(found, score, "wrong")} if found else {}


def _case(rule: Declared) -> bool:
    """Case counts where the declaration says so, or where it tells answers apart by it."""
    keys = [*rule.correct, *rule.mapping]
    return rule.case or len({key.casefold() for key in keys}) < len(set(keys))
