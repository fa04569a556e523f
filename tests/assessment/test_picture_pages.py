"""The class picture: what it says, whence, who may see it, what leaves the house."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import openpyxl
import pypdfium2
import pytest
from django.test import Client
from tests.cast import BEGIN, NOW, Cast

from zhiwei.assessment.models import Response, Work
from zhiwei.assessment.queries import picture_rows
from zhiwei.assessment.queries import picture_words as words
from zhiwei.assessment.queries.answer_text import answer_html
from zhiwei.assessment.queries.picture import class_picture
from zhiwei.assessment.services import answering, marking, releasing, setting
from zhiwei.kernel import files, jobs, scope
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.models import AuditRow, Job
from zhiwei.kernel.services import people
from zhiwei.kernel.values import Actor, Role, system_actor

CHOICE: dict[str, Any] = {
    "type": "single_choice",
    "max_score": 2,
    "stem": "1+1=?",
    "options": [{"id": "A", "text": "1"}, {"id": "B", "text": "2"}, {"id": "C", "text": "3"}],
    "reference_answers": ["B"],
}
NUMBER: dict[str, Any] = {
    "type": "numeric",
    "max_score": 3,
    "stem": "3 m 合多少厘米？",
    "reference_answers": ["300 cm"],
}
ANSWERS = [("B", "300 cm"), ("B", "300"), ("A", "300"), ("A", "300"), ("a", "3"), ("B", "=1+1")]


@contextmanager
def acting(cast: Cast, nickname: str) -> Iterator[Actor]:
    actor = cast.actor(nickname)
    with scope.entered(actor.tenants):
        yield actor


@pytest.fixture
def work(cast: Cast) -> Work:
    """Six pupils of class one have answered; everything is judged and released."""
    for number in range(4):
        with scope.everywhere("test"):
            extra = people.register_person(
                actor=system_actor(), now=NOW, tenant_id=cast.school, name=f"=甲{number}", number=f"x{number}"
            )
            people.give_role(
                actor=system_actor(), now=NOW, person_id=extra, organisation_id=cast.class_one, role=Role.PUPIL,
                starts_on=BEGIN,
            )  # fmt: skip
        cast.people[f"extra{number}"] = extra
    with acting(cast, "teacher") as teacher:
        made = setting.create_work(
            actor=teacher, now=NOW, title="周三作业", subject="math", due_at=NOW + timedelta(days=1)
        )
        for content in (CHOICE, NUMBER):
            setting.add_typed_item(actor=teacher, now=NOW, work=made, content=content)
        setting.set_targets(actor=teacher, now=NOW, work=made, class_ids=[cast.class_one])
        setting.open_work(actor=teacher, now=NOW, work=made)
    pupils = ("pupil", "classmate", "extra0", "extra1", "extra2", "extra3")
    for nickname, given in zip(pupils, ANSWERS, strict=True):
        _answer(cast, made, cast.people[nickname], given)
    run_jobs()
    with acting(cast, "teacher") as teacher:
        releasing.release_marks(actor=teacher, now=NOW, work=made, allow_doubtful=True)
    return made


def _answer(cast: Cast, work: Work, person_id: int, given: tuple[str, str]) -> None:
    template = cast.actor("pupil")
    pupil = Actor(0, person_id, cast.school, "x", template.held, (), (cast.school,))
    with scope.entered([cast.school]):
        sitting = answering.begin_sitting(actor=pupil, now=NOW, work_uuid=work.uuid)
        for item, text in zip(work.items.order_by("position"), given, strict=True):
            answering.save_response(
                now=NOW, sitting=sitting, item_uuid=item.uuid, value={"text": text}, sequence=1
            )
        answering.hand_in(actor=pupil, now=NOW, sitting=sitting)


def run_jobs() -> None:
    with scope.everywhere("test"):
        waiting = list(Job.objects.filter(state="queued").values_list("pk", "tenant_id"))
    for job_id, tenant_id in waiting:
        jobs.run(job_id, tenant_id)


def test_the_picture_tells_what_happened(cast: Cast, work: Work) -> None:
    with acting(cast, "teacher") as teacher:
        picture = class_picture(teacher, work.uuid, cast.class_one)
    assert (picture.expected, picture.judged, picture.released) == (6, 6, 6)
    first, second = picture.items
    assert first.figures.facility == pytest.approx(0.5)
    assert {one.key: one.count for one in first.answers} == {"A": 3, "B": 3}
    assert [(one.option, one.count, one.is_key) for one in first.options] == [
        ("A", 3, False),
        ("B", 3, True),
        ("C", 0, False),
    ]
    assert {one.code: one.count for one in second.mistakes}["numeric.unit_missing"] == 3
    assert picture.headline.startswith("先讲第 1、2 题。") and "缺少单位" in picture.headline
    kinds = [[shown.kind for shown in one.showings] for one in picture.first]
    assert kinds == [["full", "wrong"], ["full", "partial", "wrong"]]
    assert picture.mean is not None and picture.mean.n == 6


def test_a_changed_mark_changes_the_picture_at_once(cast: Cast, work: Work) -> None:
    with acting(cast, "teacher") as teacher:
        for row in Response.objects.filter(item__position=1):
            marking.give_mark(actor=teacher, now=NOW, response=row, score=2)
        picture = class_picture(teacher, work.uuid, cast.class_one)
    assert picture.items[0].figures.facility == 1.0
    assert picture.headline.startswith("先讲第 2 题。")


def test_who_sees_a_picture(cast: Cast, work: Work, sign_in: dict[str, Client]) -> None:
    address = f"/assessment/works/{work.uuid}/picture/{cast.class_one}/"
    item = _item(cast, work)
    behind = f"/assessment/picture/{cast.class_one}/question/{item}/"
    for nickname, client in sign_in.items():
        wanted = 200 if nickname in {"teacher", "head"} else 404
        for page in (address, f"{address}screen/", behind):
            assert client.get(page).status_code == wanted, (nickname, page)


def test_another_class_is_not_shown(cast: Cast, work: Work, sign_in: dict[str, Client]) -> None:
    assert (
        sign_in["teacher"].get(f"/assessment/works/{work.uuid}/picture/{cast.class_two}/").status_code == 404
    )
    behind = f"/assessment/picture/{cast.class_two}/question/{_item(cast, work)}/"
    assert sign_in["teacher"].get(behind).status_code == 404


def test_the_wall_shows_no_names(cast: Cast, work: Work, sign_in: dict[str, Client]) -> None:
    with acting(cast, "teacher") as teacher:
        row = Response.objects.filter(item__position=2, value__text="300 cm").get()
        Response.objects.filter(pk=row.pk).update(value={"text": "300 cm 人pupil"}, is_exemplar=True)
        del teacher
    page = (
        sign_in["teacher"]
        .get(f"/assessment/works/{work.uuid}/picture/{cast.class_one}/screen/")
        .content.decode()
    )
    assert "人pupil" not in page and "〇〇" in page and "=甲" not in page


def test_every_figure_opens_its_responses_and_reading_is_written_down(
    cast: Cast, work: Work, sign_in: dict[str, Client]
) -> None:
    behind = f"/assessment/picture/{cast.class_one}/question/{_item(cast, work)}/"
    page = sign_in["teacher"].get(behind + "?answer=A").content.decode()
    assert "=甲0" in page and "人pupil" not in page
    assert "人pupil" in sign_in["teacher"].get(behind + "?earned=full").content.decode()
    assert "没有这样的作答" in sign_in["teacher"].get(behind + "?reason=no.such").content.decode()
    with scope.everywhere("test"):
        assert AuditRow.objects.filter(kind="response", verb="read", about_id=cast.people["extra0"]).exists()


def test_files_are_made_by_a_job_for_who_asked(cast: Cast, work: Work, sign_in: dict[str, Client]) -> None:
    address = f"/assessment/works/{work.uuid}/picture/{cast.class_one}/take/"
    for nickname in ("head", "pupil", "outsider", "principal"):
        assert sign_in[nickname].post(f"{address}excel/").status_code == 404, nickname
    assert sign_in["teacher"].post(f"{address}word/").status_code == 404
    made = {form: _take(sign_in["teacher"], address, form) for form in ("excel", "pdf", "slips")}
    book = openpyxl.load_workbook(io.BytesIO(made["excel"]))
    cells = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)
    ]
    assert any(cell.value == "=1+1" for cell in cells) and any(cell.value == "=甲0" for cell in cells)
    assert all(cell.data_type == "s" for cell in cells)
    assert len(pypdfium2.PdfDocument(made["slips"])) == 6
    report = pypdfium2.PdfDocument(made["pdf"])[0].get_textpage().get_text_range()
    assert "先讲第" in report and "=甲" not in report


def _take(client: Client, address: str, form: str) -> bytes:
    job = client.post(f"{address}{form}/").headers["Location"].rstrip("/").rpartition("/")[2]
    assert client.get(f"/assessment/picture/file/{job}/").status_code == 404
    run_jobs()
    return client.get(f"/assessment/picture/file/{job}/").content


def test_nobody_else_gets_the_file(cast: Cast, work: Work, sign_in: dict[str, Client]) -> None:
    address = f"/assessment/works/{work.uuid}/picture/{cast.class_one}/take/"
    job = sign_in["teacher"].post(f"{address}slips/").headers["Location"].rstrip("/").rpartition("/")[2]
    run_jobs()
    for nickname in ("head", "other_teacher", "pupil", "admin"):
        assert sign_in[nickname].get(f"/assessment/picture/file/{job}/").status_code == 404, nickname
    with scope.entered([cast.school]):
        assert files.read(Job.objects.get(uuid=job).result["file_id"]).startswith(b"%PDF")


def test_a_stranger_is_refused_by_the_query_itself(cast: Cast, work: Work) -> None:
    for nickname in ("pupil", "guardian", "principal", "other_teacher"):
        with acting(cast, nickname) as actor, pytest.raises(NotFoundError):
            class_picture(actor, work.uuid, cast.class_one)


@pytest.mark.parametrize(
    ("value", "kind", "key"),
    [
        ({"text": " c, A "}, "multiple_choice", "AC"),
        ({"value": ["A", "C"]}, "multiple_choice", "AC"),
        ({"value": ["甲", "乙"]}, "blank", "甲；乙"),
        ({"steps": ["x=1", "y=2"]}, "solution", "x=1；y=2"),
        ({"value": {"l2": "r1", "l1": "r2"}}, "matching", "l1→r2；l2→r1"),
        ({"value": False}, "true_false", "错"),
        ({}, "short_answer", ""),
    ],
)
def test_answers_that_mean_the_same_are_one(value: dict[str, object], kind: str, key: str) -> None:
    assert words.answer_key(value, kind) == key


MATCHING = {
    "type": "matching",
    "options": {
        "left": [{"id": "l1", "text": "水"}, {"id": "l2", "text": "油"}],
        "right": [{"id": "r1", "text": "$H_2O$"}],
    },
}


@pytest.mark.parametrize(
    ("content", "value", "text"),
    [
        (MATCHING, {"value": {"l1": "r1"}}, "水 — $H_2O$"),
        (MATCHING, {"value": [["l2", "r1"], ["l1", "r1"]]}, "油 — $H_2O$；水 — $H_2O$"),
        ({"type": "ordering", "options": [{"id": "a", "text": "甲"}]}, {"value": ["a"]}, "1. 甲"),
        (
            {"type": "composite", "parts": [{**MATCHING, "id": "1"}]},
            {"value": {"1": {"l1": "r1"}}},
            "(1) 水 — $H_2O$",
        ),
        ({"type": "matching"}, {"text": "随便"}, "随便"),
        ({"type": "short_answer"}, {"text": "因为"}, "因为"),
    ],
)
def test_answers_are_told_in_the_questions_words(
    content: dict[str, Any], value: dict[str, object], text: str
) -> None:
    assert words.answer_text(value, content) == text


def test_working_is_drawn_as_formulas_and_words_are_not() -> None:
    assert "x^2</" in answer_html("x^2", "expression")
    assert answer_html("x<2", "short_answer") == "x&lt;2"


def test_a_large_class_is_read_like_a_small_one(
    cast: Cast, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting(cast, "teacher") as teacher:
        small = class_picture(teacher, work.uuid, cast.class_one)
        monkeypatch.setattr(picture_rows, "MANY", 0)
        assert class_picture(teacher, work.uuid, cast.class_one) == small


def _item(cast: Cast, work: Work) -> str:
    with scope.entered([cast.school]):
        return str(work.items.order_by("position").first().uuid)  # type: ignore[union-attr]
