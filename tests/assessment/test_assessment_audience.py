"""For whom a work is, for how long, with what help; what changed is told; what is over is collected."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from test_assessment_spine import CHOICE, LATER, acting, run_jobs
from tests.cast import NOW, Cast

from zhiwei.assessment.access import access_target, works_in_reach
from zhiwei.assessment.errors import NotOpenError
from zhiwei.assessment.models import PupilGroup, Response, Sitting, Target, Work, WorkRevision
from zhiwei.assessment.queries.versions import versions_of
from zhiwei.assessment.services import answering, audience, details, setting, time_up
from zhiwei.assessment.services.audience import Place
from zhiwei.assessment.values import Medium, WorkState
from zhiwei.kernel import scope
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.models import Notification
from zhiwei.kernel.values import Held, Role, Verb

DUE = NOW + timedelta(hours=2)


@pytest.fixture
def work(cast: Cast) -> Work:
    with acting(cast, "teacher") as teacher:
        made = setting.create_work(actor=teacher, now=NOW, title="周三作业", subject="math", due_at=DUE)
        setting.add_typed_item(actor=teacher, now=NOW, work=made, content=CHOICE)
        setting.set_targets(actor=teacher, now=NOW, work=made, class_ids=[cast.class_one])
        setting.open_work(actor=teacher, now=NOW, work=made)
        return made


def change(cast: Cast, work: Work, **facts: Any) -> int:
    """Change a work's facts as its teacher."""
    with acting(cast, "teacher") as teacher:
        row = Work.objects.get(pk=work.pk)
        kept = {name: getattr(row, name) for name in ("title", "note", "opens_at", "due_at", "rules")}
        given = {**kept, "medium": Medium(row.medium), **facts}
        return details.change_details(actor=teacher, now=LATER, work=row, **given)


def place_pupils(cast: Cast, work: Work, *places: Place, whole: bool = False) -> None:
    with acting(cast, "teacher") as teacher:
        audience.set_audience(
            actor=teacher, now=NOW, work=work, class_id=cast.class_one, whole=whole, places=places
        )


def begin(cast: Cast, work: Work, nickname: str = "pupil") -> Sitting:
    with acting(cast, nickname) as pupil:
        return answering.begin_sitting(actor=pupil, now=NOW, work_uuid=work.uuid)


def test_a_work_for_one_pupil_is_hidden_from_the_others(cast: Cast, work: Work) -> None:
    place_pupils(cast, work, Place(cast.people["pupil"], chosen=True, extra_minutes=30))
    assert begin(cast, work).due_at == DUE + timedelta(minutes=30)
    with acting(cast, "classmate") as other, pytest.raises(NotFoundError):
        access_target(other, work.uuid)


def test_more_time_reaches_who_has_begun_already(cast: Cast, work: Work) -> None:
    sitting = begin(cast, work)
    later = DUE + timedelta(days=1)
    place_pupils(cast, work, Place(cast.people["pupil"], due_at=later, extra_minutes=10), whole=True)
    with scope.entered([cast.school]):
        assert Sitting.objects.get(pk=sitting.pk).due_at == later + timedelta(minutes=10)
        assert Target.objects.filter(work=work).count() == 2
    begin(cast, work, "classmate")
    change(cast, work, due_at=DUE + timedelta(hours=1))
    with scope.entered([cast.school]):
        assert Sitting.objects.get(person=cast.people["classmate"]).due_at == DUE + timedelta(hours=1)


def test_nobody_else_is_placed(cast: Cast, work: Work) -> None:
    for person, wrong in (("outsider", NotFoundError), ("teacher", NotFoundError)):
        with pytest.raises(wrong):
            place_pupils(cast, work, Place(cast.people[person], chosen=True))
    with pytest.raises(InvalidInputError):
        place_pupils(cast, work)
    with pytest.raises(InvalidInputError):
        place_pupils(cast, work, Place(cast.people["pupil"], chosen=True, extra_minutes=20_000))
    with acting(cast, "teacher") as teacher, pytest.raises(NotFoundError):
        setting.set_targets(
            actor=teacher, now=NOW, work=work, class_ids=[cast.class_one],
            person_ids={cast.class_one: [cast.people["outsider"]]},
        )  # fmt: skip


