"""The spine: set, answer, judge, mark, release; nothing lost, nothing doubled, nobody sees too much."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from tests.cast import NOW, Cast

from zhiwei.assessment import access
from zhiwei.assessment.errors import HandedInError, NotOpenError, StaleMarkError, WorkIncompleteError
from zhiwei.assessment.models import Mark, Response, Sitting, Work
from zhiwei.assessment.services import answering, judging, marking, releasing, setting
from zhiwei.kernel import jobs, scope
from zhiwei.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from zhiwei.kernel.models import Event, Job, Notification
from zhiwei.kernel.values import Actor, Verb

CHOICE: dict[str, Any] = {
    "type": "single_choice",
    "max_score": 2,
    "stem": "1+1=?",
    "options": [{"id": "A", "text": "1"}, {"id": "B", "text": "2"}],
    "reference_answers": ["B"],
    "points": ["math.add"],
}
NUMBER: dict[str, Any] = {
    "type": "numeric",
    "max_score": 3,
    "stem": "3 m 合多少厘米？",
    "reference_answers": ["300 cm"],
}
LATER = NOW + timedelta(minutes=5)


@contextmanager
def acting(cast: Cast, nickname: str) -> Iterator[Actor]:
    """Act as somebody within the tenants they reach."""
    actor = cast.actor(nickname)
    with scope.entered(actor.tenants):
        yield actor


@pytest.fixture
def work(cast: Cast) -> Work:
    """A homework of two questions set for class one, open."""
    with acting(cast, "teacher") as teacher:
        made = setting.create_work(
            actor=teacher, now=NOW, title="周三作业", subject="math", due_at=NOW + timedelta(days=1)
        )
        for content in (CHOICE, NUMBER):
            setting.add_typed_item(actor=teacher, now=NOW, work=made, content=content)
        setting.set_targets(actor=teacher, now=NOW, work=made, class_ids=[cast.class_one])
        setting.open_work(actor=teacher, now=NOW, work=made)
        return made


def answer(cast: Cast, work: Work, nickname: str, *values: str) -> int:
    """Begin, answer each question in turn, hand in; returns the sitting's id."""
    with acting(cast, nickname) as pupil:
        sitting = answering.begin_sitting(actor=pupil, now=NOW, work_uuid=work.uuid)
        for item, value in zip(work.items.order_by("position"), values, strict=True):
            answering.save_response(
                now=NOW, sitting=sitting, item_uuid=item.uuid, value={"text": value}, sequence=1
            )
        answering.hand_in(actor=pupil, now=LATER, sitting=sitting)
        return sitting.pk


def run_jobs(cast: Cast) -> None:
    """Run what waits, as the worker would."""
    with scope.everywhere("test"):
        waiting = list(Job.objects.filter(state="queued").values_list("pk", "tenant_id"))
    for job_id, tenant_id in waiting:
        jobs.run(job_id, tenant_id)


def test_the_whole_spine(cast: Cast, work: Work) -> None:
    sitting_id = answer(cast, work, "pupil", "b", "300厘米")
    run_jobs(cast)
    with acting(cast, "teacher") as teacher:
        sitting = Sitting.objects.get(pk=sitting_id)
        assert (sitting.state, sitting.score, sitting.max_score) == ("judged", 5.0, 5.0)
        assert releasing.release_marks(actor=teacher, now=LATER, work=work, class_id=cast.class_one) == 1
        event = Event.objects.get(kind="assessment.marks_released")
        assert [one["score"] for one in event.payload["responses"]] == [2.0, 3.0]
        assert event.payload["responses"][0]["points"] == ["math.add"]
        told = set(
            Notification.objects.filter(key__startswith="released-").values_list("person_id", flat=True)
        )
        assert told == {cast.people["pupil"], cast.people["guardian"]}


