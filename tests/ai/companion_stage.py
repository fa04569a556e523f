"""A stage for the companion: a school that opened it, a class with a grade, one question at hand, one in an exam."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from tests.cast import NOW, Cast

from zhiwei.ai.queries import task_sources
from zhiwei.ai.services import companion_rules as rules
from zhiwei.ai.values import Help, Task, TaskCard
from zhiwei.engines.hints import WrongIdea, answers_of, ladder_of
from zhiwei.kernel import scope
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.models import Organisation
from zhiwei.kernel.values import Actor

ITEM: dict[str, object] = {
    "type": "numeric",
    "stem": "一个长方形花坛长 12 米、宽 5 米，它的对角线长多少米？",
    "reference_answers": ["13 m"],
    "rubric": [
        {"id": "a", "score": 1, "description": "想到勾股定理", "accept": ["勾股定理"],
         "errors": [{"code": "sum", "match": ["12+5"], "feedback": "对角线不是两边之和"}]},
        {"id": "b", "score": 1, "description": "列式 12²+5²", "accept": ["169"]},
        {"id": "c", "score": 1, "description": "得 13 米", "accept": ["13"]},
    ],
    "explanation": "由勾股定理，对角线长 13 米。",
}  # fmt: skip
EXAM: dict[str, object] = {
    "type": "short_answer",
    "stem": "请说明商鞅变法中奖励耕战的内容以及它对秦国的影响。",
    "reference_answers": ["奖励军功和耕织，使秦国强大"],
}
SINKING = WrongIdea("认为物体浸没后越深浮力越大", "越深浮力越大", "浮力", "完全浸没后浮力不再随深度变化。")


class Tasks:
    """One question with hints, one finished with its solution, one in an exam."""

    def __init__(self) -> None:
        self.rows = {
            "open": _task("open", ITEM, Help.HINTS),
            "done": _task("done", ITEM, Help.FULL),
            "exam": _task("exam", EXAM, Help.OFF),
        }

    def offered(self, actor: Actor, *, now: datetime) -> Sequence[TaskCard]:
        return [one.card for one in self.rows.values() if one.card.help is not Help.OFF]

    def task(self, actor: Actor, key: str, *, now: datetime) -> Task:
        if key not in self.rows:
            raise NotFoundError
        return self.rows[key]

    def guarded(self, actor: Actor, *, now: datetime) -> Sequence[Task]:
        return [self.rows["open"], self.rows["exam"]]


def _task(key: str, item: dict[str, object], help_level: Help) -> Task:
    card = TaskCard("stage", key, f"题 {key}", "math", str(item["stem"])[:20], help_level)
    rungs = ladder_of(item, solution=help_level is Help.FULL)
    return Task(card, str(item["stem"]), rungs, answers_of(item), item)


@contextmanager
def opened(cast: Cast, *, grade: int = 8, **changes: object) -> Iterator[Tasks]:
    """Open the companion at the school, with the stage's tasks instead of the rooms' own."""
    facts: dict[str, object] = {
        "enabled": True, "grades": (), "minutes_a_day": 30, "from_hour": 6, "until_hour": 21,
        "teachers_see": True, "uses_model": False, "keep_days": 180,
    }  # fmt: skip
    with scope.entered([cast.school]):
        Organisation.objects.filter(pk__in=[cast.class_one, cast.class_two]).update(grade=grade)
        school = rules.SchoolRules(**(facts | changes))  # type: ignore[arg-type]
        rules.set_school(actor=cast.actor("admin"), now=NOW, rules=school)
    tasks = Tasks()
    with (
        patch.dict(task_sources._SOURCES, {"stage": tasks}, clear=True),
        patch.object(task_sources, "_WRONG_IDEAS", [lambda _subject: [SINKING]]),
    ):
        yield tasks