def test_the_page_sets_pupils_groups_and_times(cast: Cast, work: Work, sign_in: dict[str, Client]) -> None:
    page, pupil = f"/assessment/works/{work.uuid}/people/", cast.people["pupil"]
    teacher = sign_in["teacher"]
    shared = {"class": cast.class_one, "whole": "0"}
    made = teacher.post(page, {**shared, "act": "group", "name": "提高组", "pupil": [pupil]})
    assert made.status_code == 302
    assert "提高组" in teacher.get(page).content.decode()
    with scope.entered([cast.school]):
        group = PupilGroup.objects.get()
    sent = {**shared, "act": "save", "group": [group.uuid], f"extra-{pupil}": "15"}
    assert teacher.post(page, sent).status_code == 302
    with scope.entered([cast.school]):
        row = Target.objects.get(work=work)
        assert (row.person_id, row.extra_minutes) == (pupil, 15)
    assert teacher.post(page, {**sent, f"extra-{pupil}": "x"}).status_code == 422
    assert teacher.post(page, {**sent, f"due-{pupil}": "gestern"}).status_code == 422
    assert teacher.post(page, {**shared, "class": cast.class_two}).status_code == 404
    assert teacher.post(page, {**shared, "forget": group.uuid}).status_code == 302
    for nickname in ("head", "pupil", "other_teacher", "outsider"):
        assert sign_in[nickname].get(page).status_code in {403, 404}, nickname


def test_another_teachers_group_is_not_removed(cast: Cast) -> None:
    with acting(cast, "teacher") as teacher:
        group = audience.save_group(
            actor=teacher, now=NOW, class_id=cast.class_one, name="组", person_ids=[cast.people["pupil"]]
        )
    with acting(cast, "head") as head, pytest.raises(NotFoundError):
        audience.remove_group(actor=head, now=NOW, group_uuid=str(group.uuid))


def test_a_time_limit_ends_a_sitting(cast: Cast, work: Work) -> None:
    change(cast, work, rules={"time_limit_minutes": 40})
    assert begin(cast, work).due_at == NOW + timedelta(minutes=40)
    change(cast, work, due_at=NOW + timedelta(minutes=20), rules={"time_limit_minutes": 40})
    with scope.entered([cast.school]):
        assert Sitting.objects.get().due_at == NOW + timedelta(minutes=20)
    for wrong in (-1, 2000, True, "40"):
        with pytest.raises(InvalidInputError):
            change(cast, work, rules={"time_limit_minutes": wrong})


def test_what_is_over_is_handed_in_once_and_an_empty_sheet_is_not(cast: Cast, work: Work) -> None:
    sitting = begin(cast, work)
    with scope.entered([cast.school]):
        item = work.items.get()
        answering.save_response(
            now=NOW, sitting=sitting, item_uuid=item.uuid, value={"text": "B"}, sequence=1
        )
    begin(cast, work, "classmate")
    assert time_up.collect_overdue(now=DUE + timedelta(minutes=1)) == 0, "still on its way"
    over = DUE + timedelta(minutes=10)
    assert time_up.collect_overdue(now=over) == 1
    assert time_up.collect_overdue(now=over) == 0
    run_jobs(cast)
    with scope.entered([cast.school]):
        mine = Sitting.objects.get(pk=sitting.pk)
        assert (mine.state, mine.is_late, mine.score) == ("judged", False, 2)
        assert Sitting.objects.get(person=cast.people["classmate"]).state == "answering"
        assert Response.objects.count() == 1


