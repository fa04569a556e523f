"""What of a pupil's circumstances may be told, so that nobody stands alone; and what risk remains."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from zhiwei.data.models import Corpus, CorpusEntry
from zhiwei.data.rules.shape import QUASI
from zhiwei.engines import privacy

Facts = tuple[int, int | None, str]
"""School, grade and month of an answer as they are."""


@dataclass(frozen=True)
class Coarse:
    """How circumstances are told: what each combination becomes, the words for it, and the measured risk."""

    told: Mapping[Facts, tuple[str, str, str]]
    levels: Mapping[str, str]
    risk: Mapping[str, Any]


def facts_of(school: int, grade: int | None, month: str) -> Facts:
    """Return the circumstances of an answer."""
    return (school, grade, month)


def coarsen(corpus: Corpus, *, k: int) -> Coarse:
    """Return the least coarse telling under which at least ``k`` pupils look alike.

    Risk is of pupils, not of answers: a row is a pupil in one school, grade and month. When even hiding all three
    leaves fewer than ``k`` pupils, all is hidden and the risk says so.
    """
    scores: dict[tuple[int, Facts], list[float]] = defaultdict(list)
    rows = CorpusEntry.objects.filter(corpus=corpus, kept=True, max_score__gt=0).order_by()
    wanted = rows.values_list("person_id", "tenant_id", "grade", "answered_on", "score", "max_score")
    for person, school, grade, day, score, full in wanted.iterator(10_000):
        scores[(person, (school, grade, f"{day:%Y-%m}"))].append(score / full)
    keys = sorted(scores, key=str)
    names = _school_names(facts[0] for _person, facts in keys)
    table = [_row(facts, names) for _person, facts in keys]
    found = privacy.find_generalisation(table, QUASI, k, most_suppressed=0.0) if table else None
    told_rows = list(found.rows) if found else [dict.fromkeys(QUASI, "*") for _ in table]
    told = {
        facts: (row["school"], row["grade"], row["month"])
        for (_person, facts), row in zip(keys, told_rows, strict=True)
    }
    levels = dict(zip(QUASI, found.descriptions if found else ["hidden"] * 3, strict=True))
    bands = [_band(scores[key]) for key in keys]
    return Coarse(told, levels, _risk(told_rows, bands, k, levels))


def _risk(
    rows: Sequence[Mapping[str, str]], bands: Sequence[str], k: int, levels: Mapping[str, str]
) -> dict[str, Any]:
    if not rows:
        return {}
    table = [{**row, "band": band} for row, band in zip(rows, bands, strict=True)]
    report = privacy.measure_risk(table, QUASI, ["band"])
    return {**asdict(report), "demand": k, "levels": dict(levels), "reached": report.k >= k}


def _row(facts: Facts, names: Mapping[int, str]) -> dict[str, str]:
    school, grade, month = facts
    return {"school": names[school], "grade": "" if grade is None else str(grade), "month": month}


def _school_names(schools: Any) -> dict[int, str]:
    """Schools become 学校1, 学校2 …: words, so that they are told or hidden, never cut."""
    return {school: f"学校{number}" for number, school in enumerate(sorted(set(schools)), start=1)}


def _band(shares: Sequence[float]) -> str:
    mean = sum(shares) / len(shares)
    return "low" if mean < 0.6 else "high" if mean >= 0.85 else "middle"
