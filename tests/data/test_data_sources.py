"""Bringing in and quality in the browser: from a file to checked data with every bad row found, and who is kept out."""

from __future__ import annotations

import sqlite3
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection as own
from django.test import Client
from pytest_django import Settings
from tests.cast import NOW, Cast
from tests.data.data_stage import acting, appoint, browser

from zhiwei.data.adapters import postgres, sqlite
from zhiwei.data.adapters.reaching import Target
from zhiwei.data.errors import SourceInputError
from zhiwei.data.models import Connection, Intake, IntakePart, QualityResult, QualityRun, Source
from zhiwei.data.queries.catalogue import all_fields, dangling
from zhiwei.data.services import connections, forgetting, keeping, monthly, taking_in
from zhiwei.data.services.connections import ConnectionSpec
from zhiwei.engines.intake import IntakeError
from zhiwei.kernel import jobs, scope
from zhiwei.kernel.erasure import Subject
from zhiwei.kernel.models import AuditRow, Job
from zhiwei.kernel.values import Role

SHEET = "学号,姓名,性别,身份证号,成绩\n" + "".join(
    f"{n:04d},王{'甲乙丙丁'[n % 4]}{n},{'男女'[n % 2]},11010519491231002X,{n % 100}\n" for n in range(1, 41)
)
BAD = "0041,王五,不详,110105194912310021,九十\n,无学号,男,,5\n0040,重号,女,,77\n"
PARTS = ("姓名", "性别", "学号", "身份证件号", "成绩")


@pytest.fixture
def officer(cast: Cast) -> Client:
    """A data officer's browser; others of the data centre are there as well."""
    appoint(cast, "officer", Role.DATA_OFFICER)
    appoint(cast, "stranger", Role.DATA_OFFICER, place=cast.other_school, tenant=cast.other_school)
    return browser(cast, "officer")


def work_off() -> None:
    """Run what waits, also what that brings about."""
    for _turn in range(4):
        with scope.everywhere("test"):
            waiting = list(Job.objects.filter(state="queued").values_list("pk", "tenant_id"))
        for job_id, tenant_id in waiting:
            jobs.run(job_id, tenant_id)


