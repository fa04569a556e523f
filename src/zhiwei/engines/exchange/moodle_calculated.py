"""Moodle's calculated questions as parameters, where our arithmetic can say the formula."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.building import numeric, with_unit
from zhiwei.engines.exchange.moodle_gaps import choice_of
from zhiwei.engines.exchange.moodle_source import MoodleSource
from zhiwei.engines.exchange.values import Content, NotUnderstoodError

MOST_STEPS = 10_000
_NAME = re.compile(r"\{([^{}=]{1,60})\}")
_FUNCTIONS = {"abs", "min", "max", "floor", "ceil", "round"}
LONGEST_FORMULA = 180
"""Characters; a hole in a text holds 200."""
PI = "3.14159265358979"


def calculated(source: MoodleSource) -> Content:
    """A number computed from drawn numbers."""
    names, parameters = _parameters(source)
    answers = [one for one in source.question.findall("answer") if float(one.get("fraction", "0")) >= 100]
    if not answers:
        raise NotUnderstoodError("has no formula worth all marks")
    first = answers[0]
    places = int(first.findtext("correctanswerlength", "2") or 2)
    formula = _formula(first.findtext("text", "") or "", names)
    if first.findtext("correctanswerformat", "1") != "1":
        raise NotUnderstoodError("rounds its answer to significant figures, which parameters here cannot say")
    unit = source.question.findtext("units/unit/unit_name", "").strip()
    answer = with_unit(f"{{{{round({formula}, {places})}}}}", unit)
    kind = first.findtext("tolerancetype", "1")
    if kind not in {"1", "2"}:
        raise NotUnderstoodError("has a geometric tolerance, which is not read")
    width = float(first.findtext("tolerance", "0") or 0)
    content = numeric(
        _held(source, source.raw("questiontext"), names),
        answer,
        width,
        relative=kind == "1",
        score=source.score,
    )
    if len(source.question.findall("answer")) > 1:
        source.notes.append("further formulas and their feedback left out")
    return {**content, "parameters": parameters}


def calculated_choice(source: MoodleSource) -> Content:
    """A choice whose options hold computed numbers."""
    names, parameters = _parameters(source)
    rows = [
        (
            _held(source, one.findtext("text", "") or "", names),
            float(one.get("fraction", "0")),
            source.said(one),
        )
        for one in source.question.findall("answer")
    ]
    stem = _held(source, source.raw("questiontext"), names)
    several = source.field("single").lower() in {"false", "0"}
    return {**choice_of(source.notes, stem, rows, source.score, several=several), "parameters": parameters}


def _parameters(source: MoodleSource) -> tuple[dict[str, str], list[Content]]:
    """Our names by Moodle's, and the parameters."""
    names: dict[str, str] = {}
    found: list[Content] = []
    for number, one in enumerate(source.question.iter("dataset_definition"), start=1):
        theirs = re.sub(r"^\d+-", "", (one.findtext("name/text") or one.findtext("name") or "").strip())
        names[theirs] = (
            theirs
            if re.fullmatch(r"[A-Za-z]\w{0,20}", theirs) and theirs not in {"and", "or"}
            else f"p{number}"
        )
        found.append({"name": names[theirs], **_numbers(one, theirs, source)})
    if not found:
        raise NotUnderstoodError("does not say which numbers are drawn")
    return names, found


def _numbers(one: Element, name: str, source: MoodleSource) -> Content:
    low, high = _value(one, "minimum"), _value(one, "maximum")
    places = int(_value(one, "decimals") or 0)
    if not low or not high:
        given = [item.findtext("value", "") for item in one.iter("dataset_item")]
        if not given:
            raise NotUnderstoodError(f"does not say between which numbers '{name[:30]}' is drawn")
        return {"choices": sorted({f"{float(value):.12g}" for value in given}, key=float)}
    if not 0 <= places <= 6 or not 0 <= (float(high) - float(low)) * 10**places <= MOST_STEPS:
        raise NotUnderstoodError(f"draws '{name[:30]}' from too many numbers")
    if _value(one, "distribution") not in {"", "uniform"}:
        source.notes.append(
            f"'{name[:30]}' is drawn evenly here, not by '{_value(one, 'distribution')[:20]}'"
        )
    step = "1" if not places else f"0.{'0' * (places - 1)}1"
    return {"min": f"{float(low):.12g}", "max": f"{float(high):.12g}", "step": step}


def _value(one: Element, name: str) -> str:
    return (one.findtext(f"{name}/text") or one.findtext(name) or "").strip()


def _held(source: MoodleSource, html: str, names: dict[str, str]) -> str:
    """HTML as text, with ``{a}`` and ``{=…}`` as holes."""
    whole = re.sub(
        r"\{=((?:[^{}]|\{[^{}]*\})*)\}", lambda found: f"\ue210{_formula(found.group(1), names)}\ue211", html
    )
    plain = _NAME.sub(
        lambda found: f"\ue210{names[found.group(1)]}\ue211" if found.group(1) in names else found.group(),
        whole,
    )
    return source.text(plain).replace("\ue210", "{{").replace("\ue211", "}}")


def _formula(written: str, names: dict[str, str]) -> str:
    """Moodle's formula in our arithmetic.

    Raises:
        NotUnderstoodError: A number that is not drawn, or a function that the arithmetic has no word for.
    """

    def named(found: re.Match[str]) -> str:
        if found.group(1) not in names:
            raise NotUnderstoodError(f"computes with '{found.group(1)[:30]}', which is not drawn")
        return names[found.group(1)]

    text = _powers(re.sub(r"pi\s*\(\s*\)", PI, written.strip()))
    unknown = set(re.findall(r"([A-Za-z_]\w*)\s*\(", text)) - _FUNCTIONS
    if unknown:
        raise NotUnderstoodError(
            f"computes with '{min(unknown)[:30]}', for which the parameters here have no word"
        )
    said = _NAME.sub(named, text)
    if len(said) > LONGEST_FORMULA:
        raise NotUnderstoodError(
            f"has a formula of {len(said)} characters; at most {LONGEST_FORMULA} are read"
        )
    return said


def _powers(text: str) -> str:
    """``pow(a, b)`` as ``((a)^(b))``, innermost first."""
    while True:
        found = re.search(r"pow\s*\(([^(),]*(?:\([^()]*\)[^(),]*)*),([^(),]*(?:\([^()]*\)[^(),]*)*)\)", text)
        if found is None or len(text) > 400:
            return text
        text = f"{text[: found.start()]}(({found.group(1).strip()})^({found.group(2).strip()})){text[found.end() :]}"
