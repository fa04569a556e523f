"""A pupil's works for the companion: wrong answers to go over, open works by their rule, exams never."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiwei.ai.values import Help, Task, TaskCard
from zhiwei.assessment.access import access_wrong_entry, sittings_in_reach, targets_of, wrong_entries_in_reach
from zhiwei.assessment.models import Work, WorkItem, WrongEntry
from zhiwei.assessment.rules.visibility import may_see_solution
from zhiwei.assessment.values import SittingState, WorkKind, WorkState, WrongState
from zhiwei.curriculum import api as curriculum
from zhiwei.engines.hints import Idea, answers_of, ladder_of
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor, Verb

MOST_WRONG, MOST_OPEN, MOST_GUARDED = 5, 5, 200
UNRELEASED_FOR = timedelta(days=60)
SOURCE = "work"


class WorkTasks:
    """Wrong answers and open works of the actor."""

    def offered(self, actor: Actor, *, now: datetime) -> Sequence[TaskCard]:
        """Return open questions where help is allowed, then wrong answers that wait for a review."""
        open_items = [row for row in _open_items(actor, now) if help_with(row.work) is not Help.OFF]
        rows = wrong_entries_in_reach(actor, Verb.LIST).filter(person_id=actor.person_id)
        rows = rows.exclude(state=WrongState.MASTERED).select_related(
            "response__item", "response__sitting__work"
        )
        entries = list(rows.order_by("due_at", "pk")[:MOST_WRONG])
        return [*map(_item_card, open_items[:MOST_OPEN]), *(_wrong_card(one, now) for one in entries)]

    def task(self, actor: Actor, key: str, *, now: datetime) -> Task:
        """Return one question of a work set for the actor, or one of their wrong answers.

        Raises:
            NotFoundError: Absent or not the actor's.
        """
        kind, _dash, name = key.partition("-")
        if kind == "wrong" and name.isdigit():
            entry = access_wrong_entry(actor, int(name), verb=Verb.READ)
            if entry.person_id == actor.person_id:
                return _task(_wrong_card(entry, now), entry.response.item.content, entry.points)
        if kind == "item":
            for row in _open_items(actor, now):
                if str(row.uuid) == name:
                    return _task(_item_card(row), row.content, row.points)
        raise NotFoundError

    def guarded(self, actor: Actor, *, now: datetime) -> Sequence[Task]:
        """Return the questions of all works that are still open or not released to the actor."""
        return [
            Task(
                _item_card(row),
                _stem(row.content),
                _first_rung(row.content),
                answers_of(row.content),
                row.content,
            )
            for row in _open_items(actor, now)
        ]


def help_with(work: Work) -> Help:
    """Return how far the companion may go with an open work: the teacher's rule; never in an exam."""
    if work.kind == WorkKind.EXAM or not work.rules.get("companion"):
        return Help.OFF
    return Help.HINTS


def _open_items(actor: Actor, now: datetime) -> list[WorkItem]:
    today = clock.today(now)
    classes = kernel.classes_of_pupils([actor.person_id], today).get(actor.person_id, [])
    mine = sittings_in_reach(actor, Verb.LIST).filter(person_id=actor.person_id)
    released = mine.filter(state=SittingState.RELEASED).values_list("work_id", flat=True)
    waiting = mine.filter(started_at__gte=now - UNRELEASED_FOR).exclude(state=SittingState.RELEASED)
    set_for = (
        targets_of(actor.person_id, classes)
        .filter(work__state=WorkState.OPEN)
        .values_list("work_id", flat=True)
    )
    works = {*set_for, *waiting.values_list("work_id", flat=True)} - set(released)
    rows = WorkItem.objects.filter(work_id__in=works).select_related("work")
    return list(rows.order_by("-work_id", "position")[:MOST_GUARDED])


def _item_card(row: WorkItem) -> TaskCard:
    title = _("%(work)s 第 %(n)s 题") % {"work": row.work.title, "n": row.position}
    lead = _stem(row.content)[:60]
    return TaskCard(SOURCE, f"item-{row.uuid}", title, row.work.subject, lead, help_with(row.work))


def _wrong_card(entry: WrongEntry, now: datetime) -> TaskCard:
    item, sitting = entry.response.item, entry.response.sitting
    shown = may_see_solution(sitting.work.rules, now=now, closes_at=sitting.due_at)
    title = _("错题：%(work)s 第 %(n)s 题") % {"work": sitting.work.title, "n": item.position}
    help_level = Help.FULL if shown else Help.HINTS
    return TaskCard(SOURCE, f"wrong-{entry.pk}", title, entry.subject, _stem(item.content)[:60], help_level)


def _task(card: TaskCard, content: Mapping[str, Any], points: Sequence[str]) -> Task:
    known = curriculum.get_points(points)
    ideas = [Idea(one.name, one.definition) for one in known.values()]
    wrong = tuple(curriculum.wrong_ideas_of(points))
    rungs = ladder_of(
        content,
        ideas=ideas,
        wrong_ideas=wrong,
        solution=card.help is Help.FULL,
        english=str(get_language()).startswith("en"),
    )
    return Task(card, _stem(content), rungs, answers_of(content), dict(content), wrong)


def _first_rung(content: Mapping[str, Any]) -> Any:
    return ladder_of(content, english=str(get_language()).startswith("en"))[:1]


def _stem(content: Mapping[str, Any]) -> str:
    parts = [str(one.get("stem", "")) for one in content.get("parts") or () if isinstance(one, Mapping)]
    return " ".join([str(content.get("stem", "")), *parts]).strip()