def test_judging_twice_writes_one_mark(cast: Cast, work: Work) -> None:
    sitting_id = answer(cast, work, "pupil", "A", "3 m")
    run_jobs(cast)
    with acting(cast, "teacher"):
        before = Mark.objects.count()
        judging.judge_sitting(sitting_id=sitting_id, now=LATER)
        assert Mark.objects.count() == before == 2
        mark = Mark.objects.first()
        assert mark is not None and mark.engine and mark.engine_version and len(mark.input_hash) == 64


def test_an_older_save_never_wins(cast: Cast, work: Work) -> None:
    with acting(cast, "pupil") as pupil:
        sitting = answering.begin_sitting(actor=pupil, now=NOW, work_uuid=work.uuid)
        item = work.items.get(position=1)

        def save(text: str, sequence: int, device: str) -> bool:
            saved = answering.save_response(
                now=NOW,
                sitting=sitting,
                item_uuid=item.uuid,
                value={"text": text},
                sequence=sequence,
                device=device,
            )
            return saved.conflict

        assert not save("A", 10, "phone")
        assert not save("A", 10, "phone")
        assert save("B", 9, "laptop")
        assert not save("B", 11, "laptop")
        assert Response.objects.get(sitting=sitting).value == {"text": "B"}


def test_after_handing_in_nothing_changes(cast: Cast, work: Work) -> None:
    sitting_id = answer(cast, work, "pupil", "b", "1")
    with acting(cast, "pupil"):
        sitting = Sitting.objects.get(pk=sitting_id)
        with pytest.raises(HandedInError):
            answering.save_response(
                now=LATER,
                sitting=sitting,
                item_uuid=work.items.first().uuid,
                value={"text": "A"},
                sequence=99,
            )


def test_who_may_not_answer(cast: Cast, work: Work) -> None:
    for nickname in ("pupil_two", "outsider", "guardian", "teacher", "other_teacher"):
        with acting(cast, nickname) as actor, pytest.raises(NotFoundError):
            answering.begin_sitting(actor=actor, now=NOW, work_uuid=work.uuid)


def test_too_late_is_told(cast: Cast, work: Work) -> None:
    with acting(cast, "pupil") as pupil, pytest.raises(NotOpenError):
        answering.begin_sitting(actor=pupil, now=NOW + timedelta(days=2), work_uuid=work.uuid)


@pytest.mark.parametrize("value", [{"script": "x"}, {"text": "字" * 70_000}])
def test_a_broken_answer_is_refused(cast: Cast, work: Work, value: dict[str, str]) -> None:
    with acting(cast, "pupil") as pupil:
        sitting = answering.begin_sitting(actor=pupil, now=NOW, work_uuid=work.uuid)
        with pytest.raises(InvalidInputError):
            answering.save_response(
                now=NOW, sitting=sitting, item_uuid=work.items.first().uuid, value=value, sequence=1
            )


def test_who_sees_a_sitting(cast: Cast, work: Work) -> None:
    answer(cast, work, "pupil", "b", "1")
    seen = {}
    for nickname in cast.people:
        with acting(cast, nickname) as actor:
            seen[nickname] = access.sittings_in_reach(actor, Verb.READ).count()
    assert {name for name, count in seen.items() if count} == {"pupil", "guardian", "teacher", "head"}


def test_a_person_overrules_and_can_take_it_back(cast: Cast, work: Work) -> None:
    answer(cast, work, "pupil", "A", "300 cm")
    run_jobs(cast)
    with acting(cast, "teacher") as teacher:
        row = Response.objects.get(item__position=1)
        assert row.score == 0
        marking.give_mark(actor=teacher, now=LATER, response=row, score=1.5, seen_version=row.version)
        with pytest.raises(StaleMarkError):
            marking.give_mark(actor=teacher, now=LATER, response=row, score=2, seen_version=row.version)
        with pytest.raises(InvalidInputError):
            marking.give_mark(actor=teacher, now=LATER, response=row, score=9)
        judging.rejudge_item(actor=teacher, now=LATER, item=row.item)
        row.refresh_from_db()
        assert (row.score, row.state) == (1.5, "reviewed")
        marking.undo_mark(actor=teacher, now=LATER, response=row)
        row.refresh_from_db()
        assert row.score == 0 and row.state != "reviewed"
        with pytest.raises(ConflictError):
            marking.undo_mark(actor=teacher, now=LATER, response=row)


