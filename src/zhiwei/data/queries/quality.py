"""What the pages of quality show: datasets with their last run and trend, rules with what last came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhiwei.data.access_sources import rules_in_reach, runs_in_reach, sources_in_reach
from zhiwei.data.models import QualityResult, QualityRun
from zhiwei.data.services.datasets import house_tables
from zhiwei.data.values import RunState, SourceState
from zhiwei.kernel.values import Actor, Verb

MOST_RUNS = 60


@dataclass(frozen=True, slots=True)
class DatasetLine:
    """A dataset in the list: how many rules, the last run that came to its end, shares of earlier runs."""

    key: str
    name: str
    rules: int
    last: QualityRun | None
    trend: tuple[float, ...]


def dataset_lines(actor: Actor) -> list[DatasetLine]:
    """Return the datasets that have rules or runs, and every source, by name."""
    names = dict(house_tables())
    names |= {
        f"source:{one.uuid}": one.name
        for one in sources_in_reach(actor, Verb.LIST).filter(state=SourceState.READY)
    }
    rules: dict[str, int] = {}
    for key in rules_in_reach(actor, Verb.LIST).values_list("dataset", flat=True):
        rules[key] = rules.get(key, 0) + 1
    runs = done_runs(actor)
    keys = {*rules, *(one.dataset for one in runs), *(one for one in names if one.startswith("source:"))}
    lines = [_line(key, names[key], rules.get(key, 0), runs) for key in keys if key in names]
    return sorted(lines, key=lambda one: (one.key.startswith("table:"), one.name))


def done_runs(actor: Actor, key: str = "") -> list[QualityRun]:
    """Return checks that came to their end, the oldest first; at most 60 of one dataset, 1,000 of all."""
    rows = runs_in_reach(actor).filter(state=RunState.DONE, purpose="check")
    if key:
        rows = rows.filter(dataset=key)
    return list(reversed(rows.order_by("-started_at", "-pk")[: MOST_RUNS if key else 1000]))


def last_profile(actor: Actor, key: str) -> QualityRun | None:
    """Return the last profile of a dataset."""
    rows = runs_in_reach(actor).filter(dataset=key, purpose="profile")
    return rows.order_by("started_at", "pk").last()


def last_results(run: QualityRun | None) -> dict[int, QualityResult]:
    """Return what came of each rule in a run, by rule."""
    if run is None:
        return {}
    return {one.rule_id: one for one in run.results.all() if one.rule_id}


def _line(key: str, name: str, rules: int, runs: Sequence[QualityRun]) -> DatasetLine:
    own = [one for one in runs if one.dataset == key]
    trend = tuple(one.holding / one.rules for one in own[-20:] if one.rules)
    return DatasetLine(key, name, rules, own[-1] if own else None, trend)
