"""The analysis room: its walls, what it answers, what it hides, and how a result gets out."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import numpy as np
import pytest
from tests.cast import NOW, Cast
from tests.data import data_answers as stage
from tests.data.data_stage import acting, appoint, browser
from tests.data.test_data_sharing import ANSWERS, opened, work_off

from zhiwei.data.adapters import cubicle
from zhiwei.data.models import AnalysisRun, Share
from zhiwei.data.services import analysing, analysis_exports
from zhiwei.engines import disclosure
from zhiwei.kernel import scope
from zhiwei.kernel.errors import ConflictError, ForbiddenError
from zhiwei.kernel.values import Role

COLUMNS = ("grade", "class", "scene", "score", "share")


@pytest.fixture
def school(cast: Cast) -> Cast:
    """The cast with officers, a lead, and answers of 40 consenting pupils."""
    appoint(cast, "officer", Role.DATA_OFFICER)
    appoint(cast, "lead", Role.SUBJECT_LEAD, subject="physics")
    people = stage.pupils(cast, 40)
    stage.consent(cast, people, "research")
    _work, (item,) = stage.released_work(cast)
    stage.answers(cast, item, people)
    return cast


def room(cast: Cast, **changed: object) -> Share:
    return opened(cast, columns=COLUMNS, kind="room", days=180, **changed)


def ask(cast: Cast, share: Share, sql: str) -> AnalysisRun:
    with acting(cast, "lead") as actor:
        made = analysing.ask(actor=actor, now=NOW, share=share, sql=sql)
    analysing.answer(run_id=made.pk, tenant_id=share.tenant_id, now=NOW, cancelled=lambda: False)
    with scope.everywhere("test"):
        return AnalysisRun.objects.select_related("share").get(pk=made.pk)


def test_groups_are_answered_and_single_pupils_are_not(school: Cast) -> None:
    share = room(school)
    run = ask(
        school, share, "select grade, count(distinct person) n, avg(score) m from answers group by grade"
    )
    assert run.state == "done", (run.problem, run.detail)
    assert run.columns == ["grade", "n", "m"]
    assert len(run.rows) == 1
    assert 0 <= run.rows[0][2] <= 4
    again = ask(school, share, "select avg(score), grade from answers group by 2")
    assert again.rows[0][0] == run.rows[0][2]
    assert again.told == []
    with scope.everywhere("test"):
        lone = ask(school, share, "select share, count(*) from answers where score > 100 group by 1")
    assert lone.rows == []


def test_the_budget_ends_the_questions(school: Cast) -> None:
    share = room(school)
    with scope.everywhere("test"):
        Share.objects.filter(pk=share.pk).update(budget=2)
        share.refresh_from_db()
    assert ask(school, share, "select avg(score) from answers").state == "done"
    over = ask(school, share, "select avg(share), sum(score + 1) from answers where scene = 'homework'")
    assert (over.state, over.problem, over.rows) == ("refused", "budget", [])


def test_a_refused_question_says_why_and_runs_nothing(school: Cast) -> None:
    share = room(school)
    run = ask(school, share, "select max(score) from answers")
    assert (run.state, run.problem, run.detail) == ("refused", "aggregate", "max")
    page = browser(school, "lead").get(f"/data/shares/{share.uuid}/room/{run.uuid}/").content.decode()
    assert "最小、最大、中位、列举都会给出某一个人的值" in page


def test_a_result_leaves_only_past_a_second_person(school: Cast) -> None:
    share = room(school)
    run = ask(school, share, "select grade, avg(score) m from answers group by grade")
    with acting(school, "lead") as actor:
        asked = analysis_exports.ask_export(actor=actor, now=NOW, run=run, reason="写进教研组的质量分析")
        with pytest.raises(ConflictError):
            analysis_exports.take_export(actor=actor, now=NOW, run=run)
        with pytest.raises(ForbiddenError):
            analysis_exports.decide_export(actor=actor, now=NOW, export=asked, approve=True, words="")
    address = f"/data/results/{run.uuid}/"
    assert browser(school, "teacher").get(address).status_code == 404
    assert browser(school, "outsider").get(address).status_code == 404
    principal = browser(school, "principal")
    assert "写进教研组的质量分析" in principal.get(address).content.decode()
    assert principal.post(address, {"decision": "approve"}).status_code == 302
    with acting(school, "lead") as actor:
        taken = analysis_exports.take_export(actor=actor, now=NOW, run=run).decode("utf-8-sig")
    assert taken.splitlines()[0] == "grade,m"


def test_in_the_browser_from_question_to_answer(school: Cast) -> None:
    share = room(school)
    lead = browser(school, "lead")
    address = f"/data/shares/{share.uuid}/room/"
    assert "SELECT grade" in lead.get(address).content.decode()
    asked = lead.post(address, {"sql": "select scene, count(*) n from answers group by scene"})
    assert "正在隔离的进程中运行" in lead.get(str(asked.headers["Location"])).content.decode()
    work_off()
    assert "homework" in lead.get(str(asked.headers["Location"])).content.decode()
    assert browser(school, "principal").get(address).status_code == 404
    assert browser(school, "teacher").get(address).status_code == 404
    assert lead.get(f"/data/shares/{share.uuid}/rows/").status_code == 302
    assert share.table == ANSWERS


SHAPES = {
    "t": [disclosure.ColumnShape("person"), disclosure.ColumnShape("g"), disclosure.ColumnShape("x", True)]
}


def columns(rows: int) -> list[cubicle.Column]:
    people = np.arange(rows, dtype=np.uint64) * np.uint64(2654435761)
    return [
        cubicle.Column("person", "u8", people),
        cubicle.Column("__row", "u8", people + np.uint64(1)),
        cubicle.Column("g", "words", (np.arange(rows) % 3).astype(np.int32), ("a", "b", "c")),
        cubicle.Column("x", "f8", np.arange(rows, dtype=np.float64)),
    ]


def in_child(code: str) -> str:
    """Run a line inside the walls, as a query that had broken out of DuckDB could, and return what it saw."""
    script = f"""
