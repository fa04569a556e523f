"""Released facts as xAPI statements: who answered, was scored on and completed what.

Each released sitting gives one ``completed`` and, a question, one ``answered`` and one ``scored`` statement. Their
ids follow from sitting, release and question, so that fetching twice gives the same statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from zhiwei.assessment.access import sittings_in_reach
from zhiwei.assessment.models import Response, Sitting
from zhiwei.assessment.queries.picture_words import answer_text
from zhiwei.assessment.values import SittingState
from zhiwei.kernel import api as kernel
from zhiwei.kernel.values import Actor, Verb

VERBS = {
    "completed": ("http://adlnet.gov/expapi/verbs/completed", "完成"),
    "answered": ("http://adlnet.gov/expapi/verbs/answered", "作答"),
    "scored": ("http://adlnet.gov/expapi/verbs/scored", "得分"),
}
ASSESSMENT = "http://adlnet.gov/expapi/activities/assessment"
QUESTION = "http://adlnet.gov/expapi/activities/cmi.interaction"
Statement = dict[str, object]


@dataclass(frozen=True)
class Part:
    """Statements of whole sittings; ``following`` is the ``since`` of the next part, ``None`` at the end."""

    statements: list[Statement]
    about: list[int]
    following: datetime | None


def statements_for(
    actor: Actor, *, origin: str, since: datetime | None, until: datetime | None, limit: int
) -> Part:
    """Return statements of sittings in reach released after ``since`` up to ``until``, oldest first.

    Args:
        origin: The house's own address; accounts and activities are named below it.
        limit: Sittings are added whole until so many statements are reached.
    """
    rows = sittings_in_reach(actor, Verb.READ).filter(state=SittingState.RELEASED, released_at__isnull=False)
    if since is not None:
        rows = rows.filter(released_at__gt=since)
    if until is not None:
        rows = rows.filter(released_at__lte=until)
    ordered = list(rows.select_related("work").order_by("released_at", "pk")[: limit + 1])
    taken, more = _enough(ordered, limit)
    answers: dict[int, list[Response]] = {}
    found = Response.objects.filter(sitting__in=taken).select_related("item").order_by("item__position")
    for row in found:
        answers.setdefault(row.sitting_id, []).append(row)
    people = kernel.people_by_id(one.person_id for one in taken)
    told = [
        statement
        for one in taken
        for statement in _of_sitting(one, answers.get(one.pk, []), people[one.person_id], origin)
    ]
    return Part(told, [one.person_id for one in taken], taken[-1].released_at if more and taken else None)


def _enough(ordered: Sequence[Sitting], limit: int) -> tuple[list[Sitting], bool]:
    """Take sittings up to the limit, never parting those released at the same instant."""
    taken: list[Sitting] = []
    count = 0
    for one in ordered:
        same = bool(taken) and taken[-1].released_at == one.released_at
        if count >= limit and not same:
            return taken, True
        taken.append(one)
        count += 1 + 2 * one.work.items.count()
    return taken, False


def _of_sitting(
    sitting: Sitting, rows: Sequence[Response], person: kernel.PersonInfo, origin: str
) -> list[Statement]:
    who: Statement = {
        "objectType": "Agent",
        "account": {"homePage": f"{origin}/people/", "name": person.uuid},
    }
    work = f"{origin}/assessment/works/{sitting.work.uuid}/"
    done: Statement = {"completion": True}
    if sitting.score is not None:
        done["score"] = _score(sitting.score, sitting.max_score)
    whole = _activity(work, ASSESSMENT, sitting.work.title)
    told = [_statement(sitting, who, "completed", whole, sitting.handed_in_at, done)]
    for row in rows:
        question = _activity(f"{work}questions/{row.item.uuid}/", QUESTION, f"第 {row.item.position} 题")
        about: Statement = {"parent": [{"objectType": "Activity", "id": work}]}
        given: Statement = {"response": answer_text(row.value)}
        told.append(_statement(sitting, who, "answered", question, row.saved_at, given, about, row))
        if row.score is not None:
            result: Statement = {"score": _score(row.score, row.item.max_score)}
            told.append(_statement(sitting, who, "scored", question, sitting.released_at, result, about, row))
    return told


def _statement(
    sitting: Sitting,
    who: Statement,
    verb: str,
    what: Statement,
    at: datetime | None,
    result: Statement,
    about: Statement | None = None,
    row: Response | None = None,
) -> Statement:
    address, word = VERBS[verb]
    name = f"{sitting.uuid}/{sitting.release_count}/{verb}/{row.uuid if row else ''}"
    context: Statement = {"registration": str(sitting.uuid), "platform": "Zhiwei", "language": "zh-CN"}
    if about:
        context["contextActivities"] = about
    released = sitting.released_at or sitting.started_at
    return {
        "id": str(uuid5(NAMESPACE_URL, f"urn:zhiwei:{name}")),
        "actor": who,
        "verb": {"id": address, "display": {"zh-CN": word, "en-US": verb}},
        "object": what,
        "result": result,
        "context": context,
        "timestamp": (at or released).isoformat(),
        "stored": released.isoformat(),
        "version": "2.0.0",
    }


def _activity(address: str, kind: str, name: str) -> Statement:
    definition: Statement = {"type": kind, "name": {"zh-CN": name}}
    if kind == QUESTION:
        definition["interactionType"] = "other"
    return {"objectType": "Activity", "id": address, "definition": definition}


def _score(score: float | None, full: float) -> Statement:
    raw = float(score or 0)
    scaled = {"scaled": round(raw / full, 4)} if full > 0 else {}
    return {**scaled, "raw": raw, "min": 0, "max": full}