def test_changes_after_opening_are_numbered_kept_and_told(
    cast: Cast, work: Work, sign_in: dict[str, Client]
) -> None:
    change(cast, work, due_at=DUE + timedelta(days=1), rules={"calculator": True, "two_markers": 1.0})
    assert change(cast, work) == 2, "nothing changed, nothing counted"
    with acting(cast, "teacher") as teacher:
        setting.revise_item(
            actor=teacher, now=LATER, item=work.items.get(), content={**CHOICE, "reference_answers": ["A"]}
        )
        found = versions_of(Work.objects.get(pk=work.pk))
        assert [one.number for one in found] == [3, 2]
        assert found[0].lines == ("第 1 题的答案或评分标准改过",)
        assert any(line.startswith("截止时间：") and "→" in line for line in found[1].lines)
        assert len(found[1].lines) == 3 and len(versions_of(work, for_pupils=True)[1].lines) == 2
        told = Notification.objects.filter(text__contains="改动").values_list("person_id", flat=True)
        assert {cast.people["pupil"], cast.people["classmate"]} <= set(told)
    cover = sign_in["pupil"].get(f"/assessment/answer/{work.uuid}/").content.decode()
    assert "老师改过这份作业" in cover and "双人评阅" not in cover and "人teacher" not in cover
    assert "计算器" in cover
    page = sign_in["teacher"].get(f"/assessment/works/{work.uuid}/").content.decode()
    assert "双人评阅的允许分差" in page and "第 2 版" in page


def test_a_draft_has_no_versions(cast: Cast) -> None:
    with acting(cast, "teacher") as teacher:
        draft = setting.create_work(actor=teacher, now=NOW, title="甲", subject="math")
        setting.set_targets(actor=teacher, now=NOW, work=draft, class_ids=[cast.class_one])
        assert draft.revision == 1 and not WorkRevision.objects.exists()


def test_paper_alone_is_not_answered_on_line(cast: Cast, work: Work, sign_in: dict[str, Client]) -> None:
    change(cast, work, medium=Medium.PAPER)
    with acting(cast, "pupil") as pupil, pytest.raises(NotOpenError):
        answering.begin_sitting(actor=pupil, now=NOW, work_uuid=work.uuid)
    cover = sign_in["pupil"].get(f"/assessment/answer/{work.uuid}/").content.decode()
    assert "写在纸上" in cover and "开始作答" not in cover


def test_templates_are_the_departments(cast: Cast, work: Work) -> None:
    with acting(cast, "teacher") as teacher:
        setting.copy_work(actor=teacher, now=NOW, work=work, title="模板", as_template=True)
        template = Work.objects.get(is_template=True)
        assert template.state == WorkState.DRAFT
    colleague = replace(
        cast.actor("teacher"), person_id=cast.people["admin"], held=(Held(Role.TEACHER, 0, "/none/", "math"),)
    )
    actors = [(cast.actor(one), False) for one in ("head", "other_teacher", "pupil", "principal")]
    for actor, wanted in [(colleague, True), *actors]:
        with scope.entered(actor.tenants):
            assert works_in_reach(actor, Verb.READ).filter(pk=template.pk).exists() is wanted, actor
            assert not works_in_reach(actor, Verb.UPDATE).filter(pk=template.pk).exists()


def test_one_pupils_extra_time_is_checked(cast: Cast, work: Work) -> None:
    with acting(cast, "teacher") as teacher:
        details.accommodate(
            actor=teacher, now=NOW, work=work, class_id=cast.class_one, person_id=cast.people["pupil"],
            extra_minutes=20,
        )  # fmt: skip
        assert Target.objects.filter(work=work).count() == 2
        with pytest.raises(NotFoundError):
            details.accommodate(
                actor=teacher, now=NOW, work=work, class_id=cast.class_one,
                person_id=cast.people["outsider"], extra_minutes=20,
            )  # fmt: skip
        details.accommodate(
            actor=teacher, now=NOW, work=work, class_id=cast.class_one, person_id=cast.people["pupil"],
            extra_minutes=0,
        )  # fmt: skip
        assert Target.objects.filter(work=work).count() == 1
