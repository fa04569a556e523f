"""Released, judged answers for the data centre: the same question is one item wherever it was set."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from zhiwei.assessment.models import Mark, Response, WorkItem
from zhiwei.assessment.values import SittingState
from zhiwei.data.values import AnswerItem, AnswerQuery, Facet, GivenMark, JudgedAnswer
from zhiwei.engines import judging
from zhiwei.kernel import clock

CHUNK = 1_000
_KEY_BYTES = 16


def released_responses(query: AnswerQuery) -> QuerySet[Response]:
    """Return the scored responses of released sittings that a query asks for."""
    rows = Response.objects.filter(
        tenant_id__in=query.tenants, sitting__state=SittingState.RELEASED, score__isnull=False
    )
    limits = {
        "sitting__work__subject": query.subject,
        "sitting__work__kind": query.scene,
        "item__type__in": query.item_types,
        "sitting__organisation__grade__in": query.grades,
        "sitting__handed_in_at__date__gte": query.since,
        "sitting__handed_in_at__date__lte": query.until,
    }
    return rows.filter(**{lookup: value for lookup, value in limits.items() if value})


@dataclass(frozen=True)
class SelectedAnswers:
    """What a query found: items by content, each with the ids of the works' questions that are it."""

    query: AnswerQuery
    found: Mapping[str, tuple[AnswerItem, tuple[int, ...]]]

    def items(self) -> Sequence[AnswerItem]:
        """Return the questions that have answers, by key."""
        return [item for item, _ids in self.found.values()]

    def answers(self, item_key: str) -> Iterator[JudgedAnswer]:
        """Stream the answers to one question, by id."""
        _item, ids = self.found[item_key]
        rows = _told(released_responses(self.query).filter(item_id__in=ids)).order_by("pk")
        for row in rows.iterator(CHUNK):
            yield answer_of(row, item_key)


class ReleasedAnswers:
    """The reader that assessment hands to the data centre."""

    def facets(self, tenants: Collection[int]) -> Sequence[Facet]:
        """Return what there is by subject, kind of work, type and grade (one statement)."""
        rows = released_responses(AnswerQuery(tuple(tenants))).order_by()
        grouped = rows.values_list(
            "sitting__work__subject", "sitting__work__kind", "item__type", "sitting__organisation__grade"
        ).annotate(n=Count("pk"))
        return [Facet(subject, kind, type_, grade, n) for subject, kind, type_, grade, n in grouped]

    def select(self, query: AnswerQuery) -> SelectedAnswers:
        """Return what a query finds; holds one entry a question, no answers."""
        used = released_responses(query).order_by().values("item_id")
        groups: dict[str, list[int]] = defaultdict(list)
        items: dict[str, AnswerItem] = {}
        rows = WorkItem.objects.filter(pk__in=used).annotate(subject=F("work__subject")).order_by("pk")
        for row in rows.iterator(CHUNK):
            item = item_of(row, getattr(row, "subject", ""))
            items.setdefault(item.key, item)
            groups[item.key].append(row.pk)
        return SelectedAnswers(query, {key: (items[key], tuple(groups[key])) for key in sorted(items)})

    def fetch(self, refs: Collection[int]) -> Mapping[int, tuple[JudgedAnswer, AnswerItem]]:
        """Return answers with their questions; recalled ones are missing."""
        rows = Response.objects.filter(
            pk__in=set(refs), sitting__state=SittingState.RELEASED, score__isnull=False
        )
        found = {}
        for row in _told(rows):
            item = item_of(row.item, row.sitting.work.subject)
            found[row.pk] = (answer_of(row, item.key), item)
        return found


def item_of(row: WorkItem, subject: str) -> AnswerItem:
    """Return a work's question under the key of its content."""
    told = {"type": row.type, "max_score": row.max_score, "content": row.content}
    line = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    key = hashlib.sha256(line.encode()).hexdigest()[: 2 * _KEY_BYTES]
    return AnswerItem(key, row.type, subject, row.max_score, row.content)


def answer_of(row: Response, item_key: str) -> JudgedAnswer:
    """Return one response with every mark that was not undone."""
    sitting = row.sitting
    steps = tuple(map(str, row.value.get("steps", ()) or ()))
    text = str(row.value.get("text", "") or "")
    answer = judging.Response("", text=text, value=row.value.get("value"), steps=steps)
    return JudgedAnswer(
        ref=row.pk,
        tenant_id=row.tenant_id,
        person_id=sitting.person_id,
        item_key=item_key,
        scene=sitting.work.kind,
        grade=sitting.organisation.grade,
        answered_on=clock.today(sitting.handed_in_at or row.saved_at),
        text=answer.answer().strip(),
        images=tuple(map(int, row.files)),
        score=float(row.score or 0.0),
        max_score=float(row.item.max_score),
        marks=tuple(_mark(one) for one in row.marks.all() if one.undone_at is None),
    )


def _mark(row: Mark) -> GivenMark:
    engine = f"{row.engine} {row.engine_version}".strip()
    return GivenMark(row.kind, str(row.marker_id or ""), engine, row.score, row.at.isoformat())


def _told(rows: QuerySet[Response]) -> QuerySet[Response]:
    return rows.select_related("sitting__work", "sitting__organisation", "item").prefetch_related("marks")
