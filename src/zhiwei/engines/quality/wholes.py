"""Rules about a column as a whole: how new it is, its mean, a value's share, whether it moved since."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from zhiwei.engines.quality.cells import among, values_of
from zhiwei.engines.quality.sql import Column
from zhiwei.engines.quality.values import Form, Outcome, Rule

USUAL_DRIFT = 0.25
"""PSI from which a distribution counts as moved (below 0.1 it stands still)."""
_LEAST = 1e-4
Given = Sequence[float | date | None]


def measured(rule: Rule, columns: Sequence[Column]) -> list[str]:
    """Return the aggregates that ``judged`` needs; the first counts those tested."""
    (one,) = columns
    return [f"count({one.plain})", *_ASKED[rule.form](rule, one)]


def judged(rule: Rule, given: Given, as_of: date) -> Outcome:
    """Return what the aggregates say."""
    tested = int(float(str(given[0] or 0)))
    return _JUDGED[rule.form](rule, tested, given[1:], as_of)


def is_whole(form: Form) -> bool:
    """Whether rules of this form speak of the column as a whole."""
    return form in _ASKED


def psi(before: Sequence[float], now: Sequence[float]) -> float:
    """Return the population stability index of two distributions over the same bins (shares)."""
    pairs = zip(before, now, strict=True)
    return sum(
        (max(b, _LEAST) - max(a, _LEAST)) * math.log(max(b, _LEAST) / max(a, _LEAST)) for a, b in pairs
    )


def bins(column: Column, edges: Sequence[float]) -> list[str]:
    """Return the aggregates that count a column's numbers between the edges."""
    places = [-math.inf, *edges, math.inf]
    return [f"count(*) filter (where {_within(column.number, low, high)})" for low, high in pairwise(places)]


def _within(value: str, low: float, high: float) -> str:
    parts = [f"{value} >= {low!r}"] if math.isfinite(low) else []
    parts += [f"{value} < {high!r}"] if math.isfinite(high) else []
    return " and ".join(parts) or f"{value} is not null"


def _numbers(rule: Rule, param: str) -> list[float]:
    return [float(one) for one in values_of(rule, param)]


def _judge_fresh(rule: Rule, tested: int, given: Given, as_of: date) -> Outcome:
    newest = given[0]
    if not isinstance(newest, date):
        return Outcome(rule.key, tested, 0, holds=False)
    age = (as_of - newest).days
    allowed = float(str(rule.params["days"]))
    return Outcome(rule.key, tested, 0, age <= allowed, {"newest": newest.isoformat(), "age": age})


def _judge_mean(rule: Rule, tested: int, given: Given, as_of: date) -> Outcome:
    del as_of
    return _bounded(rule, tested, "mean", given[0])


def _judge_share(rule: Rule, tested: int, given: Given, as_of: date) -> Outcome:
    del as_of
    found = float(str(given[0] or 0))
    return _bounded(rule, tested, "share", found / tested if tested else None)


def _bounded(rule: Rule, tested: int, figure: str, value: object) -> Outcome:
    if not isinstance(value, (int, float)):
        return Outcome(rule.key, tested, 0, holds=False)
    low, high = rule.params.get("low", ""), rule.params.get("high", "")
    holds = (low == "" or value >= float(str(low))) and (high == "" or value <= float(str(high)))
    return Outcome(rule.key, tested, 0, holds, {figure: round(float(value), 6)})


def _judge_drift(rule: Rule, tested: int, given: Given, as_of: date) -> Outcome:
    del as_of
    counts = [float(str(one or 0)) for one in given]
    total = sum(counts)
    if not total:
        return Outcome(rule.key, tested, 0, holds=False)
    moved = psi(_numbers(rule, "shares"), [one / total for one in counts])
    most = float(str(rule.params.get("most", USUAL_DRIFT) or USUAL_DRIFT))
    return Outcome(rule.key, tested, 0, moved <= most, {"psi": round(moved, 6)})


_ASKED: Mapping[Form, Callable[[Rule, Column], list[str]]] = {
    Form.FRESH: lambda _rule, one: [f"max({one.day})"],
    Form.MEAN: lambda _rule, one: [f"avg({one.number})"],
    Form.SHARE: lambda rule, one: [
        f"count(*) filter (where {one.filled} and {among(one, values_of(rule, 'values'))})"
    ],
    Form.DRIFT: lambda rule, one: bins(one, _numbers(rule, "edges")),
}
_JUDGED: Mapping[Form, Callable[[Rule, int, Given, date], Outcome]] = {
    Form.FRESH: _judge_fresh,
    Form.MEAN: _judge_mean,
    Form.SHARE: _judge_share,
    Form.DRIFT: _judge_drift,
}
