"""The responses behind a figure of the class picture."""

from __future__ import annotations

from dataclasses import dataclass

from zhiwei.assessment.access import access_work_item
from zhiwei.assessment.models import Response, WorkItem
from zhiwei.assessment.queries import picture_words as words
from zhiwei.assessment.queries.picture_rows import done_sittings
from zhiwei.kernel import api as kernel
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor, Verb

MOST = 500


@dataclass(frozen=True, slots=True)
class Behind:
    """One response behind a figure."""

    person_id: int
    name: str
    uuid: str
    text: str
    score: float | None
    max_score: float
    reasons: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which responses: by answer group, by reason's code, or by how much was earned; empty asks for all."""

    answer: str = ""
    reason: str = ""
    earned: str = ""


def item_of(actor: Actor, item_uuid: object) -> WorkItem:
    """Return a question whose responses the actor may read.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return access_work_item(actor, item_uuid, verb=Verb.READ)


def responses_behind(actor: Actor, item: WorkItem, class_id: int, asked: Asked) -> list[Behind]:
    """Return the responses of one class to one question that a figure was computed from, by name.

    Raises:
        NotFoundError: The class is not in reach on this work.
    """
    sittings = [one for one in done_sittings(actor, item.work) if one.organisation_id == class_id]
    if not sittings:
        raise NotFoundError
    names = kernel.people_by_id(one.person_id for one in sittings)
    rows = Response.objects.filter(item=item, sitting__in=[one.pk for one in sittings])
    found = [
        _behind(row, item, names)
        for row in rows.select_related("mark", "sitting")
        if _asked_for(row, item, asked)
    ]
    return sorted(found, key=lambda one: (one.score if one.score is not None else -1, one.name))[:MOST]


def _behind(row: Response, item: WorkItem, names: dict[int, kernel.PersonInfo]) -> Behind:
    said = tuple(str(one.get("zh", "")) for one in _reasons(row))
    person = names.get(row.sitting.person_id)
    return Behind(
        row.sitting.person_id,
        person.name if person else "",
        str(row.uuid),
        words.answer_text(row.value, item.content),
        row.score,
        item.max_score,
        said,
        row.state,
    )


def _reasons(row: Response) -> list[dict[str, object]]:
    told = row.mark.judgement.get("reasons", []) if row.mark is not None else []
    return [one for one in told if isinstance(one, dict)]


def _asked_for(row: Response, item: WorkItem, asked: Asked) -> bool:
    if asked.answer and words.answer_key(row.value, item.type) != asked.answer:
        return False
    if asked.reason and asked.reason not in {str(one.get("code")) for one in _reasons(row)}:
        return False
    return not asked.earned or asked.earned == _earned(row.score, item.max_score)


def _earned(score: float | None, full: float) -> str:
    if score is None:
        return "none"
    return "full" if score >= full else "zero" if score <= 0 else "part"
