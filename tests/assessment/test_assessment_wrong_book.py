"""Feedback and the wrong-answer book: only what was released, only one's own, kept in step, never doubled."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone
from rest_program import deliver
from tests.cast import Cast

from zhiwei.assessment.models import RegradeRequest, Response, Sitting, Work, WrongEntry
from zhiwei.assessment.rules.mastery import state_of
from zhiwei.assessment.rules.reasons import CAUSES, cause_of
from zhiwei.assessment.services import answering, judging, marking, regrading, releasing, setting, wrong_book
from zhiwei.engines.judging import catalogue
from zhiwei.kernel import jobs, scope
from zhiwei.kernel.models import Job

CHOICE: dict[str, Any] = {
    "type": "single_choice",
    "max_score": 2,
    "stem": "1+1=?",
    "options": [{"id": "A", "text": "1"}, {"id": "B", "text": "2"}],
    "reference_answers": ["B"],
    "explanation": "一加一得二。",
}
NUMBER: dict[str, Any] = {
    "type": "numeric",
    "max_score": 3,
    "stem": "3 m 合多少厘米？",
    "reference_answers": ["300 cm"],
    "settings": {"unit_score": 1},
}
STEPS: dict[str, Any] = {
    "type": "solution",
    "max_score": 4,
    "stem": "解方程 $2x+3=7$。",
    "reference_answers": [["2x = 4", "x = 2"]],
    "settings": {"unknown": "x"},
}


@pytest.fixture
def now() -> Any:
    return timezone.now()


@pytest.fixture
def work(cast: Cast, now: Any) -> Work:
    """A work that pupil and classmate have handed in: choice wrong, unit missing, last line wrong."""
    teacher = cast.actor("teacher")
    with scope.entered(teacher.tenants):
        made = setting.create_work(actor=teacher, now=now, title="周三作业", subject="math")
        for content in (CHOICE, NUMBER, STEPS):
            setting.add_typed_item(actor=teacher, now=now, work=made, content=content)
        setting.set_targets(actor=teacher, now=now, work=made, class_ids=[cast.class_one])
        setting.open_work(actor=teacher, now=now, work=made)
    for nickname in ("pupil", "classmate"):
        hand_in(cast, made, nickname, now)
    return made


def hand_in(cast: Cast, work: Work, nickname: str, now: Any) -> None:
    pupil = cast.actor(nickname)
    values: list[dict[str, Any]] = [{"value": "A"}, {"text": "300"}, {"steps": ["2x=4", "x=3"]}]
    with scope.entered(pupil.tenants):
        sitting = answering.begin_sitting(actor=pupil, now=now, work_uuid=work.uuid)
        for item, value in zip(work.items.order_by("position"), values, strict=True):
            answering.save_response(now=now, sitting=sitting, item_uuid=item.uuid, value=value, sequence=1)
        answering.hand_in(actor=pupil, now=now, sitting=sitting)
        judging.judge_sitting(sitting_id=sitting.pk, now=now)


def release(cast: Cast, work: Work, now: Any) -> None:
    teacher = cast.actor("teacher")
    with scope.entered(teacher.tenants):
        releasing.release_marks(actor=teacher, now=now, work=work, allow_doubtful=True)
    deliver()


def sitting_of(cast: Cast, nickname: str) -> Sitting:
    with scope.everywhere("test"):
        return Sitting.objects.get(person_id=cast.people[nickname])


def entries(cast: Cast, nickname: str = "pupil") -> list[WrongEntry]:
    with scope.everywhere("test"):
        rows = WrongEntry.objects.filter(person_id=cast.people[nickname]).select_related("response__item")
        return list(rows.order_by("response__item__position"))


def statuses(sign_in: dict[str, Client], address: str) -> set[str]:
    return {name for name, client in sign_in.items() if client.get(address).status_code == 200}


def test_nothing_is_seen_before_release_and_each_sees_their_own_after(
    sign_in: dict[str, Client], cast: Cast, work: Work, now: Any
) -> None:
    address = f"/assessment/feedback/{sitting_of(cast, 'pupil').uuid}/"
    assert statuses(sign_in, address) == set()
    assert statuses(sign_in, f"{address}preview/") == {"teacher"}
    release(cast, work, now)
    assert statuses(sign_in, address) == {"pupil", "guardian", "teacher", "head"}
    page = sign_in["pupil"].get(address).content.decode()
    assert "1+1=?" in page and "一加一得二" in page and "再练一题" in page and "请老师再看看" in page
    other = sign_in["guardian"].get(address).content.decode()
    assert "再练一题" not in other and "请老师再看看" not in other
    teacher = cast.actor("teacher")
    with scope.entered(teacher.tenants):
        releasing.recall_marks(actor=teacher, now=now, work=work)
    assert statuses(sign_in, address) == set()


def test_the_slip_holds_the_pages_words_and_only_its_readers_get_it(
    sign_in: dict[str, Client], cast: Cast, work: Work, now: Any
) -> None:
    address = f"/assessment/feedback/{sitting_of(cast, 'pupil').uuid}/slip/"
    assert statuses(sign_in, address) == set()
    release(cast, work, now)
    assert statuses(sign_in, address) == {"pupil", "guardian", "teacher", "head"}
    answer = sign_in["guardian"].get(address)
    assert answer.headers["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "周三作业" in text and "厘米" in text and "300" in text and "pupil" in text
    assert "还差一点" in text and "一加一得二" in text


@pytest.mark.parametrize(
    ("show", "sees"), [("after_release", True), ("no_solution", False), ("score_only", False)]
)
def test_the_solution_is_shown_when_the_rules_allow(
    sign_in: dict[str, Client], cast: Cast, work: Work, now: Any, show: str, sees: bool
) -> None:
    with scope.everywhere("test"):
        Work.objects.update(rules={"show": show})
    release(cast, work, now)
    page = sign_in["pupil"].get(f"/assessment/feedback/{sitting_of(cast, 'pupil').uuid}/").content.decode()
    assert ("一加一得二" in page) is sees


def test_a_mark_changed_after_release_waits_for_the_next_release(
    sign_in: dict[str, Client], cast: Cast, work: Work, now: Any
) -> None:
    release(cast, work, now)
    address = f"/assessment/feedback/{sitting_of(cast, 'pupil').uuid}/"
    before = sign_in["pupil"].get(address).content.decode()
    teacher = cast.actor("teacher")
    with scope.entered(teacher.tenants):
        row = Response.objects.get(sitting__person_id=cast.people["pupil"], item__position=1)
        marking.give_mark(
            actor=teacher, now=now + timedelta(minutes=1), response=row, score=2, comment="看错了"
        )
    assert "看错了" not in sign_in["pupil"].get(address).content.decode()
    release(cast, work, now + timedelta(minutes=2))
    after = sign_in["pupil"].get(address).content.decode()
    assert "看错了" in after and before != after
    assert [one.response.item.position for one in entries(cast)] == [2, 3], (
        "what is right now leaves the book"
    )


def test_the_book_builds_itself_once(cast: Cast, work: Work, now: Any) -> None:
    release(cast, work, now)
    first = entries(cast)
    assert [one.response.item.position for one in first] == [1, 2, 3]
    assert [one.cause for one in first][1] == "unit"
    assert all(one.cause in CAUSES and one.due_at and one.due_at > now for one in first)
    release(cast, work, now + timedelta(minutes=1))
    again = entries(cast)
    assert [one.pk for one in again] == [one.pk for one in first]
    assert {one.revision for one in again} == {2}


def test_a_persons_word_and_reviews_outlive_recall_and_release(
    sign_in: dict[str, Client], cast: Cast, work: Work, now: Any
) -> None:
    release(cast, work, now)
    first = entries(cast)[0]
    assert (
        sign_in["pupil"].post(f"/assessment/wrong/{first.pk}/cause/", {"cause": "reading"}).status_code == 302
    )
    assert sign_in["pupil"].post(f"/assessment/wrong/{first.pk}/cause/", {"cause": "x"}).status_code == 422
    teacher = cast.actor("teacher")
    with scope.entered(teacher.tenants):
        wrong_book.record_review(entry=first, now=now + timedelta(hours=1), share=1.0, what="own")
        releasing.recall_marks(actor=teacher, now=now, work=work)
    deliver()
    assert sign_in["pupil"].get(f"/assessment/wrong/{first.pk}/").status_code == 404
    release(cast, work, now + timedelta(hours=2))
    back = entries(cast)[0]
    assert (back.pk, back.cause, back.cause_by, back.state) == (first.pk, "reading", "pupil", "shaky")


def test_who_sees_a_book(sign_in: dict[str, Client], cast: Cast, work: Work, now: Any) -> None:
    release(cast, work, now)
    entry = entries(cast)[0]
    with scope.everywhere("test"):
        uuid = entry.person.uuid
    assert statuses(sign_in, f"/assessment/wrong/of/{uuid}/") == {"pupil", "guardian", "teacher"}
    assert statuses(sign_in, f"/assessment/wrong/{entry.pk}/") == {"pupil", "guardian", "teacher"}
    assert statuses(sign_in, f"/assessment/wrong/{entry.pk}/again/") == {"pupil"}
    for nickname in ("classmate", "guardian", "outsider"):
        assert (
            sign_in[nickname].post(f"/assessment/wrong/{entry.pk}/cause/", {"cause": "unit"}).status_code
            == 404
        )
        assert (
            sign_in[nickname].post(f"/assessment/wrong/{entry.pk}/again/", {"value": "{}"}).status_code == 404
        )
        assert (
            sign_in[nickname].post(f"/assessment/wrong/{entry.pk}/self/", {"known": "yes"}).status_code == 404
        )
    assert sign_in["guardian"].get("/assessment/wrong/", follow=True).status_code == 200
    assert "周三作业" in sign_in["pupil"].get("/assessment/wrong/?state=not_yet&cause=unit").content.decode()
    assert "没有符合条件" in sign_in["pupil"].get("/assessment/wrong/?subject=physics").content.decode()


def test_a_question_is_tried_again_and_judged_at_once(
    sign_in: dict[str, Client], cast: Cast, work: Work, now: Any
) -> None:
    release(cast, work, now)
    entry = entries(cast)[0]
    address = f"/assessment/wrong/{entry.pk}/again/"
    wrong = sign_in["pupil"].post(address, {"value": json.dumps({"value": "A"})}).content.decode()
    assert "还差一点" in wrong
    right = sign_in["pupil"].post(address, {"value": json.dumps({"value": "B"})}).content.decode()
    assert "对了" in right and "一加一得二" in right
    kept = entries(cast)[0]
    assert (kept.state, [one["share"] for one in kept.card["tries"]]) == ("shaky", [0.0, 1.0])
    for broken in ("", "[]", '{"script": 1}', "{"):
        assert sign_in["pupil"].post(address, {"value": broken}).status_code == 422


def test_a_worked_solution_is_judged_by_a_job(
    sign_in: dict[str, Client], cast: Cast, work: Work, now: Any
) -> None:
    release(cast, work, now)
    entry = entries(cast)[2]
    value = json.dumps({"steps": ["2x=7-3", "2x=4", "x=2"]})
    page = sign_in["pupil"].post(f"/assessment/wrong/{entry.pk}/again/", {"value": value}).content.decode()
    assert "正在判题" in page
    with scope.everywhere("test"):
        job_id, tenant = Job.objects.filter(task="assessment.judge_try").values_list("pk", "tenant_id").get()
    jobs.run(job_id, tenant)
    told = sign_in["pupil"].get(f"/assessment/wrong/{entry.pk}/verdict/?seen=0").content.decode()
    assert "对了" in told


def test_a_paper_is_printed_for_oneself_alone(
    sign_in: dict[str, Client], cast: Cast, work: Work, now: Any
) -> None:
    release(cast, work, now)
    own, foreign = entries(cast), entries(cast, "classmate")
    assert sign_in["pupil"].post("/assessment/wrong/paper/", {"picked": [foreign[0].pk]}).status_code == 422
    ordered = sign_in["pupil"].post("/assessment/wrong/paper/", {"picked": [one.pk for one in own]})
    assert ordered.status_code == 302 and ordered.headers["Location"].startswith("/jobs/")
    with scope.everywhere("test"):
        job = Job.objects.get(task="assessment.wrong_paper")
    jobs.run(job.pk, job.tenant_id)
    with scope.everywhere("test"):
        job.refresh_from_db()
    fetched = sign_in["pupil"].get(job.result["url"])
    assert fetched.status_code == 200 and fetched.content.startswith(b"%PDF")
    for nickname in ("classmate", "outsider"):
        assert sign_in[nickname].get(job.result["url"]).status_code == 404
    assert sign_in["pupil"].get(job.result["url"].split("?")[0]).status_code == 404


def test_a_second_look_is_asked_once_and_answered(
    sign_in: dict[str, Client], cast: Cast, work: Work, now: Any
) -> None:
    sitting = sitting_of(cast, "pupil")
    with scope.everywhere("test"):
        response = Response.objects.get(sitting=sitting, item__position=2)
    address = f"/assessment/feedback/{sitting.uuid}/second-look/{response.uuid}/"
    asked = {"reason": "单位在题目里写了", "place": "300"}
    assert sign_in["pupil"].post(address, asked).status_code == 409, "not before release"
    release(cast, work, now)
    for nickname in ("classmate", "guardian", "teacher", "outsider"):
        assert sign_in[nickname].post(address, asked).status_code == 404
    assert sign_in["pupil"].post(address, {"reason": " "}).status_code == 422
    assert sign_in["pupil"].post(address, asked).status_code == 302
    assert sign_in["pupil"].post(address, asked).status_code == 409
    teacher = cast.actor("teacher")
    with scope.entered(teacher.tenants):
        made = RegradeRequest.objects.get()
        assert made.place == {"quote": "300"}
        regrading.answer_regrade(actor=teacher, now=now, request=made, answer="单位要写", new_score=2.5)
        assert Response.objects.get(pk=response.pk).score == 2.5
    page = sign_in["pupil"].get(f"/assessment/feedback/{sitting.uuid}/").content.decode()
    assert "单位要写" in page and "已复核" in page


@pytest.mark.parametrize(
    ("tries", "state"),
    [
        ([], "not_yet"),
        ([(1, 0.5)], "not_yet"),
        ([(1, 1.0)], "shaky"),
        ([(1, 1.0), (1, 1.0)], "shaky"),
        ([(1, 1.0), (2, 1.0)], "mastered"),
        ([(1, 1.0), (2, 0.0), (3, 1.0)], "shaky"),
        ([(1, 1.0), (2, 1.0), (3, 0.9)], "not_yet"),
    ],
)
def test_when_it_counts_as_learned(tries: list[tuple[int, float]], state: str) -> None:
    assert state_of([(date(2026, 1, day), share) for day, share in tries]) == state


@pytest.mark.parametrize(
    ("codes", "kind", "cause"),
    [
        (["numeric.unit_missing"], "numeric", "unit"),
        (["numeric.wrong", "numeric.unit_wrong"], "numeric", "unit"),
        (["expression.sign_error"], "expression", "careless"),
        (["solution.wrong_step"], "solution", "step"),
        (["answer.blank"], "essay", "blank"),
        (["choice.right"], "solution", "step"),
        ([], "single_choice", "concept"),
        (["misconception.abs-one-solution"], "blank", "concept"),
    ],
)
def test_a_code_tells_its_cause(codes: list[str], kind: str, cause: str) -> None:
    assert cause_of(codes, kind) == cause


def test_every_code_of_the_engines_has_a_cause() -> None:
    assert {cause_of([code], "numeric") for code in catalogue()} <= set(CAUSES)
