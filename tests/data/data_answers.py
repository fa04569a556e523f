"""Released works with many answers, made straight in the tables: the data room only reads them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from tests.cast import BEGIN, NOW, Cast

from zhiwei.assessment.models import Mark, Response, Sitting, Work, WorkItem
from zhiwei.assessment.values import MarkerKind, ResponseState, SittingState, WorkKind
from zhiwei.kernel import files, scope
from zhiwei.kernel.models import Consent, Holding, Organisation, Person
from zhiwei.kernel.values import Role

SHORT: dict[str, Any] = {
    "type": "short_answer",
    "max_score": 4,
    "stem": "为什么书包带要做得宽一些？",
    "reference_answers": ["压力一定时，增大受力面积可以减小压强。"],
    "rubric": [{"id": "a", "score": 4, "description": "说明面积与压强", "accept": ["压强"]}],
}
LOW = ("因为好看", "这样结实", "书包很重", "不知道为什么", "怕断", "背着不累")
MIDDLE = ("面积大了", "受力面积变大所以舒服", "面积大压力小", "宽一点接触面积大", "增大面积", "面积变大一些")
HIGH = (
    "压力一定，增大受力面积能减小压强",
    "受力面积增大，压强减小",
    "面积越大压强越小，肩膀不疼",
    "减小压强",
)
SCORES = {LOW: 1.0, MIDDLE: 3.0, HIGH: 4.0}


def pupils(cast: Cast, count: int) -> list[int]:
    """Register ``count`` pupils of class one straight in the tables; returns their ids."""
    with scope.everywhere("test"):
        made = Person.objects.bulk_create(
            Person(tenant_id=cast.school, name=f"赵学{number:03d}", number=f"S{number:04d}")
            for number in range(count)
        )
        Holding.objects.bulk_create(
            Holding(
                tenant_id=cast.school,
                person=one,
                organisation_id=cast.class_one,
                role=Role.PUPIL,
                starts_on=BEGIN,
            )
            for one in made
        )
        Organisation.objects.filter(pk=cast.class_one).update(grade=8)
        return [one.pk for one in made]


def consent(cast: Cast, people: Sequence[int], purpose: str = "model_training") -> None:
    """Give consent for all of them."""
    with scope.everywhere("test"):
        Consent.objects.bulk_create(
            Consent(
                tenant_id=cast.school,
                person_id=one,
                given_by_id=cast.people["guardian"],
                purpose=purpose,
                text_version="t",
                given_at=NOW,
            )
            for one in people
        )


def released_work(
    cast: Cast, contents: Sequence[dict[str, Any]] = (SHORT,), kind: WorkKind = WorkKind.HOMEWORK
) -> tuple[Work, list[WorkItem]]:
    """Make a work with these questions."""
    with scope.everywhere("test"):
        work = Work.objects.create(
            tenant_id=cast.school,
            title="单元作业",
            subject="physics",
            kind=kind,
            author_id=cast.people["teacher"],
            created_at=NOW,
        )
        items = [
            WorkItem.objects.create(
                tenant_id=cast.school,
                work=work,
                position=place,
                content=content,
                type=content["type"],
                max_score=content["max_score"],
            )
            for place, content in enumerate(contents, start=1)
        ]
        return work, items


def answer(
    cast: Cast,
    item: WorkItem,
    person: int,
    text: str,
    score: float,
    *,
    images: Sequence[int] = (),
    machine: float | None = None,
    released: bool = True,
) -> Response:
    """Write one released response with the teacher's mark and, if wanted, the machine's."""
    with scope.everywhere("test"):
        sitting, _new = Sitting.objects.get_or_create(
            tenant_id=cast.school,
            work=item.work,
            person_id=person,
            organisation_id=cast.class_one,
            defaults={
                "state": SittingState.RELEASED if released else SittingState.JUDGED,
                "started_at": NOW,
                "handed_in_at": NOW + timedelta(minutes=9),
            },
        )
        row = Response.objects.create(
            tenant_id=cast.school,
            sitting=sitting,
            item=item,
            value={"text": text},
            files=list(images),
            saved_at=NOW,
            state=ResponseState.REVIEWED,
            score=score,
        )
        marks = [(MarkerKind.TEACHER, cast.people["teacher"], "", score)]
        if machine is not None:
            marks.insert(0, (MarkerKind.MACHINE, None, "judging", machine))
        Mark.objects.bulk_create(
            Mark(
                tenant_id=cast.school,
                response=row,
                kind=who,
                marker_id=marker,
                engine=engine,
                score=given,
                max_score=item.max_score,
                at=NOW + timedelta(minutes=place),
            )
            for place, (who, marker, engine, given) in enumerate(marks)
        )
        return row


def answers(cast: Cast, item: WorkItem, people: Sequence[int], *, seed: int = 1) -> list[Response]:
    """Let everybody answer: a third low, a third middle, a third high, each a little different."""
    draw = random.Random(seed)
    kinds = list(SCORES)
    made = []
    for place, person in enumerate(people):
        kind = kinds[place % 3]
        text = draw.choice(kind) + "".join(draw.choices("吧呢啊了哦", k=place % 3))
        made.append(answer(cast, item, person, text, SCORES[kind], machine=SCORES[kind]))
    return made


def picture(text: str = "F = ma = 10 N", *, blurred: bool = False) -> bytes:
    """Draw a clear picture of an answer (or a blurred one)."""
    from PIL import ImageFilter

    page = Image.new("L", (420, 90), 248)
    ImageDraw.Draw(page).text((30, 25), text, fill=30, font=ImageFont.load_default(30))
    if blurred:
        page = page.filter(ImageFilter.GaussianBlur(6))
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def stored(cast: Cast, content: bytes) -> int:
    """Store a picture in the school and return its id."""
    with scope.entered([cast.school]):
        return files.store(content, tenant_id=cast.school, now=NOW, max_bytes=10**7).id
