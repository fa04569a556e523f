"""Roster imports from page to tables: who may, what changes, what is kept, what a crash leaves."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cast import BEGIN, NOW, TODAY, Cast

from zhiwei.engines.rosters import template_xlsx
from zhiwei.kernel import jobs, scope
from zhiwei.kernel.errors import ConflictError
from zhiwei.kernel.models import (
    AuditRow,
    Event,
    Guardianship,
    Holding,
    Job,
    Notification,
    Organisation,
    Person,
    RosterImport,
)
from zhiwei.kernel.services import people, rosters
from zhiwei.kernel.values import Role, system_actor
from zhiwei.kernel.wording_rosters import PROBLEMS, sentence

HEAD = "学号,姓名,性别,出生日期,年级,班级,监护人姓名,监护人手机\n"
TWO = (
    HEAD
    + "0101,王小明,男,2013-03-04,八年级,1班,王大明,13800000000\n0102,王小红,女,,八年级,1班,王大明,13800000000\n"
)


def handed_in(cast: Cast, text: str, name: str = "花名册.csv") -> RosterImport:
    """Hand in a roster as the school's administrator and let it be checked."""
    with scope.entered([cast.school]):
        row = rosters.take_in(
            actor=cast.actor("admin"),
            now=NOW,
            tenant_id=cast.school,
            content=BytesIO(text.encode()),
            name=name,
        )
    jobs.run(row.job_id or 0, cast.school)
    return fresh(cast, row)


def fresh(cast: Cast, row: RosterImport) -> RosterImport:
    with scope.entered([cast.school]):
        return RosterImport.objects.get(pk=row.pk)


def confirmed(cast: Cast, row: RosterImport, *, end_missing: bool = False, on: date = TODAY) -> RosterImport:
    with scope.entered([cast.school]):
        rosters.confirm(
            actor=cast.actor("admin"), now=NOW, import_id=row.pk, begins_on=on, end_missing=end_missing
        )
    return fresh(cast, row)


def taken_in(cast: Cast, text: str, **how: object) -> RosterImport:
    row = confirmed(cast, handed_in(cast, text), **how)  # type: ignore[arg-type]
    jobs.run(row.job_id or 0, cast.school)
    return fresh(cast, row)


def classes_of(cast: Cast, number: str) -> set[str]:
    with scope.entered([cast.school]):
        rows = Holding.objects.filter(person__number=number, role=Role.PUPIL).exclude(ends_on__lte=TODAY)
        return set(rows.values_list("organisation__name", flat=True))


def test_a_roster_is_taken_in_and_the_same_again_changes_nothing(cast: Cast) -> None:
    row = taken_in(cast, TWO)
    assert (row.state, row.counts["written"]) == ("done", {"created": 2, "ended": 0})
    assert row.counts["guardians"] == 1 and row.counts["classes"] == 1
    with scope.entered([cast.school]):
        pupil = Person.objects.get(number="0101")
        assert (pupil.sex, pupil.birth_on) == ("1", date(2013, 3, 4))
        assert "wangxiaoming" in pupil.search_text
        assert Guardianship.objects.filter(child__number__in=["0101", "0102"]).count() == 2
        assert Person.objects.filter(name="王大明").count() == 1
        assert Organisation.objects.get(name="八年级1班").grade == 8
        assert AuditRow.objects.filter(verb="create", about_id=pupil.pk).count() == 1
        assert Event.objects.get(kind="kernel.people_imported").payload["created"] == 2
        assert Notification.objects.filter(person_id=cast.people["admin"]).count() == 1
        before = (Person.objects.count(), Holding.objects.count(), Guardianship.objects.count())
    again = taken_in(cast, TWO)
    assert again.counts["unchanged"] == 2 and "created" not in again.counts
    assert again.counts["written"] == {"unchanged": 2, "ended": 0}
    with scope.entered([cast.school]):
        assert before == (Person.objects.count(), Holding.objects.count(), Guardianship.objects.count())


def test_bad_rows_stop_everything_and_nothing_is_written(cast: Cast) -> None:
    with scope.entered([cast.school]):
        before = Person.objects.count()
    row = handed_in(cast, TWO + "0101,赵六,x,,八年级,1班,,\n")
    assert (row.state, row.problem_total) == ("unusable", 2)
    assert {one["code"] for one in row.problems} == {"twice", "sex"}
    with scope.entered([cast.school]):
        assert Person.objects.count() == before
        with pytest.raises(ConflictError):
            rosters.confirm(
                actor=cast.actor("admin"), now=NOW, import_id=row.pk, begins_on=TODAY, end_missing=False
            )


