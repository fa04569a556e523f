"""A new term's roster in the demo's main job: refused with its rows named, then taken in, hand-set values kept."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from zhiwei.kernel import clock, jobs, scope
from zhiwei.kernel.models import Job, Person, RosterImport

HEADINGS = ["学号", "姓名", "性别", "出生日期", "年级", "班级", "监护人姓名", "监护人手机"]
PUPILS = 30
KEPT_PHONE = "13900000001"


def walk(administrator: Client) -> str:
    """Hand in a broken sheet, then a whole one twice; returns what happened."""
    broken = _handed_in(administrator, [*_rows(), ["T0002", "重号", "男", "2013-13-45", "八年级", "3班"]])
    assert broken.state == "unusable", broken.state
    rows = {one["row"] for one in broken.problems}
    assert rows == {PUPILS + 2}, rows
    first = _taken_in(administrator, _rows())
    assert first["created"] >= PUPILS, first
    person = _pupil()
    changed = {
        "name": "王小改",
        "number": person.number,
        "sex": "1",
        "birth_on": "2013-03-04",
        "phone": KEPT_PHONE,
    }
    assert administrator.post(f"/people/{person.uuid}/correct/", changed).status_code == 302
    again = _taken_in(administrator, _rows())
    person = _pupil()
    assert (person.name, person.phone) == ("王小改", KEPT_PHONE), "a roster overwrote what was set by hand"
    assert not again.get("created"), again
    return f"row {PUPILS + 2} refused with {broken.problem_total} problems; {first['created']} people made, again: none"


def _rows() -> list[list[str]]:
    return [
        [f"T{n:04d}", f"新生{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'一二三'[n // 10]}", "男女"[n % 2], "2013-03-04", "八年级",
         "3班", f"家长{n}", f"1370000{n:04d}"]
        for n in range(PUPILS)
    ]  # fmt: skip


def _taken_in(administrator: Client, rows: list[list[str]]) -> dict[str, int]:
    made = _handed_in(administrator, rows)
    assert made.state == "ready", made.state
    today = clock.today(clock.now()).isoformat()
    assert administrator.post(f"/rosters/{made.uuid}/confirm/", {"begins_on": today}).status_code == 302
    _work()
    with scope.everywhere("demo"):
        made.refresh_from_db()
    assert made.state == "done", made.state
    return dict(made.counts["written"])


def _handed_in(administrator: Client, rows: list[list[str]]) -> RosterImport:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("学生")
        for number, cells in enumerate([HEADINGS, *rows]):
            sheet.write_row(number, 0, cells)
    sent = administrator.post("/rosters/", {"file": SimpleUploadedFile("新学期.xlsx", out.getvalue())})
    assert sent.status_code == 302, sent.status_code
    _work()
    with scope.everywhere("demo"):
        return RosterImport.objects.get(uuid=sent.headers["Location"].rstrip("/").rsplit("/", 1)[-1])


def _work() -> None:
    """Do the roster jobs that wait, as a worker would."""
    with scope.everywhere("demo"):
        waiting = list(
            Job.objects.filter(state="queued", task__contains="roster").values_list("pk", "tenant_id")
        )
    for job_id, tenant_id in waiting:
        jobs.run(job_id, tenant_id)


def _pupil() -> Person:
    with scope.everywhere("demo"):
        return Person.objects.get(number="T0000", removed_at__isnull=True)
