"""What the marking desk shows: the next answers, how far the question is, groups, distribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from zhiwei.assessment.access import responses_to_mark
from zhiwei.assessment.models import Mark, Response, ResponseTag, WorkItem
from zhiwei.assessment.services.judging import response_value
from zhiwei.assessment.values import MarkerKind, ResponseState, SittingState
from zhiwei.kernel import api as kernel
from zhiwei.kernel.values import Actor

BATCH = 12
TODO = (ResponseState.DOUBTFUL, ResponseState.WAITING, ResponseState.SURE)
ORDER = (ResponseState.DOUBTFUL, ResponseState.WAITING, ResponseState.SURE, ResponseState.REVIEWED)
FILTERS: Mapping[str, Q] = {
    "todo": Q(state__in=TODO),
    "doubtful": Q(state__in=[ResponseState.DOUBTFUL, ResponseState.WAITING]),
    "reviewed": Q(state=ResponseState.REVIEWED),
    "problem": Q(is_problem=True),
    "exemplar": Q(is_exemplar=True),
    "all": Q(),
}


@dataclass(frozen=True)
class Cursor:
    """Place in the order of the desk: rank of the state, the question's own shuffled order, id."""

    rank: int
    order: int
    pk: int

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """Read what ``write`` wrote; anything else is the beginning."""
        parts = text.split(".")
        if len(parts) != 3 or not all(part.isdigit() and len(part) < 19 for part in parts):
            return None
        return cls(*map(int, parts))

    def write(self) -> str:
        """Return the cursor for an address."""
        return f"{self.rank}.{self.order}.{self.pk}"


def desk_rows(actor: Actor, item: WorkItem) -> QuerySet[Response]:
    """Return the answers to a question that the actor may mark, handed in."""
    return responses_to_mark(actor, item).exclude(sitting__state=SittingState.ANSWERING)


def next_answers(
    actor: Actor,
    item: WorkItem,
    *,
    after: Cursor | None = None,
    show: str = "todo",
    group: str = "",
    text: str = "",
    tag: str = "",
    limit: int = BATCH,
) -> list[Response]:
    """Return the next answers in the desk's order: doubtful first, each question shuffled in its own stable way.

    Under two markers, what the actor has marked and waits for another person is not offered again.
    """
    rows = desk_rows(actor, item).filter(FILTERS.get(show, FILTERS["todo"]))
    if group:
        rows = rows.filter(group_key=group)
    if tag:
        rows = rows.filter(tags__text=tag)
    if text:
        rows = rows.filter(value__text__icontains=text)
    if show == "todo":
        rows = rows.exclude(state=ResponseState.DOUBTFUL, mark__marker_id=actor.person_id)
    rows = rows.select_related("mark", "mark__marker", "sitting").order_by("order_key", "pk")
    wanted = max(1, min(limit, 50))
    found: list[Response] = []
    for rank, state in enumerate(ORDER):
        if len(found) < wanted and (after is None or rank >= after.rank):
            there = _after(rows.filter(state=state), after if after and after.rank == rank else None)
            found.extend(there[: wanted - len(found)])
    return found


def _after(rows: QuerySet[Response], after: Cursor | None) -> QuerySet[Response]:
    """Go on behind a cursor of the same state; each state is read along the index and stops early."""
    if after is None:
        return rows
    return rows.filter(order_key__gte=after.order).filter(
        Q(order_key__gt=after.order) | Q(order_key=after.order, pk__gt=after.pk)
    )


def answer_json(
    row: Response,
    *,
    names: Mapping[int, str],
    machine: Mark | None,
    tags: Sequence[str] = (),
    blind_for: int = 0,
) -> dict[str, Any]:
    """Return one answer as the desk draws it; without ``names`` nobody can tell whose it is.

    Args:
        blind_for: Under two markers, the marker who must not see another's mark while it waits.
    """
    answer = response_value(row).answer() or _shown(row.value)
    mark = row.mark
    person = mark if mark is not None and mark.kind != MarkerKind.MACHINE else None
    if (
        blind_for
        and person is not None
        and row.state == ResponseState.DOUBTFUL
        and person.marker_id != blind_for
    ):
        person = None
    rank = ORDER.index(ResponseState(row.state))
    return {
        "id": str(row.uuid),
        "cursor": Cursor(rank, row.order_key, row.pk).write(),
        "version": row.version,
        "state": row.state,
        "answer": answer,
        "evidence": _evidence(machine, answer),
        "files": len(row.files),
        "group": row.group_key,
        "problem": row.is_problem,
        "exemplar": row.is_exemplar,
        "name": names.get(row.sitting.person_id, ""),
        "late": row.sitting.is_late,
        "tags": list(tags),
        "machine": None if machine is None else _machine(machine),
        "person": None if person is None else person_json(person),
    }


def person_json(mark: Mark) -> dict[str, Any]:
    """Return a person's mark as the desk draws it."""
    points = mark.judgement.get("points", [])
    return {
        "score": mark.score,
        "by": mark.marker.name if mark.marker else "",
        "mine": mark.marker_id,
        "at": mark.at.isoformat(),
        "comment": mark.comment,
        "points": {str(one["id"]): one["score"] for one in points if isinstance(one, dict)},
    }


