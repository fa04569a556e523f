"""Questions of a pupil's own practice sets, for the companion: hints until answered, the solution afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhiwei.ai.values import Help, Task, TaskCard
from zhiwei.curriculum import api as curriculum
from zhiwei.engines.hints import Idea, answers_of, ladder_of
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor, Verb
from zhiwei.learning import access
from zhiwei.learning.models import PracticeItem
from zhiwei.learning.queries.graph import subject_graph
from zhiwei.learning.values import PracticeState

MOST = 4
SOURCE = "practice"


class PracticeTasks:
    """The open questions of one's practice."""

    def offered(self, actor: Actor, *, now: datetime) -> Sequence[TaskCard]:
        """Return the first open questions of the newest sets."""
        del now
        rows = PracticeItem.objects.filter(
            practice__in=access.practices_in_reach(actor, Verb.ANSWER),
            practice__person_id=actor.person_id,
            practice__state=PracticeState.OPEN,
            answered_at__isnull=True,
        )
        return [
            _card(row) for row in rows.select_related("practice").order_by("-practice_id", "position")[:MOST]
        ]

    def task(self, actor: Actor, key: str, *, now: datetime) -> Task:
        """Return one question of one's own practice.

        Raises:
            NotFoundError: Absent or not the actor's.
        """
        del now
        practice, _slash, position = key.partition("/")
        if not position.isdigit():
            raise NotFoundError
        return _task(access.access_question(actor, practice, int(position)))

    def guarded(self, actor: Actor, *, now: datetime) -> Sequence[Task]:
        """Return nothing: practice is one's own, its key is kept back only in its own conversation."""
        del actor, now
        return ()


def _card(row: PracticeItem) -> TaskCard:
    lead = str(row.content.get("stem", ""))[:60]
    title = _("练习第 %(n)s 题") % {"n": row.position}
    help_level = Help.HINTS if row.answered_at is None else Help.FULL
    return TaskCard(
        SOURCE, f"{row.practice.uuid}/{row.position}", title, row.practice.subject, lead, help_level
    )


def _task(row: PracticeItem) -> Task:
    card = _card(row)
    points = subject_graph(row.practice.subject).points
    ideas = [Idea(points[key].name, points[key].definition) for key in row.points if key in points]
    wrong = tuple(curriculum.wrong_ideas_of(row.points))
    rungs = ladder_of(
        row.content,
        ideas=ideas,
        wrong_ideas=wrong,
        solution=card.help is Help.FULL,
        english=str(get_language()).startswith("en"),
    )
    stem = str(row.content.get("stem", ""))
    return Task(card, stem, rungs, answers_of(row.content), dict(row.content), wrong)