def test_what_a_person_set_by_hand_is_kept(cast: Cast) -> None:
    taken_in(cast, TWO, on=BEGIN)
    with scope.entered([cast.school]):
        Person.objects.filter(number="0101").update(name="王晓明", hand_set=["name"])
        pupil = Person.objects.get(number="0102")
        Holding.objects.filter(person=pupil).delete()
        people.give_role(
            actor=system_actor(), now=NOW, person_id=pupil.pk, organisation_id=cast.class_two,
            role=Role.PUPIL, starts_on=BEGIN,
        )  # fmt: skip
    row = taken_in(cast, TWO)
    assert row.counts["kept"] >= 2
    with scope.entered([cast.school]):
        assert Person.objects.get(number="0101").name == "王晓明"
    assert classes_of(cast, "0102") == {"八2班"}


def test_a_pupil_moves_and_comes_back_on_one_day(cast: Cast) -> None:
    taken_in(cast, TWO, on=BEGIN)
    row = taken_in(cast, TWO.replace("1班,王大明", "2班,王大明", 1))
    assert row.counts["moved"] == 1 and classes_of(cast, "0101") == {"八年级2班"}
    taken_in(cast, TWO)
    assert classes_of(cast, "0101") == {"八年级1班"}
    taken_in(cast, TWO.replace("1班,王大明", "2班,王大明", 1))
    assert classes_of(cast, "0101") == {"八年级2班"}


def test_pupils_not_listed_end_only_when_asked(cast: Cast) -> None:
    taken_in(cast, TWO, on=BEGIN)
    one = "\n".join(TWO.split("\n")[:2]) + "\n"
    assert handed_in(cast, one).counts["missing"] == 1
    taken_in(cast, one)
    assert classes_of(cast, "0102") == {"八年级1班"}
    row = taken_in(cast, one, end_missing=True)
    assert row.counts["written"]["ended"] == 1
    assert classes_of(cast, "0102") == set() and classes_of(cast, "pupil") == {"八1班"}


def test_numbers_of_staff_are_never_taken_over(cast: Cast) -> None:
    row = handed_in(cast, HEAD + "admin,冒名者,男,,八年级,1班,,\n")
    assert [one["code"] for one in row.problems] == ["other_kind"]


def test_two_identities_in_one_row_are_told(cast: Cast) -> None:
    head = "学号,学籍号,姓名,班级\n"
    taken_in(cast, head + "01,G1,甲,1班\n02,G2,乙,1班\n")
    row = handed_in(cast, head + "02,G1,甲,1班\n")
    assert [one["code"] for one in row.problems] == ["identity"]


def test_a_dead_worker_goes_on_where_it_was(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rosters, "PIECE", 2)
    text = HEAD + "".join(
        f"9{n:03d},甲{n},男,,八年级,{n % 3 + 1}班,,\n".replace("甲", "王甲") for n in range(7)
    )
    row = confirmed(cast, handed_in(cast, text))
    seen: list[int] = []

    def die(done: int, total: int, note: str) -> None:
        seen.append(done)
        if done == 4:
            raise SystemExit

    with pytest.raises(SystemExit):
        rosters.apply(import_id=row.pk, tenant_id=cast.school, now=NOW, progress=die)
    assert (fresh(cast, row).applied, fresh(cast, row).state) == (4, "running")
    jobs.run(row.job_id or 0, cast.school)
    done = fresh(cast, row)
    assert (done.state, done.applied, done.counts["written"]["created"]) == ("done", 7, 7)
    with scope.entered([cast.school]):
        assert Person.objects.filter(number__startswith="9").count() == 7


def test_an_import_whose_former_worker_wrote_a_piece_late_is_tried_again_from_there(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rosters, "PIECE", 1)
    row = confirmed(cast, handed_in(cast, TWO))
    real, late = rosters._apply_piece, [1]

    def after_the_late_one(piece: object, import_id: int, done: int, about: object) -> None:
        if late:
            late.pop()
            real(piece, import_id, done, about)  # type: ignore[arg-type]
        real(piece, import_id, done, about)  # type: ignore[arg-type]

    monkeypatch.setattr(rosters, "_apply_piece", after_the_late_one)
    jobs.run(row.job_id or 0, cast.school)
    with scope.entered([cast.school]):
        assert Job.objects.get(pk=row.job_id).state == "queued"
    jobs.run(row.job_id or 0, cast.school)
    assert (fresh(cast, row).state, fresh(cast, row).applied) == ("done", 2)


