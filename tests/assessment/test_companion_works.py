"""What the companion may do with works: nothing in exams, hints where the teacher allows, answers kept back."""

from __future__ import annotations

import pytest
from django.utils import timezone
from rest_program import acting
from tests.cast import Cast

from zhiwei.ai.values import Help
from zhiwei.assessment.models import Work
from zhiwei.assessment.queries.companion import WorkTasks, help_with
from zhiwei.assessment.values import WorkKind
from zhiwei.kernel.errors import NotFoundError


@pytest.mark.parametrize(
    ("kind", "rules", "told"),
    [
        (WorkKind.HOMEWORK, {}, Help.OFF),
        (WorkKind.HOMEWORK, {"companion": True}, Help.HINTS),
        (WorkKind.EXAM, {"companion": True}, Help.OFF),
    ],
)
def test_the_teachers_rule_decides_never_in_an_exam(kind: str, rules: dict[str, object], told: Help) -> None:
    assert help_with(Work(kind=kind, rules=rules)) is told


def test_an_open_work_is_guarded_and_offered_only_by_its_rule(cast: Cast, open_work: Work) -> None:
    now, tasks = timezone.now(), WorkTasks()
    with acting(cast, "pupil") as pupil:
        (guarded,) = tasks.guarded(pupil, now=now)
        assert guarded.card.help is Help.OFF
        assert guarded.answers
        assert tasks.offered(pupil, now=now) == []
        Work.objects.filter(pk=open_work.pk).update(rules={"companion": True})
        (card,) = tasks.offered(pupil, now=now)
        task = tasks.task(pupil, card.key, now=now)
        assert task.card.help is Help.HINTS
        assert "solution" not in {one.kind for one in task.rungs}


def test_others_works_are_not_ones_own(cast: Cast, open_work: Work) -> None:
    now, tasks = timezone.now(), WorkTasks()
    with acting(cast, "pupil_two") as other:
        assert tasks.guarded(other, now=now) == []
        item = open_work.items.get()
        for key in (f"item-{item.uuid}", "wrong-1", "nonsense", "wrong-x"):
            with pytest.raises(NotFoundError):
                tasks.task(other, key, now=now)
