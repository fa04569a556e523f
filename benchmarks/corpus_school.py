"""A throwaway school with as many released answers and pictures as wanted, for ``benchmarks.corpus``."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from zhiwei.assessment.models import Mark, Response, Sitting, Work, WorkItem
from zhiwei.kernel import files, scope
from zhiwei.kernel.models import Consent, Holding, Person
from zhiwei.kernel.queries.actors import actors_of
from zhiwei.kernel.services import accounts, organisations, people
from zhiwei.kernel.values import Actor, OrganisationKind, Role, system_actor

PUPILS = 2_000
CLASS_SIZE = 50
CHUNK = 2_000
LOW = ("因为书包好看", "这样背着结实一些", "书包里的书太重", "不知道为什么", "怕断开所以做宽", "老师说的要宽")
MIDDLE = (
    "受力面积变大所以舒服",
    "面积大压力就小",
    "宽一点接触面积大",
    "增大了面积所以不疼",
    "面积变大一些就好",
)
HIGH = ("压力一定时增大受力面积能减小压强", "受力面积增大压强减小肩膀不疼", "根据压强公式面积越大压强越小")
TAILS = (
    "我在家里试过",
    "就像滑雪板一样",
    "和图钉的道理相反",
    "实验里看到沙子陷得浅",
    "坦克的履带也是这样",
    "课本上有这个例子",
)
KINDS = ((LOW, 1.0), (MIDDLE, 3.0), (HIGH, 4.0))


@dataclass
class School:
    """What was founded: the officer, a second person, the two reviewers' accounts are theirs."""

    tenant_id: int
    officer: Actor
    second: Actor
    classes: list[int]
    pupils: list[int]


def found_school(now: datetime, draw: random.Random) -> School:
    """Found a school of 2,000 pupils in 40 classes, all consenting."""
    system = system_actor()
    with scope.everywhere("bench"):
        school = organisations.found_organisation(
            actor=system, now=now, kind=OrganisationKind.SCHOOL, name="测量学校", parent_id=None
        )
        classes = [
            organisations.found_organisation(
                actor=system,
                now=now,
                kind=OrganisationKind.CLASS,
                name=f"{n + 1}班",
                parent_id=school,
                grade=7 + n % 3,
            )
            for n in range(PUPILS // CLASS_SIZE)
        ]
        ids = [_staff(school, role, now) for role in (Role.DATA_OFFICER, Role.SECURITY_OFFICER)]
        made = Person.objects.bulk_create(
            Person(tenant_id=school, name=_name(draw), number=f"S{n:05d}") for n in range(PUPILS)
        )
        Holding.objects.bulk_create(
            Holding(
                tenant_id=school,
                person=one,
                organisation_id=classes[n // CLASS_SIZE],
                role=Role.PUPIL,
                starts_on=date(2026, 9, 1),
            )
            for n, one in enumerate(made)
        )
        Consent.objects.bulk_create(
            Consent(
                tenant_id=school,
                person=one,
                given_by=one,
                purpose="model_training",
                text_version="b",
                given_at=now,
            )
            for one in made
        )
        actors = [actors_of(one, now.date())[0] for one in ids]
    return School(school, actors[0], actors[1], classes, [one.pk for one in made])


def _staff(school: int, role: Role, now: datetime) -> int:
    system = system_actor()
    person = people.register_person(
        actor=system, now=now, tenant_id=school, name=f"职员{role}", number=role.value
    )
    people.give_role(
        actor=system, now=now, person_id=person, organisation_id=school, role=role, starts_on=date(2026, 9, 1)
    )
    return accounts.open_account(actor=system, now=now, person_id=person, login=f"bench-{role}")


def _name(draw: random.Random) -> str:
    return draw.choice("赵钱孙李周吴郑王冯陈") + "".join(draw.choices("明华晓燕建国志强丽娟文博雨晨", k=2))


def add_answers(
    school: School, *, subject: str, answers: int, pictures: Sequence[int], now: datetime, draw: random.Random
) -> None:
    """Write released works: every question is answered by all pupils (or as many as are wanted)."""
    each = min(PUPILS, answers)
    items = max(1, answers // each)
    for number in range(items):
        with scope.entered([school.tenant_id]):
            work = Work.objects.create(
                tenant_id=school.tenant_id,
                title=f"{subject}{number}",
                subject=subject,
                author_id=school.officer.person_id,
                created_at=now,
            )
            item = WorkItem.objects.create(
                tenant_id=school.tenant_id,
                work=work,
                position=1,
                type="short_answer",
                max_score=4,
                content={
                    "type": "short_answer",
                    "max_score": 4,
                    "stem": f"第 {number} 题：书包带为什么宽？",
                    "rubric": [{"id": "a", "score": 4, "description": "面积与压强", "accept": ["压强"]}],
                },
            )
            for start in range(0, each, CHUNK):
                _write(school, work, item, range(start, min(start + CHUNK, each)), pictures, now, draw)


def _write(
    school: School,
    work: Work,
    item: WorkItem,
    places: range,
    pictures: Sequence[int],
    now: datetime,
    draw: random.Random,
) -> None:
    sittings = Sitting.objects.bulk_create(
        Sitting(
            tenant_id=school.tenant_id,
            work=work,
            person_id=school.pupils[place],
            organisation_id=school.classes[place // CLASS_SIZE],
            state="released",
            started_at=now,
            handed_in_at=now - timedelta(days=place % 60),
        )
        for place in places
    )
    drawn = [draw.choice(KINDS) for _ in places]
    rows = Response.objects.bulk_create(
        Response(
            tenant_id=school.tenant_id,
            sitting=sitting,
            item=item,
            value={} if pictures else {"text": _text(kind, draw)},
            files=[pictures[(item.pk * PUPILS + place) % len(pictures)]] if pictures else [],
            saved_at=now,
            score=score,
            state="reviewed",
        )
        for sitting, (kind, score), place in zip(sittings, drawn, places, strict=True)
    )
    Mark.objects.bulk_create(
        Mark(
            tenant_id=school.tenant_id,
            response=row,
            kind="teacher",
            marker_id=school.officer.person_id,
            score=row.score or 0,
            max_score=4,
            at=now,
        )
        for row in rows
    )


def _text(kind: Sequence[str], draw: random.Random) -> str:
    parts = [draw.choice(kind), *draw.sample(TAILS, draw.randrange(3))]
    if draw.random() < 0.02:
        parts.append(f"和{_name(draw)}一起做的，电话13{draw.randrange(10**9):09d}")
    return "，".join(parts) + "。" + "".join(draw.choices("的了呢吧嘛", k=draw.randrange(4)))


def add_pictures(school: School, count: int, now: datetime) -> list[int]:
    """Draw and store so many different pictures of answers."""
    font, kept = ImageFont.load_default(26), []
    for start in range(0, count, 500):
        with scope.entered([school.tenant_id]):
            for number in range(start, min(start + 500, count)):
                page = Image.new("L", (640, 160), 246)
                pen = ImageDraw.Draw(page)
                pen.text((30, 30), f"p = F / S = {number} N / 0.02 m2", fill=40, font=font)
                pen.text((30, 90), f"p = {number * 50} Pa  (answer {number})", fill=40, font=font)
                out = BytesIO()
                page.save(out, "PNG")
                one = files.store(out.getvalue(), tenant_id=school.tenant_id, now=now, max_bytes=10**7)
                kept.append(one.id)
    return kept
