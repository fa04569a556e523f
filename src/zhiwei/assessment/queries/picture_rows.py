"""What the class picture reads: few statements, whatever the number of responses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import (
    Avg,
    Case,
    Count,
    F,
    FloatField,
    Func,
    JSONField,
    Max,
    QuerySet,
    StdDev,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from numpy.typing import NDArray

from zhiwei.assessment.access import sittings_in_reach
from zhiwei.assessment.models import Response, Sitting, Work, WorkItem
from zhiwei.assessment.values import SittingState
from zhiwei.kernel.values import Actor, Verb

DONE = (SittingState.JUDGED, SittingState.RELEASED)
LONG = frozenset({"essay", "file"})
"""Types whose answers are all different: they are shown one by one, not counted."""


@dataclass(frozen=True)
class Table:
    """Scores of a work: a row a sitting, a column a question, NaN where there is no score."""

    sittings: tuple[Sitting, ...]
    items: tuple[WorkItem, ...]
    scores: NDArray[np.float64]

    @property
    def full(self) -> NDArray[np.float64]:
        """Full marks by question."""
        return np.array([one.max_score for one in self.items])

    def shares(self) -> NDArray[np.float64]:
        """Return each sitting's share of the marks of what was scored; NaN without any."""
        possible = (~np.isnan(self.scores) * self.full).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            shares: NDArray[np.float64] = np.where(
                possible > 0, np.nansum(self.scores, axis=1) / possible, np.nan
            )
        return shares

    def of_class(self, class_id: int) -> Table:
        """Return the rows of one class."""
        here = [k for k, one in enumerate(self.sittings) if one.organisation_id == class_id]
        return Table(tuple(self.sittings[k] for k in here), self.items, self.scores[here])


def done_sittings(actor: Actor, work: Work) -> QuerySet[Sitting]:
    """Return the judged or released sittings of a work in reach, the newest attempt of each pupil."""
    rows = sittings_in_reach(actor, Verb.READ).filter(work=work, state__in=DONE)
    return rows.order_by("person_id", "-attempt").distinct("person_id")


def score_table(actor: Actor, work: Work) -> Table:
    """Read the scores of a work, of every class in reach (three statements)."""
    items = tuple(work.items.order_by("position"))
    sittings = tuple(done_sittings(actor, work))
    scores = np.full((len(sittings), len(items)), np.nan)
    row_of = {one.pk: k for k, one in enumerate(sittings)}
    column_of = {one.pk: k for k, one in enumerate(items)}
    found = Response.objects.filter(item__in=[one.pk for one in items], score__isnull=False)
    for sitting_id, item_id, score in found.values_list("sitting_id", "item_id", "score").iterator(20_000):
        row = row_of.get(sitting_id)
        if row is not None:
            scores[row, column_of[item_id]] = score
    return Table(sittings, items, scores)


def answers_given(table: Table) -> list[tuple[int, dict[str, object], int, float | None]]:
    """Return ``(item id, value, pupils, mean score)`` of every distinct answer to the countable questions."""
    items = [one.pk for one in table.items if one.type not in LONG]
    rows = _responses(table).filter(item_id__in=items).order_by()
    counted = rows.values("item_id", "value").annotate(n=Count("pk"), mean=Avg("score"))
    return list(counted.values_list("item_id", "value", "n", "mean"))


def reasons_given(table: Table) -> list[tuple[int, str, str, int]]:
    """Return ``(item id, code, sentence, pupils)`` of the judging reasons where marks were lost."""
    lost = _responses(table).filter(score__lt=F("item__max_score"), mark__isnull=False)
    told = KeyTransform("reasons", "mark__judgement")
    reasons = Case(
        When(mark__judgement__has_key="reasons", then=told),
        default=Value([], JSONField()),
        output_field=JSONField(),
    )
    each = Func(reasons, function="jsonb_array_elements", output_field=JSONField())
    rows = lost.order_by().annotate(code=KeyTextTransform("code", each), words=KeyTextTransform("zh", each))
    counted = rows.values("item_id", "code", "words").annotate(n=Count("pk", distinct=True))
    return list(counted.values_list("item_id", "code", "words", "n"))


def unmarked(table: Table) -> dict[int, int]:
    """Return how many responses of each question have no score yet."""
    rows = _responses(table).filter(score__isnull=True).order_by().values_list("item_id")
    return dict(rows.annotate(n=Count("pk")))


def past_shares(
    actor: Actor, work: Work, class_id: int, *, most: int = 8
) -> list[tuple[str, str, object, int, float, float | None]]:
    """Return earlier released works of the class in this subject: ``(uuid, title, when, n, mean, spread)``."""
    rows = sittings_in_reach(actor, Verb.READ).filter(
        organisation_id=class_id,
        work__subject=work.subject,
        work__created_at__lt=work.created_at,
        state=SittingState.RELEASED,
        max_score__gt=0,
        score__isnull=False,
    )
    share = F("score") * 1.0 / F("max_score")
    grouped = (
        rows.order_by()
        .values("work__uuid", "work__title")
        .annotate(
            at=Max("work__created_at"),
            n=Count("pk"),
            mean=Avg(share, output_field=FloatField()),
            spread=StdDev(share, sample=True, output_field=FloatField()),
        )
    )
    newest = grouped.order_by("-at")[:most]
    return [
        (str(one["work__uuid"]), one["work__title"], one["at"], one["n"], one["mean"], one["spread"])
        for one in reversed(newest)
    ]


def own_past(actor: Actor, work: Work, person_ids: Sequence[int]) -> dict[int, float]:
    """Return each pupil's mean share on earlier released works of this subject."""
    rows = sittings_in_reach(actor, Verb.READ).filter(
        person_id__in=person_ids,
        work__subject=work.subject,
        work__created_at__lt=work.created_at,
        state=SittingState.RELEASED,
        max_score__gt=0,
        score__isnull=False,
    )
    share = Avg(F("score") * 1.0 / F("max_score"), output_field=FloatField())
    return dict(rows.order_by().values_list("person_id").annotate(share=share))


def _responses(table: Table) -> QuerySet[Response]:
    return Response.objects.filter(
        item__in=[one.pk for one in table.items], sitting__in=[one.pk for one in table.sittings]
    )