def test_a_cancelled_import_stops_between_pieces_and_can_go_on(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rosters, "PIECE", 1)
    row = confirmed(cast, handed_in(cast, TWO))
    with scope.entered([cast.school]):
        Job.objects.filter(pk=row.job_id).update(state="running", cancel_asked=False)
    real = rosters._apply_piece

    def cancel_after(*given: object) -> None:
        real(*given)  # type: ignore[arg-type]
        Job.objects.filter(pk=row.job_id).update(cancel_asked=True)

    monkeypatch.setattr(rosters, "_apply_piece", cancel_after)
    jobs.run(row.job_id or 0, cast.school)
    assert fresh(cast, row).applied == 1
    with scope.entered([cast.school]):
        assert Job.objects.get(pk=row.job_id).state == "cancelled"
        jobs.run_again(row.job_id or 0)
    monkeypatch.setattr(rosters, "_apply_piece", real)
    jobs.run(row.job_id or 0, cast.school)
    assert fresh(cast, row).state == "done"


def test_a_closed_class_is_named(cast: Cast) -> None:
    with scope.everywhere("test"):
        Organisation.objects.filter(pk=cast.class_one).update(closed_on=TODAY - timedelta(days=1))
    row = handed_in(cast, "学号,姓名,班级\n1,王甲,八1班\n")
    assert [one["code"] for one in row.problems] == ["class_closed"]


def test_the_page_takes_a_file_and_shows_its_problems(cast: Cast, sign_in: dict[str, Client]) -> None:
    admin = sign_in["admin"]
    file = SimpleUploadedFile("名.csv", (TWO + "0103,,男,,八年级,1班,,\n").encode("gb18030"))
    answer = admin.post("/rosters/", {"file": file})
    address = answer.headers["Location"]
    assert "正在检查" in admin.get(address).content.decode()
    with scope.entered([cast.school]):
        row = RosterImport.objects.get()
    jobs.run(row.job_id or 0, cast.school)
    told = admin.get(address).content.decode()
    assert "必填，但没有填。" in told and "什么都没有写入" in told
    assert admin.get(f"{address}state/").headers["HX-Refresh"] == "true"
    assert admin.get(f"{address}problems.xlsx").content[:2] == b"PK"
    assert admin.post(f"{address}confirm/", {"begins_on": "2026-10-12"}).status_code == 409
    assert admin.post(f"{address}discard/").status_code == 302
    assert admin.get("/rosters/template.xlsx").content[:2] == template_xlsx()[:2]


def test_confirming_from_the_page(cast: Cast, sign_in: dict[str, Client]) -> None:
    row = handed_in(cast, TWO)
    address = f"/rosters/{row.uuid}/"
    admin = sign_in["admin"]
    assert "导入 2 人" in admin.get(address).content.decode()
    assert admin.post(f"{address}confirm/", {"begins_on": "soon"}).status_code == 422
    assert admin.post(f"{address}confirm/", {"begins_on": "2026-10-12"}).status_code == 302
    assert admin.post(f"{address}confirm/", {"begins_on": "2026-10-12"}).status_code == 409
    jobs.run(fresh(cast, row).job_id or 0, cast.school)
    assert "导入完成" in admin.get(address).content.decode()


@pytest.mark.parametrize(
    "nickname", ["teacher", "principal", "pupil", "guardian", "outsider", "bureau", "auditor"]
)
def test_nobody_else_sees_or_confirms_a_roster(cast: Cast, sign_in: dict[str, Client], nickname: str) -> None:
    row = handed_in(cast, TWO)
    address = f"/rosters/{row.uuid}/"
    client = sign_in[nickname]
    for page in (address, f"{address}state/", f"{address}problems.xlsx"):
        assert client.get(page).status_code == 404, page
    for page in ("confirm/", "discard/"):
        assert client.post(f"{address}{page}", {"begins_on": "2026-10-12"}).status_code == 404
    if nickname != "outsider":
        assert client.get("/rosters/").status_code == 404
        assert client.post("/rosters/", {"file": BytesIO(b"x")}).status_code == 404
    assert fresh(cast, row).state == "ready"


def test_an_empty_or_missing_file_is_refused(sign_in: dict[str, Client]) -> None:
    assert sign_in["admin"].post("/rosters/", {}).status_code == 422
    empty = SimpleUploadedFile("a.csv", b"")
    assert sign_in["admin"].post("/rosters/", {"file": empty}).status_code == 422


def test_every_code_has_a_sentence() -> None:
    import re
    from pathlib import Path

    import zhiwei.engines.rosters as engine

    text = "".join(path.read_text("utf-8") for path in Path(str(engine.__file__)).parent.glob("*.py"))
    said = set(
        re.findall(r"(?:RosterError|ValueError|Problem|_problem|self\._add)\(\s*\"([a-z_0-9]+)\"", text)
    )
    assert said and said <= set(PROBLEMS), said - set(PROBLEMS)
    assert sentence("twice", {"value": "01", "first": "3"}) == "「01」与第 3 行重复。"
