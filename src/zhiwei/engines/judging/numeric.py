"""Numbers and quantities: value, precision and unit judged apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from zhiwei.engines.quantities import Outcome, Quantity, Rules, Unread, compare, read_quantity

from .closed import DOUBTFUL, FAIRLY_SURE, SURE, ClosedGrader, Finding, full_answers, matched_error, unknown
from .errors import ItemError
from .plain import comparable
from .protocol import Grader
from .reasons import reason
from .values import Flag, Item, Json, Marked, Reason, Response, scored_point, text_of

_UNIT_ONLY = {
    Outcome.UNIT_MISSING,
    Outcome.UNIT_WRONG,
    Outcome.UNIT_UNKNOWN,
    Outcome.UNIT_OTHER,
    Outcome.PERCENT_MISSING,
}
_RANK = [
    Outcome.RIGHT,
    Outcome.UNIT_OTHER,
    Outcome.FIGURES,
    Outcome.UNIT_MISSING,
    Outcome.UNIT_UNKNOWN,
    Outcome.UNIT_WRONG,
]
_RANK += [Outcome.PERCENT_MISSING, Outcome.SIGN, Outcome.POWER_OF_TEN, Outcome.NEAR, Outcome.WRONG]


def build(item: Item, marked: Sequence[Marked], seed: int) -> Grader:
    """A grader for one number; settings as in docs/item-format.md."""
    del seed  # nothing is drawn at random
    given = item.reference_answers or tuple(r.answer() for r in full_answers(item, marked))
    checker = NumberChecker.from_settings(given, item.settings, item.max_score)
    if item.reference_answers and not checker.references:
        raise ItemError(
            f"item: reference_answers: '{text_of(item.reference_answers[0])[:40]}' is not a quantity"
        )

    def rule(response: Response) -> Finding:
        if not checker.references:
            return unknown(item)
        found = checker.check(response.answer())
        error = None if found.right else matched_error(item, lambda t: checker.same(t, response.answer()))
        score, why = error if error else (found.score, None)
        return Finding(
            (scored_point("all", score, item.max_score),),
            (*found.reasons, *([why] if why else [])),
            found.confidence,
            frozenset({Flag.UNREADABLE}) if found.unread else frozenset(),
        )

    return ClosedGrader(item, marked, rule, lambda r: _key(r.answer()), checker.parameters())


@dataclass(frozen=True, slots=True)
class Checked:
    """What one number earned, and why."""

    score: float
    reasons: tuple[Reason, ...]
    confidence: float
    right: bool = False
    unread: bool = False


@dataclass(frozen=True, slots=True)
class NumberChecker:
    """Reference quantities and the rules to compare with; also used by blanks that hold a number."""

    references: tuple[Quantity, ...]
    rules: Rules
    max_score: float
    unit_score: float
    figures_score: float

    @classmethod
    def from_settings(
        cls, given: Sequence[Json], settings: Mapping[str, Json], max_score: float
    ) -> NumberChecker:
        """From reference answers and settings.

        Raises:
            ItemError: a setting means nothing.
        """
        unit = text_of(settings.get("unit"))
        read = [_read(_with_unit(text_of(value), unit)) for value in given]
        rules = _rules(settings, unit_written=any(map(_has_unit, given)))
        share = {key: _number(settings, key, max_score / 2) for key in ("unit_score", "figures_score")}
        found = tuple(quantity for quantity in read if isinstance(quantity, Quantity))
        return cls(
            found, rules, max_score, min(share["unit_score"] or 0.0, max_score), share["figures_score"] or 0.0
        )

    def parameters(self) -> dict[str, Json]:
        """What the checker was set to."""
        return {
            "absolute": self.rules.absolute,
            "relative": self.rules.relative,
            "significant_figures": self.rules.figures,
            "unit_required": self.rules.unit_required,
            "unit_score": self.unit_score,
        }

    def check(self, text: str, point_id: str = "all") -> Checked:
        """What ``text`` earns against the reference it comes closest to."""
        answer = _read(text)
        if isinstance(answer, Unread):
            return Checked(0.0, (reason(f"numeric.{answer.why}", point_id=point_id),), DOUBTFUL, unread=True)
        verdicts = [compare(answer, reference, self.rules) for reference in self.references]
        best = min(verdicts, key=lambda verdict: _RANK.index(verdict.outcome))
        score = self._score(best.outcome)
        values: dict[str, str] = {"power": f"{best.power:+d}", "figures": str(self.rules.figures or "")}
        values["unit"] = next((q.unit.text for q in self.references if q.unit), "")
        why = reason(f"numeric.{best.outcome.value}", point_id=point_id, **values)
        sure = SURE if best.outcome in {Outcome.RIGHT, Outcome.WRONG} else FAIRLY_SURE
        return Checked(
            score, (why,), DOUBTFUL if best.outcome is Outcome.NEAR else sure, best.outcome is Outcome.RIGHT
        )

    def same(self, first: str, second: str) -> bool:
        """Whether two texts are the same quantity under these rules."""
        one, two = _read(first), _read(second)
        if isinstance(one, Unread) or isinstance(two, Unread):
            return comparable(first) == comparable(second)
        return compare(two, one, Rules(unit_required=False)).outcome is Outcome.RIGHT

    def _score(self, outcome: Outcome) -> float:
        if outcome is Outcome.RIGHT:
            return self.max_score
        if outcome in _UNIT_ONLY:
            return self.max_score - self.unit_score
        return self.figures_score if outcome is Outcome.FIGURES else 0.0


@lru_cache(maxsize=16384)
def _read(text: str) -> Quantity | Unread:
    return read_quantity(text)


def _key(text: str) -> str:
    found = _read(text)
    if isinstance(found, Unread):
        return comparable(text)
    dimension = found.unit.dimension if found.unit else found.unknown_unit
    return f"{found.base_value!r} {dimension} {found.number.percent} {found.number.figures}"


def _with_unit(text: str, unit: str) -> str:
    found = _read(text)
    return f"{text} {unit}" if unit and isinstance(found, Quantity) and found.unit is None else text


def _has_unit(value: Json) -> bool:
    found = _read(text_of(value))
    return isinstance(found, Quantity) and found.unit is not None


def _rules(settings: Mapping[str, Json], *, unit_written: bool) -> Rules:
    """Rules from settings; unless they say so, a unit is required where a reference answer is written with it."""
    absolute, relative = _tolerance(settings.get("tolerance"))
    figures = _number(settings, "significant_figures", None)
    if figures is not None and not 1 <= figures <= 15:
        raise ItemError(f"item: settings.significant_figures: {figures:g} is not between 1 and 15")
    required = settings.get("unit_required")
    return Rules(
        absolute,
        relative,
        None if figures is None else int(figures),
        unit_required=required if isinstance(required, bool) else unit_written,
        unit_exact=settings.get("unit_exact") is True,
    )


def _tolerance(given: Json) -> tuple[float, float]:
    """``{"absolute": x}``, ``{"relative": x}``, a bare number (absolute), or ``"5%"`` (relative)."""
    if given is None:
        return 0.0, 0.0
    if isinstance(given, dict):
        return _number(given, "absolute", 0.0) or 0.0, _number(given, "relative", 0.0) or 0.0
    percent = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", given) if isinstance(given, str) else None
    if percent:
        return 0.0, float(percent[1]) / 100
    return _number({"tolerance": given}, "tolerance", 0.0) or 0.0, 0.0


def _number(settings: Mapping[str, Json], key: str, default: float | None) -> float | None:
    value = settings.get(key)
    if value is None:
        return default
    try:
        found = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else -1.0
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise ItemError(f"item: settings.{key}: '{text_of(value)[:30]}' is not a number of 0 or more")
    return found