def test_a_wrong_key_is_mended_for_everybody(cast: Cast, work: Work) -> None:
    answer(cast, work, "pupil", "A", "300 cm")
    answer(cast, work, "classmate", "B", "300 cm")
    run_jobs(cast)
    with acting(cast, "teacher") as teacher:
        item = work.items.get(position=1)
        setting.revise_item(
            actor=teacher,
            now=LATER,
            item=item,
            content={**CHOICE, "reference_answers": ["A"]},
            reason="答案有误",
        )
        changes = {
            change.person_id: (change.old_score, change.new_score)
            for change in judging.preview_rejudge(item=item)
        }
        assert changes == {cast.people["pupil"]: (0.0, 2.0), cast.people["classmate"]: (2.0, 0.0)}
        assert judging.rejudge_item(actor=teacher, now=LATER, item=item) == 2
        assert Sitting.objects.get(person_id=cast.people["pupil"]).score == 5
        assert item.revisions.get().content["reference_answers"] == ["B"]


def test_release_waits_for_doubtful_answers_and_can_be_recalled(cast: Cast, work: Work) -> None:
    answer(cast, work, "pupil", "B", "300 cm")
    run_jobs(cast)
    with acting(cast, "teacher") as teacher:
        Response.objects.filter(item__position=2).update(state="doubtful")
        with pytest.raises(ConflictError, match="1 份"):
            releasing.release_marks(actor=teacher, now=LATER, work=work)
        assert releasing.release_marks(actor=teacher, now=LATER, work=work, allow_doubtful=True) == 1
        assert releasing.recall_marks(actor=teacher, now=LATER, work=work) == 1
        kinds = list(Event.objects.order_by("pk").values_list("kind", "payload__revision"))
        assert kinds == [("assessment.marks_released", 1), ("assessment.marks_recalled", 2)]


def test_an_empty_work_does_not_open_and_says_what_is_missing(cast: Cast) -> None:
    with acting(cast, "teacher") as teacher:
        made = setting.create_work(actor=teacher, now=NOW, title="空", subject="math")
        with pytest.raises(WorkIncompleteError) as refused:
            setting.open_work(actor=teacher, now=NOW, work=made)
        assert {one.code for one in refused.value.problems} == {"work.no_items", "work.no_targets"}


def test_a_class_one_does_not_teach_cannot_be_set(cast: Cast) -> None:
    with acting(cast, "teacher") as teacher:
        made = setting.create_work(actor=teacher, now=NOW, title="越界", subject="math")
        with pytest.raises(NotFoundError):
            setting.set_targets(actor=teacher, now=NOW, work=made, class_ids=[cast.class_two])


def test_a_question_that_cannot_be_judged_is_refused(cast: Cast, work: Work) -> None:
    with acting(cast, "teacher") as teacher, pytest.raises(InvalidInputError, match="题目有误"):
        setting.add_typed_item(actor=teacher, now=NOW, work=work, content={"type": "riddle", "max_score": 1})


def test_marks_are_not_released_to_a_class_that_never_had_the_work(cast: Cast, work: Work) -> None:
    answer(cast, work, "pupil", "B", "300 cm")
    run_jobs(cast)
    with acting(cast, "teacher") as teacher:
        for class_id in (cast.class_two, 0, 2**40):
            with pytest.raises(NotFoundError):
                releasing.release_marks(actor=teacher, now=LATER, work=work, class_id=class_id)
            with pytest.raises(NotFoundError):
                releasing.recall_marks(actor=teacher, now=LATER, work=work, class_id=class_id)
        assert not work.releases.exists()
