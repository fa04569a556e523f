"""Three works of the demo county: one released, one waiting for its teacher, one open to the pupils."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhiwei.assessment.models import Response, Sitting, Work, WorkItem
from zhiwei.assessment.services import judging, marking, releasing, setting
from zhiwei.assessment.services.autosaving import reading_order
from zhiwei.assessment.values import ResponseState, SittingState
from zhiwei.config.demo.answers import drawn_answer, starter_items
from zhiwei.curriculum.models import Item
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, scope
from zhiwei.kernel.models import Account
from zhiwei.kernel.queries.actors import actors_of
from zhiwei.kernel.values import Actor, Verb

SEED = 20260901


@dataclass(frozen=True)
class Plan:
    """One work of the demo: who sets it, what is in it, how far it has come.

    Attributes:
        opened_hours: How long ago it opened.
        due_hours: When it is due, from now (negative: past).
        turnout: Share of the pupils who have handed in; the demo pupil is among them unless it is below a half.
        marked: How many answers in words the teacher has marked already.
    """

    login: str
    subject: str
    title: str
    items: tuple[str, ...]
    opened_hours: int
    due_hours: int
    turnout: float
    released: bool = False
    marked: int = 0


PLANS = (
    Plan(
        "demo-teacher-math",
        "math",
        "周三作业：整式与方程",
        (
            "math-single-choice-005",
            "math-true-false-002",
            "math-multiple-choice-001",
            "math-blank-001",
            "math-expression-001",
            "math-numeric-006",
            "math-matching-001",
            "math-solution-001",
        ),
        opened_hours=64,
        due_hours=-40,
        turnout=0.97,
        released=True,
    ),
    Plan(
        "demo-teacher-physics",
        "physics",
        "力与压强 单元练习",
        (
            "physics-true-false-003",
            "physics-multiple-choice-003",
            "physics-blank-005",
            "physics-numeric-006",
            "physics-numeric-007",
            "physics-short-answer-003",
            "physics-short-answer-004",
            "physics-ordering-001",
        ),
        opened_hours=40,
        due_hours=-6,
        turnout=0.95,
        marked=30,
    ),
    Plan(
        "demo-teacher-math",
        "math",
        "今晚作业：一次函数与全等三角形",
        (
            "math-single-choice-006",
            "math-multiple-choice-006",
            "math-numeric-003",
            "math-expression-002",
            "math-solution-002",
            "math-short-answer-002",
            "math-composite-001",
        ),
        opened_hours=3,
        due_hours=20,
        turnout=0.2,
    ),
)


def add_assessment(*, now: datetime) -> None:
    """Set, answer, judge and release the demo's works; does nothing when they are there."""
    for number, plan in enumerate(PLANS):
        teacher = _teacher(plan.login, now)
        with scope.entered(teacher.tenants):
            if not Work.objects.filter(author_id=teacher.person_id, title=plan.title).exists():
                _play(plan, teacher, now, random.Random(SEED + number))  # noqa: S311 - a repeatable fiction


def _teacher(login: str, now: datetime) -> Actor:
    with scope.everywhere("who sets the demo's works"):
        account = Account.objects.get(login=login)
        return actors_of(account.pk, clock.today(now))[0]


def _play(plan: Plan, teacher: Actor, now: datetime, draw: random.Random) -> None:
    opened = now - timedelta(hours=plan.opened_hours)
    classes = [
        one.id for one in kernel.classes_taught(teacher, verb=Verb.CREATE, kind="work") if one.grade == 8
    ]
    work = _set(plan, teacher, opened, now + timedelta(hours=plan.due_hours), classes)
    worth = _answer(plan, work, classes, opened, draw)
    for item in work.items.order_by("position"):
        if plan.marked:
            _mark_some(item, plan.marked, teacher, worth, now)
        judging.judge_item(item_id=item.pk, now=now - timedelta(hours=1))
    if plan.released:
        _settle_doubts(work, teacher, worth, now)
        releasing.release_marks(actor=teacher, now=now, work=work)


def _set(plan: Plan, teacher: Actor, opened: datetime, due: datetime, classes: Sequence[int]) -> Work:
    work = setting.create_work(
        actor=teacher,
        now=opened,
        title=plan.title,
        subject=plan.subject,
        opens_at=opened,
        due_at=due,
        rules={"grace_minutes": 30, "show": "after_release"},
    )
    for key in plan.items:
        banked = Item.objects.filter(key=key, version__gt=0).first()
        if banked is not None:
            setting.add_items(actor=teacher, now=opened, work=work, item_uuids=[str(banked.uuid)])
        else:
            setting.add_typed_item(actor=teacher, now=opened, work=work, content=starter_items()[key])
    setting.set_targets(actor=teacher, now=opened, work=work, class_ids=classes)
    setting.open_work(actor=teacher, now=opened, work=work)
    return work


def _answer(
    plan: Plan, work: Work, classes: Sequence[int], opened: datetime, draw: random.Random
) -> Mapping[int, float]:
    """Write what the pupils handed in and return, by response, what a teacher would give it."""
    items = list(work.items.order_by("position"))
    worth: dict[int, float] = {}
    for class_id in classes:
        for seat, pupil in enumerate(kernel.pupils_of_class(class_id, clock.today(opened)), start=1):
            ability = draw.betavariate(3, 2.2)
            if draw.random() > plan.turnout or (seat == 1 and plan.turnout < 0.5):
                continue
            begun = opened + timedelta(minutes=draw.randrange(5, 150))
            sitting = _sitting(
                work, pupil.id, class_id, begun, begun + timedelta(minutes=draw.randrange(8, 35))
            )
            drawn = [drawn_answer(key, ability, draw) for key in plan.items]
            rows = [
                Response(
                    tenant_id=work.tenant_id,
                    sitting=sitting,
                    item=item,
                    value=value,
                    sequence=place,
                    device="demo",
                    saved_at=begun + timedelta(minutes=place),
                    order_key=reading_order(sitting.pk, item.pk),
                )
                for place, (item, (value, _score)) in enumerate(zip(items, drawn, strict=True), start=1)
            ]
            for row, (_value, score) in zip(Response.objects.bulk_create(rows), drawn, strict=True):
                worth[row.pk] = score
    return worth


def _sitting(work: Work, person_id: int, class_id: int, begun: datetime, handed_in: datetime) -> Sitting:
    return Sitting.objects.create(
        tenant_id=work.tenant_id,
        work=work,
        person_id=person_id,
        organisation_id=class_id,
        state=SittingState.JUDGED,
        started_at=begun,
        due_at=work.due_at,
        handed_in_at=handed_in,
        max_score=sum(item.max_score for item in work.items.all()),
    )


def _mark_some(item: WorkItem, count: int, teacher: Actor, worth: Mapping[int, float], now: datetime) -> None:
    """Let the teacher mark the first answers in words, so that the machine has something to learn from."""
    if item.type != "short_answer":
        return
    for row in item.responses.order_by("order_key")[:count]:
        marking.give_mark(actor=teacher, now=now - timedelta(hours=2), response=row, score=worth[row.pk])


def _settle_doubts(work: Work, teacher: Actor, worth: Mapping[int, float], now: datetime) -> None:
    doubtful = Response.objects.filter(
        sitting__work=work, state__in=[ResponseState.DOUBTFUL, ResponseState.WAITING]
    )
    for row in doubtful:
        marking.give_mark(actor=teacher, now=now, response=row, score=worth[row.pk])