def handed_in(officer: Client, content: str = SHEET + BAD, name: str = "成绩.csv") -> str:
    """Hand a file in and let its head be read; returns the source's address."""
    file = SimpleUploadedFile(name, content.encode("gb18030"))
    answer = officer.post("/data/sources/new/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    work_off()
    return str(answer.headers["Location"])


def columns(required: str = "0", **changed: str) -> dict[str, str]:
    """The form of the columns as the page suggests it."""
    elements, kinds = (
        ("学号", "姓名", "性别", "身份证件号", "成绩"),
        ("text", "text", "code", "text", "number"),
    )
    levels = ("3", "3", "3", "4", "3")
    given = {"retention": "P3Y", "keep": "1", f"required-{required}": "1"}
    for place in range(5):
        given |= {
            f"take-{place}": "1", f"element-{place}": elements[place], f"name-{place}": elements[place],
            f"kind-{place}": kinds[place], f"level-{place}": levels[place],
        }  # fmt: skip
    return {**given, **changed}


def brought_in(officer: Client) -> str:
    """Bring the sheet in; returns the source's address."""
    address = handed_in(officer)
    assert officer.post(f"{address}columns/", columns()).status_code == 302
    assert officer.post(f"{address}bring-in/").status_code == 302
    work_off()
    return address


def test_from_a_file_to_accepted_and_rejected_rows(cast: Cast, officer: Client) -> None:
    address = handed_in(officer)
    assert "确认各列" in officer.get(address).content.decode()
    page = officer.get(f"{address}columns/").content.decode()
    assert all(f'value="{element}"' in page for element in PARTS)
    assert "内容是这种写法" in page or "别名" in page
    assert "11010519491231002X" not in page
    wrong = officer.post(f"{address}columns/", columns(**{"element-0": "没有的"}))
    assert wrong.status_code == 422
    assert officer.post(f"{address}bring-in/").status_code == 409
    assert officer.post(f"{address}columns/", columns()).status_code == 302
    assert officer.post(f"{address}bring-in/").status_code == 302
    assert "接入数据" in officer.get(f"{address}state/").content.decode()
    work_off()
    page = officer.get(address).content.decode()
    assert "接入 41 行，拒收 2 行" in page
    rejected = officer.get(f"{address}1/rejected/").content.decode()
    assert "「性别」不在代码表里；「成绩」不是数字" in rejected
    assert "「学号」必填而为空" in rejected
    book = openpyxl.load_workbook(BytesIO(officer.get(f"{address}1/rejected/file/").content))
    assert [row[0] for row in book.active.iter_rows(min_row=2, values_only=True)] == [42, 43]  # type: ignore[union-attr]
    with scope.everywhere("test"):
        assert AuditRow.objects.filter(kind="data_rows", verb__in=("read", "export")).count() >= 3
        assert AuditRow.objects.filter(kind="data_source", verb="import").count() == 1


def test_the_catalogue_has_every_field_with_where_it_comes_from(cast: Cast, officer: Client) -> None:
    brought_in(officer)
    with acting(cast, "officer") as actor:
        lines = [one for one in all_fields(actor) if one.kind in {"source", "outside"}]
        assert not dangling(all_fields(actor))
    made = {one.meaning: one for one in lines if one.kind == "source"}
    assert made["身份证件号"].level == 4
    assert made["身份证件号"].sources[0].startswith("outside.")
    assert (made["姓名"].retention, made["姓名"].owner) == ("P3Y", "人officer")
    page = officer.get(f"/data/catalogue/{made['姓名'].key}/")
    assert page.status_code == 200
    with acting(cast, "stranger") as actor:
        assert not [one for one in all_fields(actor) if one.kind in {"source", "outside"}]


def test_rules_run_and_every_failing_row_is_found(cast: Cast, officer: Client) -> None:
    address = brought_in(officer)
    dataset = address.replace("/data/sources/", "/data/quality/of/source:")
    officer.post(f"{dataset}check/", {"purpose": "profile"})
    work_off()
    page = officer.get(dataset).content.decode()
    assert "剖析给出的建议" in page
    with scope.everywhere("test"):
        profile = QualityRun.objects.get(purpose="profile")
    picked = {"run": str(profile.uuid), "picked": [str(n) for n in range(len(profile.suggestions))]}
    assert officer.post(f"{dataset}suggestions/", picked).status_code == 302
    given = {"form": "unique", "columns": ["学号"], "tolerance": "0"}
    assert officer.post(f"{dataset}rules/new/", given).status_code == 302
    assert officer.post(f"{dataset}rules/new/", {**given, "form": "range"}).status_code == 422
    assert officer.post(f"{dataset}check/").status_code == 302
    work_off()
    with scope.everywhere("test"):
        result = QualityResult.objects.select_related("run").filter(columns=["学号"], form="unique").first()
    assert result is not None
    assert (result.tested, result.failing, result.holds) == (41, 2, False)
    found = f"/data/quality/runs/{result.run.uuid}/{result.position}/"
    page = officer.get(found).content.decode()
    assert "0040" in page
    assert '<td class="number">41</td>' in page
    assert '<td class="number">44</td>' in page
    assert "11010519491231002X" not in page
    assert officer.get(f"{found}file/").status_code == 200
    assert "2 行" in officer.get(found).content.decode()
    for nickname, status in (("principal", 200), ("auditor", 200), ("teacher", 404), ("stranger", 404)):
        client = browser(cast, nickname)
        assert client.get(f"/data/quality/runs/{result.run.uuid}/").status_code == status
        assert client.get(found).status_code == 404


def test_a_house_table_is_asked_and_a_report_made(cast: Cast, officer: Client) -> None:
    table = "/data/quality/of/table:kernel.Person/"
    assert officer.get(table).status_code == 200
    for column in ("name", "number"):
        officer.post(f"{table}rules/new/", {"form": "filled", "columns": [column], "tolerance": "5"})
    assert officer.post(f"{table}check/").status_code == 302
    work_off()
    with scope.everywhere("test"):
        run = QualityRun.objects.get()
    assert (run.state, run.rules, run.holding) == ("done", 2, 2), run.problem
    with acting(cast, "officer") as actor:
        assert run.rows == len(cast.people) - 4 if len(cast.people) < run.rows else run.rows > 0
        facts = monthly.gathered(actor.tenant_id, *monthly.month_of(f"{run.started_at:%Y-%m}"), NOW)
        assert monthly.report_pdf(facts).startswith(b"%PDF")
    assert officer.post("/data/quality/reports/", {"month": f"{run.started_at:%Y-%m}"}).status_code == 302
    work_off()
    page = officer.get("/data/quality/").content.decode()
    assert "2 条规则中 2 条通过" in page
    report = page.split("/data/quality/reports/")[1].split("/")[0]
    assert officer.get(f"/data/quality/reports/{report}/").content.startswith(b"%PDF")
    assert browser(cast, "stranger").get(f"/data/quality/reports/{report}/").status_code == 404
    assert officer.post("/data/quality/reports/", {"month": "2020-01"}).status_code == 409
    assert officer.get("/data/quality/of/table:kernel.Account/").status_code == 404


def test_others_are_kept_out(cast: Cast, officer: Client) -> None:
    address = brought_in(officer)
    dataset = address.replace("/data/sources/", "/data/quality/of/source:")
    for nickname in ("teacher", "pupil", "guardian", "stranger", "head"):
        client = browser(cast, nickname)
        for one in (address, f"{address}columns/", f"{address}1/rejected/", dataset, f"{dataset}rules/new/"):
            assert client.get(one).status_code == 404, (nickname, one)
        for deed in ("bring-in/", "drop/", "columns/"):
            assert client.post(f"{address}{deed}").status_code == 404, (nickname, deed)
        assert client.post(f"{dataset}check/").status_code == 404
    principal = browser(cast, "principal")
    assert principal.get(address).status_code == 200
    assert principal.get(f"{address}1/rejected/").status_code == 404
    assert principal.post(f"{address}drop/").status_code == 404
    assert principal.get("/data/connections/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [("a.csv", b"", "空的"), ("a.pdf", b"%PDF-1.7 x", "类型"), ("a.xlsx", b"PK\x03\x04xl/ broken", "")],
)
def test_hostile_files_get_one_sentence(officer: Client, name: str, content: bytes, told: str) -> None:
    answer = officer.post("/data/sources/new/", {"name": "坏的", "file": SimpleUploadedFile(name, content)})
    if told:
        assert answer.status_code == 422
        assert told in answer.content.decode()
        return
    work_off()
    assert "不能接入" in officer.get(str(answer.headers["Location"])).content.decode()


def test_a_cut_job_goes_on_behind_the_last_piece(
    cast: Cast, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_in, "PIECE", 10)
    address = handed_in(officer)
    officer.post(f"{address}columns/", columns())
    take, pieces = taking_in._take_piece, list[int]()

    def cut(*given: object) -> None:
        pieces.append(int(str(given[3])))
        if pieces == [1, 2, 3]:
            raise RuntimeError("the machine went down")
        take(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(taking_in, "_take_piece", cut)
    officer.post(f"{address}bring-in/")
    work_off()
    with scope.everywhere("test"):
        row = Intake.objects.get()
        assert (row.state, row.accepted, row.rejected) == ("done", 41, 2)
        assert list(row.parts.order_by("number").values_list("accepted", flat=True)) == [10, 10, 10, 10, 1]
    assert pieces == [1, 2, 3, 3, 4, 5]


def test_an_erased_person_leaves_and_time_runs_out(cast: Cast, officer: Client) -> None:
    address = brought_in(officer)
    with scope.everywhere("test"):
        part = IntakePart.objects.get()
        before = part.accepted_file_id
    with acting(cast, "officer") as actor:
        person = cast.people["pupil"]
        subject = Subject(person, "00000000-0000-0000-0000-000000000000", actor.tenant_id, ("王乙1",))  # type: ignore[arg-type]
        assert forgetting.erase(subject, NOW) == {"接入的行": 1}
        assert forgetting.remaining(subject) == {"接入的行": 0}
        part.refresh_from_db()
        assert (part.accepted, part.accepted_file_id != before) == (40, True)
    with scope.everywhere("test"):
        Intake.objects.update(finished_at=NOW.replace(year=2020))
    assert keeping.expire(now=NOW) == 1
    assert "到期已删除" in officer.get(address).content.decode()
    assert officer.post(f"{address}drop/").status_code == 302
    with scope.everywhere("test"):
        assert not Source.objects.exists()


def test_a_sqlite_file_and_its_schedule(
    cast: Cast, officer: Client, tmp_path: Path, settings: Settings
) -> None:
    path = tmp_path / "app.db"
    with sqlite3.connect(path) as database:
        database.execute("create table 学生 (学号 text, 姓名 text, 成绩 real)")
        database.executemany("insert into 学生 values (?, ?, ?)", [("1", "王一", 80.0), ("2", "李二", None)])
        database.execute("create view 偷看 as select load_extension('x')")
    assert sqlite.tables(path) == ["学生"]
    with pytest.raises(IntakeError):
        sqlite.SqliteTable(path, "偷看")
    given = {"name": "教务", "kind": "sqlite", "host": "app.db"}
    assert officer.post("/data/connections/", given).status_code == 422
    settings.SOURCE_FOLDER = str(tmp_path)
    for outside in ("../../etc/passwd", "/etc/passwd", "gone.db"):
        assert officer.post("/data/connections/", {**given, "host": outside}).status_code == 422
    assert officer.post("/data/connections/", given).status_code == 302
    work_off()
    with scope.everywhere("test"):
        there = Connection.objects.get()
    assert (there.tables, there.problem) == (["学生"], "")
    answer = officer.post("/data/sources/new/", {"name": "教务学生", "connection": f"{there.uuid}|学生"})
    address = str(answer.headers["Location"])
    work_off()
    form = {key: value for key, value in columns().items() if not key.endswith(("-2", "-3", "-4"))}
    kept = officer.post(f"{address}columns/", {**form, "schedule": "daily"})
    assert kept.status_code == 302, kept.content.decode()
    with scope.everywhere("test"):
        Source.objects.update(next_at=NOW)
    assert keeping.plan_due(now=NOW) == 1
    work_off()
    with scope.everywhere("test"):
        row = Intake.objects.get()
        assert (row.state, row.accepted) == ("done", 2), row.problem
        assert Source.objects.get().next_at > NOW  # type: ignore[operator]
    assert officer.post(f"/data/connections/{there.uuid}/drop/").status_code == 409
    assert browser(cast, "stranger").post(f"/data/connections/{there.uuid}/drop/").status_code == 404


HOME = Target("postgresql", "db.school.lan", 5432, "school", "reader", "s3cret-word", "disable")


def test_only_hosts_the_operator_named_are_reached(cast: Cast, officer: Client, settings: Settings) -> None:
    for host in ("169.254.169.254", "localhost", "db.school.lan", "/var/run", "a,b"):
        given = {
            "name": "x", "kind": "postgresql", "host": host, "port": "5432", "database": "d", "username": "u",
            "secret": "p", "tls": "disable",
        }  # fmt: skip
        answer = officer.post("/data/connections/", given)
        assert answer.status_code == 422
        assert "没有允许" in answer.content.decode()
    settings.SOURCE_HOSTS = frozenset({"127.0.0.1:5432"})
    with acting(cast, "officer") as actor:
        for wrong in ("school dbname=x", "a'b", ""):
            spec = ConnectionSpec("x", Target("postgresql", "127.0.0.1", 5432, wrong, "u", "p", "disable"))
            with pytest.raises(SourceInputError):
                connections.create_connection(actor=actor, now=NOW, spec=spec)


def test_the_password_is_sealed_and_never_shown(cast: Cast, officer: Client, settings: Settings) -> None:
    settings.SOURCE_HOSTS = frozenset({"127.0.0.1:1"})
    with acting(cast, "officer") as actor:
        target = Target("postgresql", "127.0.0.1", 1, "school", "reader", "s3cret-word", "disable")
        row = connections.create_connection(actor=actor, now=NOW, spec=ConnectionSpec("教务库", target))
        with own.cursor() as cursor:
            cursor.execute("select secret from data_connection where id = %s", [row.pk])
            assert b"s3cret-word" not in bytes(cursor.fetchone()[0])
        assert str(Connection.objects.get(pk=row.pk).secret) == "s3cret-word"
    work_off()
    page = officer.get("/data/connections/").content.decode()
    assert "连不上" in page
    assert "s3cret-word" not in page


@pytest.mark.django_db
def test_a_postgres_table_is_read_and_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    here = own.settings_dict
    place = {"host": here["HOST"], "port": here["PORT"] or None}
    monkeypatch.setattr(postgres, "_place", lambda _target: place)
    target = Target(
        "postgresql", "x", 0, str(here["NAME"]), str(here["USER"]), str(here["PASSWORD"]), "disable"
    )
    assert "public.django_migrations" in postgres.tables(target)
    table = postgres.PostgresTable(target, "public.django_migrations")
    assert [one.title for one in table.columns] == ["id", "app", "name", "applied"]
    first, *_rest = table.rows(after=2)
    assert first[0] == 3
    with postgres._opened(target) as connection:
        assert connection.execute("show statement_timeout").fetchone() == ("2min",)
        with pytest.raises(IntakeError):
            postgres.PostgresTable(target, "public.nothing")
    with pytest.raises(IntakeError), postgres._opened(target) as connection:
        connection.execute("create table public.mine (id int)")
