"""What the companion may do with practice: hints until the answer, the solution afterwards, one's own alone."""

from __future__ import annotations

import pytest
from learning_stage import acting, add_graph, add_items
from tests.cast import NOW, TODAY, Cast

from zhiwei.ai.values import Help
from zhiwei.kernel.errors import NotFoundError
from zhiwei.learning.models import PracticeItem
from zhiwei.learning.queries.companion import PracticeTasks
from zhiwei.learning.services import practising


def test_practice_gets_hints_until_it_is_answered(cast: Cast) -> None:
    add_graph()
    add_items(cast)
    tasks = PracticeTasks()
    with acting(cast, "pupil") as pupil:
        practising.begin_practice(actor=pupil, now=NOW, today=TODAY, subject="math", minutes=10)
        card = tasks.offered(pupil, now=NOW)[0]
        open_task = tasks.task(pupil, card.key, now=NOW)
        assert open_task.card.help is Help.HINTS
        assert [one.kind for one in open_task.rungs][:2] == ["question", "point"]
        PracticeItem.objects.filter(position=1).update(answered_at=NOW)
        assert tasks.task(pupil, card.key, now=NOW).card.help is Help.FULL
        assert tasks.guarded(pupil, now=NOW) == ()
    with acting(cast, "classmate") as other:
        assert tasks.offered(other, now=NOW) == []
        for key in (card.key, "x", "x/y"):
            with pytest.raises(NotFoundError):
                tasks.task(other, key, now=NOW)
