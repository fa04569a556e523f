"""What a QTI item declares: right responses, mapped values, tolerances, the highest score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.markup import attribute, each, first, tag


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

    @property
    def score(self) -> float | None:
        """What a right response is worth by the mapping; None when there is none."""
        positive = [value for value in self.mapping.values() if value > 0]
        if not positive:
            return None
        if self.cardinality != "multiple":
            return max(positive)
        return sum(self.mapping.get(key, 0) for key in self.correct) or sum(positive)

    @property
    def right(self) -> list[str]:
        """The right values: those declared correct, else all that earn something."""
        return self.correct or [key for key, value in self.mapping.items() if value > 0]


def declarations(root: Element) -> dict[str, Declared]:
    """Return the response declarations by identifier."""
    found = {attribute(one, "identifier"): _declared(one) for one in each(root, "responsedeclaration")}
    for test in each(root, "equal"):
        variable = first(test, "variable")
        rule = found.get(attribute(variable, "identifier")) if variable is not None else None
        sizes, mode = attribute(test, "tolerance").split(), attribute(test, "tolerancemode")
        if rule is not None and sizes and mode in {"absolute", "relative"}:
            size = float(sizes[0])
            rule.tolerance = (mode, size / 100 if mode == "relative" else size)
    return found


def _declared(one: Element) -> Declared:
    rule = Declared(attribute(one, "basetype"), attribute(one, "cardinality", "single"))
    correct = first(one, "correctresponse")
    rule.correct = (
        [(value.text or "").strip() for value in each(correct, "value")] if correct is not None else []
    )
    if rule.base == "pair":
        rule.correct = [_sorted_pair(value) for value in rule.correct]
    for entry in each(one, "mapentry"):
        key = attribute(entry, "mapkey")
        rule.mapping[_sorted_pair(key) if rule.base == "pair" else key] = float(
            attribute(entry, "mappedvalue", "0")
        )
        rule.case = rule.case or attribute(entry, "casesensitive") == "true"
    return rule


def _sorted_pair(value: str) -> str:
    """A pair without direction, spelled one way."""
    return " ".join(sorted(value.split()))


def max_score(root: Element, declared: Mapping[str, Declared]) -> float:
    """Return the highest score: as declared, by the mappings, or by what the processing gives at most."""
    for one in each(root, "outcomedeclaration"):
        name, most = attribute(one, "identifier"), attribute(one, "normalmaximum")
        value = first(one, "value")
        if name == "SCORE" and most and float(most) > 0:
            return float(most)
        if name == "MAXSCORE" and value is not None and value.text and float(value.text) > 0:
            return float(value.text)
    known = [share for share in (one.score for one in declared.values()) if share]
    if known and len(known) == len(declared):
        return sum(known)
    return _processed(root) or 1.0


def _processed(root: Element) -> float:
    """What the response processing gives at most, also where it adds up several outcomes."""
    most: dict[str, float] = {}
    added: list[str] = []
    for one in each(root, "setoutcomevalue"):
        name = attribute(one, "identifier")
        most[name] = max(most.get(name, 0.0), _given(one))
        if name == "SCORE" and len(one) == 1 and tag(one[0]) == "sum":
            added = [attribute(term, "identifier") for term in one[0] if tag(term) == "variable"]
    total = sum(most.get(name, 0.0) for name in added if name != "SCORE")
    scores = [value for name, value in most.items() if name.startswith("SCORE")]
    return total or max(scores, default=0.0)


def _given(element: Element) -> float:
    if len(element) != 1 or tag(element[0]) != "basevalue":
        return 0.0
    try:
        return float(element[0].text or 0)
    except ValueError:
        return 0.0


def partly(root: Element) -> bool:
    """Tell whether the processing gives part of the marks to some responses."""
    given = {_given(one) for one in each(root, "setoutcomevalue") if attribute(one, "identifier") == "SCORE"}
    return len({one for one in given if one > 0}) > 1
