"""QTI questions answered in writing, by a number on a scale, by a drawing or a file."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.building import essay, numeric
from zhiwei.engines.exchange.markup import attribute
from zhiwei.engines.exchange.qti_declared import Declared
from zhiwei.engines.exchange.qti_source import Source
from zhiwei.engines.exchange.values import Content, NotUnderstoodError

WRITTEN = {"expression", "solution", "short_answer", "essay", "numeric"}
"""Types that an interaction may name in ``data-type``, QTI's place for what it has no word of its own for."""


def extended(source: Source, asked: Element, stem: str, score: float) -> Content:
    """Free text."""
    kind, rule = attribute(asked, "datatype"), source.rule(asked)
    content = essay(stem, score=score)
    least = attribute(asked, "dataminlength")
    if kind in WRITTEN:
        content["type"] = kind
    if least.isdigit():
        content["settings"] = {"min_length": int(least)}
    if rule.correct:
        lines = kind == "solution"
        content["reference_answers"] = [one.split("\n") if lines else one for one in rule.correct]
    return content


def upload(source: Source, asked: Element, stem: str, score: float) -> Content:
    """A file, marked by a person."""
    del source, asked
    return {"type": "file", "max_score": score, "stem": stem}


def drawing(source: Source, asked: Element, stem: str, score: float) -> Content:
    """A drawing on a picture: drawn on paper and handed in as a photo."""
    source.picture(asked)
    source.notes.append("drawing on the screen became a photo handed in, marked by a person")
    return {"type": "file", "max_score": score, "stem": stem}


def slider(source: Source, asked: Element, stem: str, score: float) -> Content:
    """A number on a scale: written, with the scale named in the question."""
    rule = source.rule(asked)
    if len(rule.right) < 1 or rule.base not in {"integer", "float"}:
        raise NotUnderstoodError("has a scale without a right number")
    low, high = attribute(asked, "lowerbound"), attribute(asked, "upperbound")
    step = float(attribute(asked, "step", "0") or 0)
    scale = f"({low}–{high})"
    source.notes.append(
        f"a scale from {low} to {high}{f' in steps of {step:g}' if step else ''} became a number to write"
    )
    answer, width = _span(source, rule)
    return numeric(f"{stem} {scale}".strip(), answer, width, score=score)


def _span(source: Source, rule: Declared) -> tuple[str, float]:
    """The right number and how far around it full marks are given by the mapping."""
    answer = rule.right[0]
    best = max(rule.mapping.values(), default=0.0)
    full = [float(key) for key, value in rule.mapping.items() if value == best]
    if any(0 < value < best for value in rule.mapping.values()):
        source.notes.append("numbers worth part of the marks left out")
    if not full:
        return answer, rule.tolerance[1] if rule.tolerance else 0.0
    below, above = float(answer) - min(full), max(full) - float(answer)
    if abs(below - above) > 1e-9 or below < 0:
        raise NotUnderstoodError("gives full marks to numbers that lie unevenly about the right one")
    return answer, below
