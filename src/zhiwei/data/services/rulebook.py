"""Rules of a dataset: written in the page, taken over from what a profile suggests, dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from zhiwei.data.errors import SourceInputError
from zhiwei.data.models import QualityRule, QualityRun
from zhiwei.data.services.datasets import Dataset, dataset
from zhiwei.engines import quality as engine
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit
from zhiwei.kernel.errors import ConflictError, NotFoundError
from zhiwei.kernel.values import Actor, Verb

MOST_RULES = 200


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A rule as filled in."""

    form: str
    columns: Sequence[str]
    params: Mapping[str, object] = field(default_factory=dict)
    tolerance: float = 0.0


def add_rule(
    *, actor: Actor, now: datetime, key: str, spec: RuleSpec, suggested: bool = False
) -> QualityRule:
    """Add a rule to a dataset.

    Raises:
        SourceInputError: The rule does not fit its form, or a column is not there.
        ConflictError: The dataset has as many rules as it may.
        NotFoundError: No such dataset, or not the actor's.
    """
    found = dataset(key)
    place = kernel.place_for(actor, found.tenant_of(actor), verb=Verb.CREATE, kind="data_quality")
    rule = checked(found, spec)
    if QualityRule.objects.filter(tenant_id=place.id, dataset=found.key).count() >= MOST_RULES:
        raise ConflictError(f"一份数据最多 {MOST_RULES} 条规则。", code="quality.too_many_rules")
    row = QualityRule.objects.create(
        tenant_id=place.id,
        dataset=found.key,
        form=rule.form,
        columns=list(rule.columns),
        params=dict(rule.params),
        tolerance=rule.tolerance,
        is_suggested=suggested,
        created_by_id=actor.person_id or None,
        created_at=now,
    )
    _written(actor, now, row, Verb.CREATE)
    return row


def take_over(*, actor: Actor, now: datetime, run: QualityRun, places: Sequence[int]) -> int:
    """Add the chosen suggestions of a profile; those that are there already are left out. Returns how many."""
    there = {
        (one.form, tuple(one.columns), repr(sorted(one.params.items())))
        for one in QualityRule.objects.filter(tenant_id=run.tenant_id, dataset=run.dataset)
    }
    added = 0
    for place in sorted(set(places)):
        if not 0 <= place < len(run.suggestions):
            raise NotFoundError
        one = run.suggestions[place]
        if (one["form"], tuple(one["columns"]), repr(sorted(one["params"].items()))) not in there:
            spec = RuleSpec(one["form"], one["columns"], one["params"], one["tolerance"])
            add_rule(actor=actor, now=now, key=run.dataset, spec=spec, suggested=True)
            added += 1
    return added


def drop_rule(*, actor: Actor, now: datetime, rule: QualityRule) -> None:
    """Drop a rule; what came of it in earlier runs stays."""
    _written(actor, now, rule, Verb.DELETE)
    rule.delete()


def rules_of(tenant_id: int, key: str) -> list[QualityRule]:
    """Return a dataset's rules in the order they were made."""
    return list(QualityRule.objects.filter(tenant_id=tenant_id, dataset=key).order_by("pk"))


def engine_rule(row: QualityRule, place: int) -> engine.Rule:
    """Return a kept rule as the engine asks it."""
    return engine.Rule(str(place), engine.Form(row.form), tuple(row.columns), row.params, row.tolerance)


def checked(found: Dataset, spec: RuleSpec) -> engine.Rule:
    """Return a filled-in rule as the engine wants it.

    Raises:
        SourceInputError: Names the part that does not fit.
    """
    known = {one.name for one in found.columns}
    for one in spec.columns:
        if one not in known:
            raise SourceInputError("columns", f"没有「{one[:60]}」这一列。")
    try:
        rule = engine.Rule(
            "new", engine.Form(spec.form), tuple(spec.columns), spec.params, spec.tolerance  # type: ignore[arg-type]
        )  # fmt: skip
        engine.check_rule(rule)
    except engine.QualityError as error:
        raise SourceInputError(error.field, str(error)) from error
    except ValueError as error:
        raise SourceInputError("form", "请选择表中的一项。") from error
    if rule.form is engine.Form.REFERS:
        _check_reference(str(rule.params["table"]), str(rule.params["column"]))
    return rule


def _check_reference(key: str, column: str) -> None:
    try:
        other = dataset(key)
    except NotFoundError as error:
        raise SourceInputError("table", "请选择表中的一项。") from error
    if column not in {one.name for one in other.columns}:
        raise SourceInputError("column", f"对照的数据没有「{column[:60]}」这一列。")


def _written(actor: Actor, now: datetime, row: QualityRule, verb: Verb) -> None:
    audit.record(
        actor=actor, verb=verb, kind="data_quality", object_id=row.pk, now=now, tenant_id=row.tenant_id,
        detail={"dataset": row.dataset, "form": row.form},
    )  # fmt: skip
