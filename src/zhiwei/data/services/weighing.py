"""What a share would give away, worked out before anybody decides: people, who looks alike, how it must be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from zhiwei.data.models import Share
from zhiwei.data.rules.tables import ColumnKind, SharedColumn
from zhiwei.data.services.building import Progress
from zhiwei.data.services.disguising import HIDDEN, pointing_facts
from zhiwei.data.services.handing_down import Comparing
from zhiwei.data.services.share_rows import Wanted, wanted
from zhiwei.data.values_sharing import ShareKind, ShareState
from zhiwei.engines import privacy
from zhiwei.kernel import scope
from zhiwei.kernel.errors import NotFoundError

MOST_FACTS = 20_000
Facts = tuple[str, ...]


@dataclass
class _Met:
    rows: int = 0
    people: set[int] = field(default_factory=set)
    alike: dict[Facts, set[int]] = field(default_factory=dict)


def weigh_share(*, share_id: int, home: int, progress: Progress) -> dict[str, int]:
    """Count a share's rows and people and find how circumstances may be told; it waits for a decision then.

    Args:
        home: The organisation whose share it is.
    """
    with scope.entered([home]):
        share = Share.objects.filter(pk=share_id).first()
    if share is None:
        raise NotFoundError
    tenants = sorted({home, *share.tenants})
    asked = wanted_of(share, tenants)
    columns = [asked.table.column(name) for name in share.columns]
    comparing = Comparing(columns if share.kind == ShareKind.DOWN else [])
    met = _met(asked, columns, tenants, progress, comparing)
    risk, coarse = _weighed(met, columns, share.k)
    if share.kind == ShareKind.DOWN:
        risk["figures"] = comparing.figures()
    with scope.entered(tenants):
        Share.objects.filter(pk=share_id, state=ShareState.WEIGHING).update(
            state=ShareState.WAITING,
            risk={**risk, "rows": met.rows, "people": len(met.people)},
            coarse={} if share.plain or share.kind != ShareKind.ROWS else coarse,
        )
    return {"rows": met.rows, "people": len(met.people), "k": int(risk.get("k", 0))}


def wanted_of(share: Share, tenants: Sequence[int]) -> Wanted:
    """Return the rows a share is about, within the tenants that may be read."""
    return wanted(
        table=share.table,
        columns=share.columns,
        filters=share.filters,
        tenants=set(share.tenants) & set(tenants),
        basis=share.basis,
    )


def mark_failed(*, share_id: int, message: str) -> None:
    """Say on the share's page that it could not be weighed."""
    Share.objects.filter(pk=share_id).update(state=ShareState.FAILED, problem=message[:300])


def _met(
    asked: Wanted,
    columns: Sequence[SharedColumn],
    tenants: Sequence[int],
    progress: Progress,
    comparing: Comparing,
) -> _Met:
    met = _Met()
    after: int | None = 0
    while after is not None:
        with scope.entered(tenants):
            rows, after = asked.batch(after, 2_000)
        for row in rows:
            met.people.add(row.person_id)
            met.alike.setdefault(pointing_facts(columns, row), set()).add(row.person_id)
        met.rows += len(rows)
        comparing.add(rows)
        progress(met.rows, met.rows, "")
    return met


def _weighed(met: _Met, columns: Sequence[SharedColumn], k: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the risk that remains, and how each combination of circumstances is told so that k look alike."""
    pointing = [one for one in columns if one.pointing]
    if not pointing:
        return {"k": len(met.people), "demand": k, "reached": len(met.people) >= k, "levels": {}}, {}
    names = [one.name for one in pointing]
    told, levels = _coarsened(met, pointing, k)
    table = [
        dict(zip(names, told[facts], strict=True))
        for facts, people in met.alike.items()
        for _person in people
    ]
    if not table:
        return {"k": 0, "demand": k, "reached": False, "levels": levels}, {}
    report = privacy.measure_risk(table, names)
    risk = {**asdict(report), "demand": k, "levels": levels, "reached": report.k >= k}
    return risk, {"told": [[list(facts), list(words)] for facts, words in sorted(told.items())]}


def _coarsened(
    met: _Met, pointing: Sequence[SharedColumn], k: int
) -> tuple[dict[Facts, Sequence[str]], dict[str, str]]:
    names = [one.name for one in pointing]
    hidden = {facts: [HIDDEN] * len(names) for facts in met.alike}
    if len(met.alike) > MOST_FACTS:
        return dict(hidden), dict.fromkeys(names, "hidden")
    words = _school_words(met, pointing)
    pairs = [(facts, person) for facts, people in sorted(met.alike.items()) for person in sorted(people)]
    table = [
        {name: words.get((name, value), value) for name, value in zip(names, facts, strict=True)}
        for facts, _person in pairs
    ]
    found = privacy.find_generalisation(table, names, k, most_suppressed=0.0) if table else None
    if found is None:
        return dict(hidden), dict.fromkeys(names, "hidden")
    told: dict[Facts, Sequence[str]] = {
        facts: [row[name] for name in names] for (facts, _person), row in zip(pairs, found.rows, strict=True)
    }
    return told, dict(zip(names, found.descriptions, strict=True))


def _school_words(met: _Met, pointing: Sequence[SharedColumn]) -> dict[tuple[str, str], str]:
    """Schools become 学校1, 学校2 …, classes 班级1 …: words, so that they are told or hidden, never cut."""
    words: dict[tuple[str, str], str] = {}
    for place, column in enumerate(pointing):
        called = {ColumnKind.SCHOOL: "学校", ColumnKind.CLASS: "班级"}.get(column.kind)
        if called:
            values = sorted({facts[place] for facts in met.alike})
            words |= {(column.name, one): f"{called}{n}" for n, one in enumerate(values, start=1)}
    return words
