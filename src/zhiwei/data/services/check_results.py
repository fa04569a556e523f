"""From the tally to one result a check: outcome, how many tested and failing, and the figures that explain it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from zhiwei.data.models import CheckResult, Corpus
from zhiwei.data.rules.checks import BLOCKING, Check, Outcome
from zhiwei.data.services.item_checks import Tally
from zhiwei.engines import corpora as engine

MOST_ITEMS_TOLD = 500
_LEAST_PAIRS = 10


def results_of(corpus: Corpus, demands: engine.Demands, tally: Tally, leaking: int) -> list[CheckResult]:
    """Return the results of all checks, in their order (not saved)."""
    special = {
        Check.SPREAD: _spread(demands, tally),
        Check.MARKERS: _markers(tally),
        Check.SPLITS: (Outcome.FAIL if leaking else Outcome.SOUND, len(tally.shares), leaking, {}),
        Check.ANSWERS: _answers(demands, tally),
        Check.LABELS: _labels(demands, tally),
    }
    found = []
    for position, check in enumerate(Check, start=1):
        outcome, tested, failing, figures = special.get(check) or _plain(check, tally)
        found.append(
            CheckResult(
                tenant_id=corpus.tenant_id,
                corpus=corpus,
                position=position,
                code=check,
                outcome=outcome,
                tested=tested,
                failing=failing,
                figures=figures,
            )
        )
    return found


Told = tuple[Outcome, int, int, Mapping[str, Any]]


def _plain(check: Check, tally: Tally) -> Told:
    tested, failing = tally.tested[check], tally.failing[check]
    figures = {"reasons": dict(tally.reasons.get(check, {}))}
    if not tested:
        return Outcome.NONE, 0, 0, figures
    if not failing:
        return Outcome.SOUND, tested, 0, figures
    everything = failing == tested and check in BLOCKING
    return Outcome.FAIL if everything else Outcome.WARN, tested, failing, figures


def _answers(demands: engine.Demands, tally: Tally) -> Told:
    outcome, tested, failing, _figures = _plain(Check.ANSWERS, tally)
    told: Sequence[dict[str, Any]] = sorted(tally.items, key=lambda one: one["sound"])[:MOST_ITEMS_TOLD]
    if not tested:
        outcome = Outcome.FAIL
    return outcome, tested, failing, {"demand": demands.answers_per_item, "items": list(told)}


def _labels(demands: engine.Demands, tally: Tally) -> Told:
    outcome, tested, failing, figures = _plain(Check.LABELS, tally)
    share = failing / tested if tested else 0.0
    if share > demands.most_label_noise:
        outcome = Outcome.FAIL
    return outcome, tested, failing, {**figures, "share": share, "demand": demands.most_label_noise}


def _spread(demands: engine.Demands, tally: Tally) -> Told:
    if not tally.shares:
        return Outcome.FAIL, 0, 0, {}
    spread = engine.spread_of(
        tally.shares,
        low_below=demands.low_below,
        high_from=demands.high_from,
        least_share=demands.least_band_share,
    )
    outcome = Outcome.FAIL if spread.missing else Outcome.SOUND
    figures = {**asdict(spread), "demand": demands.least_band_share, "missing": list(spread.missing)}
    return outcome, spread.n, sum(one.count for one in spread.bands if one.missing), figures


def _markers(tally: Tally) -> Told:
    """How far two markers of the same answer agree; told, never a reason to refuse."""
    if len(tally.pairs) < _LEAST_PAIRS:
        return Outcome.NONE, len(tally.pairs), 0, {}
    first, second = [a for a, _b in tally.pairs], [b for _a, b in tally.pairs]
    found = engine.agreement(first, second, step=0.5)
    apart = sum(abs(a - b) > 0.25 for a, b in tally.pairs)
    return Outcome.SOUND, found.n, apart, asdict(found)
