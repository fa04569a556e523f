"""Released, judged answers for the data centre: the same question is one item wherever it was set."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

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
        rows = released_responses(self.query).filter(item_id__in=ids).order_by("pk").values_list(*_COLUMNS)
        wanted = iter(rows.iterator(CHUNK))
        while batch := list(islice(wanted, CHUNK)):
            yield from _answers(batch, lambda _item: item_key)


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
        found = list(rows.values_list(*_COLUMNS))
        items = self._items({row[_ITEM] for row in found})
        answers = _answers(found, lambda item: items[item].key)
        return {one.ref: (one, items[row[_ITEM]]) for one, row in zip(answers, found, strict=True)}

    def _items(self, ids: Collection[int]) -> dict[int, AnswerItem]:
        rows = WorkItem.objects.filter(pk__in=ids).annotate(subject=F("work__subject"))
        return {row.pk: item_of(row, getattr(row, "subject", "")) for row in rows}


def item_of(row: WorkItem, subject: str) -> AnswerItem:
    """Return a work's question under the key of its content."""
    told = {"type": row.type, "max_score": row.max_score, "content": row.content}
    line = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    key = hashlib.sha256(line.encode()).hexdigest()[: 2 * _KEY_BYTES]
    return AnswerItem(key, row.type, subject, row.max_score, row.content)


_COLUMNS = (
    "pk", "tenant_id", "item_id", "sitting__person_id", "sitting__work__kind", "sitting__organisation__grade",
    "sitting__handed_in_at", "saved_at", "value", "files", "score", "item__max_score",
)  # fmt: skip
_ITEM = _COLUMNS.index("item_id")


def _answers(rows: Sequence[tuple[Any, ...]], key_of: Callable[[int], str]) -> Iterator[JudgedAnswer]:
    """Return responses with every mark that was not undone; rows as :data:`_COLUMNS`, one query for all marks."""
    marks = _marks([row[0] for row in rows])
    for pk, tenant, item, person, kind, grade, handed_in, saved, value, images, score, full in rows:
        yield JudgedAnswer(
            ref=pk,
            tenant_id=tenant,
            person_id=person,
            item_key=key_of(item),
            scene=kind,
            grade=grade,
            answered_on=clock.today(handed_in or saved),
            text=text_of(value),
            images=tuple(map(int, images)),
            score=float(score or 0.0),
            max_score=float(full),
            marks=tuple(marks.get(pk, ())),
        )


def text_of(value: Mapping[str, Any]) -> str:
    """Return an answer as text, whatever it was typed into."""
    steps = tuple(map(str, value.get("steps", ()) or ()))
    text = str(value.get("text", "") or "")
    return judging.Response("", text=text, value=value.get("value"), steps=steps).answer().strip()


def _marks(responses: Sequence[int]) -> dict[int, list[GivenMark]]:
    found: dict[int, list[GivenMark]] = defaultdict(list)
    rows = Mark.objects.filter(response_id__in=responses, undone_at__isnull=True).order_by(
        "response_id", "pk"
    )
    wanted = ("response_id", "kind", "marker_id", "engine", "engine_version", "score", "at")
    for response, kind, marker, engine, version, score, at in rows.values_list(*wanted):
        mark = GivenMark(kind, str(marker or ""), f"{engine} {version}".strip(), score, at.isoformat())
        found[response].append(mark)
    return found