import sys, json
sys.path.insert(0, {str(cubicle.CHILD.parent)!r})
import cubicle_child as child
import socket, subprocess, os, duckdb, threading, pathlib
database = duckdb.connect(":memory:", config={{"threads": 1, "memory_limit": "128MB"}})
child.build_walls({{"seconds": 5, "memory_mib": 128}})
child.lock(database)
try:
    {code}
    print("open")
except BaseException as error:
    print(type(error).__name__)
"""
    done = subprocess.run([sys.executable, "-B", "-c", script], capture_output=True, text=True, check=False)
    return done.stdout.strip() or f"killed {done.returncode}"


@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/passwd').read()",
        "open('/tmp/zhiwei-out', 'w').write('x')",
        "socket.create_connection(('127.0.0.1', 80), timeout=1)",
        "socket.socketpair()",
        "subprocess.run(['true'])",
        "os.fork()",
        "os.setuid(0)",
        "bytearray(2 * 1024**3)",
        "database.execute(\"select * from read_csv('/etc/passwd')\")",
        "database.execute(\"attach '/tmp/zhiwei.db'\")",
        "database.execute(\"copy (select 1) to '/tmp/zhiwei-out'\")",
        "database.execute('install httpfs')",
        "database.execute('load httpfs')",
        "database.execute('set enable_external_access = true')",
        "database.execute('pragma threads = 4')",
        "database.execute('select * from script')",
    ],
)
def test_nothing_gets_through_the_walls(code: str) -> None:
    assert in_child(code) != "open"


def test_a_query_that_never_ends_is_killed_and_one_can_cancel() -> None:
    query = disclosure.read_query(cubicle.parse("select g, avg(x) from t group by g"), SHAPES)
    plan = disclosure.plan_query(query)
    endless = "CREATE TABLE inner_rows AS SELECT sum(sin(range)) FROM range(1000000000000)"
    hostile = disclosure.Plan(endless, plan.cells, plan.sketches, plan.groups, plan.figures)
    began = time.monotonic()
    with pytest.raises(cubicle.CubicleError) as caught:
        cubicle.run(hostile, "t", columns(30), limits=cubicle.Limits(seconds=1))
    assert caught.value.code == "time"
    with pytest.raises(cubicle.CubicleError) as caught:
        cubicle.run(hostile, "t", columns(30), cancelled=lambda: True)
    assert caught.value.code == "cancelled"
    assert time.monotonic() - began < 15
    large = "CREATE TABLE inner_rows AS SELECT a.range, b.range FROM range(100000) a, range(100000) b"
    with pytest.raises(cubicle.CubicleError) as caught:
        cubicle.run(
            disclosure.Plan(large, plan.cells, plan.sketches, plan.groups, plan.figures), "t", columns(30)
        )
    assert caught.value.code in {"memory", "time", "died"}


def test_the_child_knows_nothing_of_the_house() -> None:
    seen = subprocess.run(
        [sys.executable, "-I", "-B", str(cubicle.CHILD)],
        input=json.dumps({"what": "parse", "sql": "select 1", "seconds": 5, "memory_mib": 64}) + "\n",
        capture_output=True, text=True, check=False, env={}, cwd="/",
    )  # fmt: skip
    assert json.loads(seen.stdout)["tree"]["statements"]
    assert "zhiwei" not in cubicle.CHILD.read_text(encoding="utf-8").split('"""', 2)[2]


def test_deep_and_broken_questions_end_in_words() -> None:
    for sql in ("select " + "(" * 3000 + "1" + ")" * 3000, "select " + " + ".join(["x"] * 3000) + " from t"):
        with pytest.raises((cubicle.CubicleError, disclosure.RefusedQueryError)):
            disclosure.read_query(cubicle.parse(sql), SHAPES)