def answers_json(rows: Sequence[Response], *, with_names: bool, blind_for: int = 0) -> list[dict[str, Any]]:
    """Return answers as the desk draws them; three queries however many."""
    machines: dict[int, Mark] = {}
    for mark in Mark.objects.filter(
        response__in=rows, kind=MarkerKind.MACHINE, undone_at__isnull=True
    ).order_by("at", "pk"):
        machines[mark.response_id] = mark
    people = kernel.people_by_id([row.sitting.person_id for row in rows]) if with_names else {}
    names = {one.id: f"{one.name} {one.number}".strip() for one in people.values()}
    tags: dict[int, list[str]] = {}
    found = ResponseTag.objects.filter(response__in=rows).order_by("at", "pk")
    for response_id, text in found.values_list("response_id", "text"):
        tags.setdefault(response_id, []).append(text)
    return [
        answer_json(
            row,
            names=names,
            machine=machines.get(row.pk),
            tags=tags.get(row.pk, ()),
            blind_for=blind_for,
        )
        for row in rows
    ]


def desk_state(actor: Actor, item: WorkItem) -> dict[str, Any]:
    """Return progress, groups of alike answers (two or more), and how scores are spread."""
    rows = desk_rows(actor, item)
    states = dict(rows.values("state").annotate(n=Count("pk")).values_list("state", "n"))
    spread = rows.filter(score__isnull=False).values("score").annotate(n=Count("pk")).order_by("score")
    return {
        "total": sum(states.values()),
        "states": states,
        "groups": _groups(rows),
        "tags": known_tags(actor, item),
        "spread": [{"score": row["score"], "n": row["n"]} for row in spread],
        "exemplars": [
            {"answer": response_value(row).answer()[:400], "score": row.score}
            for row in rows.filter(is_exemplar=True).order_by("-score")[:12]
        ],
    }


def known_tags(actor: Actor, item: WorkItem) -> list[dict[str, Any]]:
    """Return the tags on a question's answers with how many carry each, the commonest first."""
    rows = ResponseTag.objects.filter(response__in=desk_rows(actor, item)).values("text")
    return list(rows.annotate(n=Count("pk")).order_by("-n", "text")[:60])


def counts(actor: Actor, item: WorkItem) -> dict[str, int]:
    """Return how many answers are in each state (one query)."""
    return dict(desk_rows(actor, item).values("state").annotate(n=Count("pk")).values_list("state", "n"))


def group_members(actor: Actor, item: WorkItem, group: str) -> list[Response]:
    """Return a group's answers that no person has marked yet."""
    rows = desk_rows(actor, item).filter(group_key=group).exclude(group_key="")
    return list(rows.exclude(state=ResponseState.REVIEWED).select_related("item", "sitting").order_by("pk"))


def _groups(rows: QuerySet[Response]) -> list[dict[str, Any]]:
    todo = Count("pk", filter=~Q(state=ResponseState.REVIEWED))
    doubtful = Count("pk", filter=Q(state__in=[ResponseState.DOUBTFUL, ResponseState.WAITING]))
    found = (
        rows.exclude(group_key="")
        .values("group_key")
        .annotate(n=Count("pk"), todo=todo, doubtful=doubtful)
        .filter(n__gte=2)
        .order_by("-n", "group_key")[:60]
    )
    keys = [row["group_key"] for row in found]
    examples = {
        row.group_key: row
        for row in rows.filter(group_key__in=keys).distinct("group_key").order_by("group_key", "pk")
    }
    return [
        {
            "key": row["group_key"],
            "size": row["n"],
            "todo": row["todo"],
            "doubtful": row["doubtful"],
            "example": (
                response_value(examples[row["group_key"]]).answer()
                or _shown(examples[row["group_key"]].value)
            )[:80],
        }
        for row in found
    ]


def _machine(mark: Mark) -> dict[str, Any]:
    found = mark.judgement
    return {
        "score": mark.score,
        "confidence": mark.confidence,
        "engine": f"{mark.engine} {mark.engine_version}",
        "points": {
            str(one["id"]): {"score": one["score"], "max": one["max_score"], "status": one["status"]}
            for one in found.get("points", [])
            if isinstance(one, dict)
        },
        "reasons": [
            {"zh": one.get("zh", ""), "en": one.get("en", ""), "code": one.get("code", "")}
            for one in found.get("reasons", [])
            if isinstance(one, dict)
        ],
        "flags": list(found.get("flags", [])),
    }


def _evidence(machine: Mark | None, answer: str) -> list[dict[str, Any]]:
    if machine is None:
        return []
    spans = [one for one in machine.judgement.get("evidence", []) if isinstance(one, dict)]
    return [
        {"start": one["start"], "end": one["end"], "point": one.get("point_id", "")}
        for one in spans
        if 0 <= one["start"] < one["end"] <= len(answer)
    ]


def _shown(value: Mapping[str, Any]) -> str:
    """Return an answer of several parts as lines ``part: answer``."""
    inner = value.get("value")
    if not isinstance(inner, dict):
        return ""
    return "\n".join(f"{key}：{_part(one)}" for key, one in inner.items())


def _part(one: object) -> str:
    if isinstance(one, dict):
        return str(one.get("text") or one.get("value") or "")
    return "；".join(map(str, one)) if isinstance(one, list) else str(one)
