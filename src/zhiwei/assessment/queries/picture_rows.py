"""What the class picture reads: few statements, whatever the number of responses."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Avg, Case, Count, F, FloatField, Max, StdDev, TextField, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from numpy.typing import NDArray

from zhiwei.assessment.access import sittings_in_reach
from zhiwei.assessment.models import Mark, Response, Work, WorkItem
from zhiwei.assessment.queries.among import Among
from zhiwei.assessment.values import SittingState
from zhiwei.kernel.values import Actor, Verb

DONE = (SittingState.JUDGED, SittingState.RELEASED)

LONG = frozenset({"essay", "file"})
"""Types whose answers are all different: they are shown one by one, not counted."""
MANY = 400
"""Sittings from which on the class is picked out here instead of by the database."""


class Taken(NamedTuple):
    """One sitting that counts: the newest judged attempt of a pupil."""

    pk: int
    person_id: int
    organisation_id: int
    state: str
    score: float | None
    max_score: float


@dataclass(frozen=True, slots=True)
class Given:
    """The class's answers to one question as columns of equal length (rows as objects cost four times as much).

    Attributes:
        rows: Whose: row of the class's table.
        scores: What each earned; ``None`` while unmarked.
        values: The answers as JSON text.
        exemplars: Whether a teacher marked the answer as one.
        ids: Of the responses.
        marks: Ids of the marks that stand.
    """

    rows: Sequence[int] = ()
    scores: Sequence[float | None] = ()
    values: Sequence[str] = ()
    exemplars: Sequence[bool] = ()
    ids: Sequence[int] = ()
    marks: Sequence[int | None] = ()


@dataclass(frozen=True)
class Table:
    """Scores of a work: a row a sitting, a column a question, NaN where there is no score."""

    sittings: tuple[Taken, ...]
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


def done_sittings(actor: Actor, work: Work) -> list[Taken]:
    """Return the judged or released sittings of a work in reach, the newest attempt of each pupil."""
    rows = sittings_in_reach(actor, Verb.READ).filter(work=work, state__in=DONE)
    rows = rows.order_by("person_id", "-attempt").distinct("person_id")
    told = rows.values_list("pk", "person_id", "organisation_id", "state", "score", "max_score")
    return [Taken(*row) for row in told]


def read_answers(actor: Actor, work: Work, class_id: int) -> tuple[Table, dict[int, Given]]:
    """Read the scores of a work, of every class in reach, and one class's answers by question id.

    Four statements whatever the number of responses.
    """
    items = tuple(work.items.order_by("position"))
    sittings = tuple(done_sittings(actor, work))
    place = {one.pk: k for k, one in enumerate(sittings)}
    here = [one.pk for one in sittings if one.organisation_id == class_id]
    row_of = {pk: k for k, pk in enumerate(here)}
    column = {one.pk: k for k, one in enumerate(items)}
    scores = np.full((len(sittings) + 1, len(items)), np.nan)
    given = {one.pk: Given() for one in items}
    for item_id, takers, earned, *rest in _columns(items, here):
        scores[[place.get(one, -1) for one in takers], column[item_id]] = earned
        given[item_id] = _of_class(row_of, takers, earned, *rest)
    return Table(sittings, items, scores[:-1]), given


def _of_class(row_of: Mapping[int, int], takers: Sequence[int], *columns: Sequence[Any]) -> Given:
    if len(row_of) == len(takers) and all(one in row_of for one in takers):
        return Given([row_of[one] for one in takers], *columns)
    kept = [k for k, one in enumerate(takers) if one in row_of]
    return Given([row_of[takers[k]] for k in kept], *([column[k] for k in kept] for column in columns))


def _columns(items: Sequence[WorkItem], here: list[int]) -> Iterator[tuple[Any, ...]]:
    """Read each question's id, sittings, scores, answers, exemplars, responses and marks as columns in one order.

    Answers of other classes are left out, unless the class is so large that telling them apart row by row would
    cost the database more than it saves.
    """
    value: Cast | Case = Cast("value", TextField())
    if len(here) < MANY:
        value = Case(When(Among("sitting_id", here), then=value), output_field=TextField())
    rows = (
        Response.objects.filter(item__in=[one.pk for one in items]).annotate(said=value).order_by("item_id")
    )
    read = rows.values_list("item_id", "sitting_id", "score", "said", "is_exemplar", "pk", "mark_id")
    for item_id, lines in groupby(read, key=itemgetter(0)):
        _ids, *columns = zip(*lines, strict=True)
        yield (item_id, *columns)


def reasons_given(items: Sequence[WorkItem], given: Mapping[int, Given]) -> list[tuple[int, str, str, int]]:
    """Return ``(item id, code, sentence, pupils)`` of the judging reasons where marks were lost (one statement).

    Marks that give the same reasons are counted first, and each list of reasons is read once.
    """
    item_of = {
        mark: item.pk
        for item in items
        for mark, score in zip(given[item.pk].marks, given[item.pk].scores, strict=True)
        if mark is not None and score is not None and score < item.max_score
    }
    told = Mark.objects.filter(Among("id", list(item_of))).annotate(
        told=KeyTextTransform("reasons", "judgement")
    )
    alike = Counter((item_of[pk], text) for pk, text in told.order_by().values_list("pk", "told") if text)
    found: dict[tuple[int, str, str], int] = {}
    for (item_id, text), count in alike.items():
        reasons = [one for one in json.loads(text) if isinstance(one, dict)]
        for code, words in {(str(one.get("code", "")), str(one.get("zh", ""))) for one in reasons}:
            key = (item_id, code, words)
            found[key] = found.get(key, 0) + count
    return [(*key, count) for key, count in sorted(found.items())]


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
        Among("person_id", person_ids),
        work__subject=work.subject,
        work__created_at__lt=work.created_at,
        state=SittingState.RELEASED,
        max_score__gt=0,
        score__isnull=False,
    )
    share = Avg(F("score") * 1.0 / F("max_score"), output_field=FloatField())
    return dict(rows.order_by().values_list("person_id").annotate(share=share))
