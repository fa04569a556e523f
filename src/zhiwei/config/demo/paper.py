"""A class's paper in the demo: sheets printed, filled and scanned, with a tray that needs a minute of work.

One page has lost its code, one came twice, one pupil's never came. Reading runs as a job after the start.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from zhiwei.assessment.models import ScanBatch, Work, WorkItem
from zhiwei.assessment.queries import paper as queries
from zhiwei.assessment.services import papering, scanning_in, setting
from zhiwei.assessment.values import Medium
from zhiwei.config.demo import paper_ink
from zhiwei.config.demo.assessment import SEED
from zhiwei.engines import scanning, sheets
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, scope
from zhiwei.kernel.models import Account
from zhiwei.kernel.queries.actors import actors_of
from zhiwei.kernel.values import Actor, Verb

TITLE = "八年级数学 随堂小测（纸卷）"
LOGIN = "demo-teacher-math"
_CHOICES: tuple[tuple[str, tuple[str, str, str, str], str], ...] = (
    ("下列各数中，是无理数的是（　）。", ("$0.5$", "$\\sqrt{2}$", "$-3$", "$\\frac{1}{3}$"), "B"),
    ("点 $(-2,3)$ 在第几象限？", ("第一", "第二", "第三", "第四"), "B"),
    ("一次函数 $y=2x-1$ 的图象不经过第几象限？", ("第一", "第二", "第三", "第四"), "B"),
    ("下列长度的三条线段能组成直角三角形的是（　）。", ("2，3，4", "3，4，5", "4，5，6", "5，6，7"), "B"),
    ("$\\sqrt{16}$ 的值是（　）。", ("$4$", "$-4$", "$\\pm 4$", "$8$"), "A"),
    ("数据 2，3，3，5，7 的中位数是（　）。", ("2", "3", "5", "7"), "B"),
)
_NUMBERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("若 $2x+1=27$，则 $x=$", "13", ("13", "13", "14", "26")),
    ("计算 $15^2-10^2$。", "125", ("125", "125", "25", "135")),
)
_SOLUTION = ("解方程组 $x+y=5$，$x-y=1$。", "x=3\ny=2")


def add_paper(*, now: datetime) -> None:
    """Set a work on paper, print its sheets and hand the scans in; does nothing when it is there."""
    teacher = _teacher(now)
    with scope.entered(teacher.tenants):
        if not Work.objects.filter(author_id=teacher.person_id, title=TITLE).exists():
            _play(teacher, now, np.random.default_rng(SEED))


def _teacher(now: datetime) -> Actor:
    with scope.everywhere("who sets the demo's paper"):
        account = Account.objects.get(login=LOGIN)
        return actors_of(account.pk, clock.today(now))[0]


def _play(teacher: Actor, now: datetime, rng: np.random.Generator) -> ScanBatch:
    taught = kernel.classes_taught(teacher, verb=Verb.CREATE, kind="work")
    class_id = next(one.id for one in taught if one.grade == 8)
    work = _set(teacher, now - timedelta(hours=5), class_id)
    papering.request_sheets(
        actor=teacher, now=now, work=work, wish=papering.SheetWish(), class_ids=[class_id]
    )
    upload = scanning_in.Upload("八1班 扫描.pdf", io.BytesIO(_scans(work, now, rng)))
    return scanning_in.take_files(actor=teacher, now=now, work=work, uploads=[upload])


def _set(teacher: Actor, opened: datetime, class_id: int) -> Work:
    work = setting.create_work(
        actor=teacher,
        now=opened,
        title=TITLE,
        subject="math",
        medium=Medium.PAPER,
        opens_at=opened,
        rules={"show": "after_release"},
    )
    for content in _contents():
        setting.add_typed_item(actor=teacher, now=opened, work=work, content=content)
    setting.set_targets(actor=teacher, now=opened, work=work, class_ids=[class_id])
    setting.open_work(actor=teacher, now=opened, work=work)
    return work


def _contents() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "type": "single_choice",
            "max_score": 3,
            "stem": stem,
            "options": [{"id": key, "text": text} for key, text in zip("ABCD", texts, strict=True)],
            "reference_answers": [right],
        }
        for stem, texts, right in _CHOICES
    ]
    found += [
        {"type": "numeric", "max_score": 4, "stem": stem, "reference_answers": [right]}
        for stem, right, _given in _NUMBERS
    ]
    stem, worked = _SOLUTION
    found.append(
        {"type": "solution", "max_score": 6, "stem": stem, "reference_answers": [worked.split("\n")]}
    )
    return found


def _scans(work: Work, now: datetime, rng: np.random.Generator) -> bytes:
    """Return the class's sheets as one scan, in the order of a shuffled heap."""
    classes = queries.classes_of(work, clock.today(now))
    spec = papering.sheet_spec(work, papering.SheetWish(spare=1), classes, papering.number_width(work, now))
    row = queries.newest_template(work)
    layout = scanning.template_from_json(row.body if row is not None else "").pages[0]
    blanks = paper_ink.printed_pages(sheets.render_sheets(spec, papering.sheet_key(work.tenant_id)))
    items = list(work.items.order_by("position"))
    count = len(spec.pupils)
    filled = [paper_ink.fill_page(blanks[seat], layout, _answers(items, rng), rng) for seat in range(count)]
    filled[3] = paper_ink.torn(filled[3], layout)
    heap = [*(page for seat, page in enumerate(filled) if seat != count - 2), filled[7]]
    order = rng.permutation(len(heap))
    return paper_ink.as_pdf([paper_ink.scanned(heap[place], rng) for place in order])


def _answers(items: list[WorkItem], rng: np.random.Generator) -> Mapping[str, str]:
    able = float(rng.beta(4, 2))
    found: dict[str, str] = {}
    for item in items:
        right = rng.random() < able
        if item.type == "single_choice":
            key = item.content["reference_answers"][0]
            found[str(item.pk)] = key if right else str(rng.choice(list("ABCD")))
        elif item.type == "numeric":
            given = _NUMBERS[item.position - len(_CHOICES) - 1][2]
            found[str(item.pk)] = given[0] if right else str(rng.choice(given))
        else:
            found[str(item.pk)] = (
                "x+y=5 ①  x-y=1 ②\n①+②  2x=6\nx=3  y=2" if right else "x+y=5\nx=5-y\n5-2y=1  y=4"
            )
    return found
