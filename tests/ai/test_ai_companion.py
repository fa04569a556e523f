"""The companion: leads by questions, keeps answers back, corrects, quotes, closes by rule, calls a human."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.ai.companion_stage import opened
from tests.ai.knowledge_stage import found
from tests.cast import NOW, Cast

from zhiwei.ai import companion_access as access
from zhiwei.ai.models import Alert, Dialogue, Turn
from zhiwei.ai.queries.companion import standing_of, turns_of
from zhiwei.ai.rules.companion import Allowance, Closed, minutes_used, needs_adult, why_closed
from zhiwei.ai.services import companion as services
from zhiwei.ai.services import companion_rules as rules
from zhiwei.kernel import scope
from zhiwei.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from zhiwei.kernel.models import AuditRow, Notification

if TYPE_CHECKING:
    from django.test import Client

OPEN = Allowance(True, (), 8, True, 6, 21, 30, 0.0, None)


def test_hints_climb_and_their_levels_are_kept(cast: Cast) -> None:
    pupil = cast.actor("pupil")
    with opened(cast), scope.entered([cast.school]):
        dialogue = services.begin(actor=pupil, now=NOW, source="stage", key="open")
        kinds = [services.hint(actor=pupil, now=NOW, dialogue=dialogue).kind for _turn in range(4)]
        told = turns_of(dialogue)
    assert kinds == ["hint", "hint", "hint", "end"]
    assert [one.rung for one in told] == [1, 2, 3, 4, 4]
    assert not any("13" in one.said for one in told)


def test_who_asks_for_the_answer_gets_the_next_hint(cast: Cast) -> None:
    pupil = cast.actor("pupil")
    with opened(cast), scope.entered([cast.school]):
        dialogue = services.begin(actor=pupil, now=NOW, source="stage", key="open")
        reply = services.say(actor=pupil, now=NOW, dialogue=dialogue, said="直接告诉我答案吧")
    assert (reply.kind, reply.rung) == ("hint", 2)
    assert "13" not in reply.said


def test_a_finished_question_is_explained_at_the_end(cast: Cast) -> None:
    pupil = cast.actor("pupil")
    with opened(cast) as tasks, scope.entered([cast.school]):
        dialogue = services.begin(actor=pupil, now=NOW, source="stage", key="done")
        for _turn in tasks.rows["done"].rungs[1:]:
            last = services.hint(actor=pupil, now=NOW, dialogue=dialogue)
    assert "13 米" in last.said


def test_errors_and_misconceptions_are_put_right(cast: Cast) -> None:
    pupil = cast.actor("pupil")
    with opened(cast), scope.entered([cast.school]):
        dialogue = services.begin(actor=pupil, now=NOW, source="stage", key="open")
        own = services.say(actor=pupil, now=NOW, dialogue=dialogue, said="我算的是 12 + 5")
        free = services.begin(actor=pupil, now=NOW, said="我觉得越深浮力越大。")
        general = turns_of(free)[-1]
    assert own.kind == general.kind == "correction"
    assert "两边之和" in own.said
    assert "不再随深度变化" in general.said


def test_an_exam_question_is_closed_even_typed_in_freely(cast: Cast) -> None:
    pupil = cast.actor("pupil")
    with opened(cast), scope.entered([cast.school]):
        typed = services.begin(actor=pupil, now=NOW, said="商鞅变法奖励耕战的内容和对秦国的影响是什么")
        assert turns_of(typed)[-1].kind == "closed"
        homework = services.begin(actor=pupil, now=NOW, said="长方形花坛长12米宽5米，对角线长多少米")
        told = turns_of(homework)[-1]
    assert told.kind == "question"
    assert told.citations[0]["key"] == "open"


def test_materials_answer_with_their_place_and_silence_is_told(cast: Cast) -> None:
    found(cast, companion=True)
    pupil = cast.actor("pupil")
    with opened(cast), scope.entered([cast.school]):
        dialogue = services.begin(actor=pupil, now=NOW, said="事假三天以内由谁批准？")
        quoted = turns_of(dialogue)[-1]
        silent = services.say(actor=pupil, now=NOW, dialogue=dialogue, said="校长今年多大年纪？")
    assert quoted.kind == "quote"
    assert "年级主任" in quoted.said
    assert quoted.citations[0]["heading"] == "学生手册 › 请假"
    assert silent.kind == "silence"


def test_a_base_not_opened_to_the_companion_is_not_quoted(cast: Cast) -> None:
    found(cast, companion=False)
    with opened(cast), scope.entered([cast.school]):
        dialogue = services.begin(actor=cast.actor("pupil"), now=NOW, said="事假三天以内由谁批准？")
        assert turns_of(dialogue)[-1].kind == "silence"


def test_a_cry_for_help_reaches_a_human(cast: Cast) -> None:
    with opened(cast), scope.entered([cast.school]):
        dialogue = services.begin(actor=cast.actor("pupil"), now=NOW, said="我不想活了，没人在乎我。")
        assert turns_of(dialogue)[-1].kind == "care"
        alert = Alert.objects.get()
        told = set(Notification.objects.values_list("person_id", flat=True))
    assert alert.kinds == ["self_harm"]
    assert cast.people["head"] in told


def test_words_are_sealed_in_the_table(cast: Cast) -> None:
    from django.db import connection

    with opened(cast), scope.entered([cast.school]):
        services.begin(actor=cast.actor("pupil"), now=NOW, said="为什么天空是蓝色的")
        with connection.cursor() as cursor:
            cursor.execute("select said from ai_turn")
            rows = [bytes(row[0]) for row in cursor.fetchall()]
        assert str(Turn.objects.order_by("number")[0].said) == "为什么天空是蓝色的"
    assert rows
    assert not any("天空".encode() in row for row in rows)


@pytest.mark.parametrize(
    ("change", "closed"),
    [
        ({}, None),
        ({"enabled": False}, Closed.SCHOOL),
        ({"grades": (7,)}, Closed.GRADE),
        ({"guardian_allows": False}, Closed.GUARDIAN),
        ({"from_hour": 12}, Closed.HOURS),
        ({"until_hour": 9}, Closed.HOURS),
        ({"used": 30.0}, Closed.MINUTES),
        ({"grade": 6}, Closed.ADULT),
        ({"grade": None}, Closed.ADULT),
        ({"grade": 6, "adult_until": NOW + timedelta(minutes=1)}, None),
        ({"grade": 6, "adult_until": NOW}, Closed.ADULT),
    ],
)
def test_when_the_companion_is_closed(change: dict[str, object], closed: Closed | None) -> None:
    from dataclasses import replace

    assert why_closed(replace(OPEN, **change), NOW) is closed  # type: ignore[arg-type]


def test_time_counts_turns_not_silence() -> None:
    times = [NOW, NOW + timedelta(seconds=30), NOW + timedelta(hours=1)]
    assert minutes_used([]) == 0
    assert minutes_used(times) == pytest.approx((20 + 30 + 120) / 60)
    assert needs_adult(6)
    assert not needs_adult(7)


def test_primary_pupils_need_an_adult_and_guardians_may_close_it(cast: Cast) -> None:
    pupil, child = cast.actor("pupil"), cast.people["pupil"]
    with opened(cast, grade=4), scope.entered([cast.school]):
        with pytest.raises(ConflictError):
            services.begin(actor=pupil, now=NOW, said="为什么会下雨")
        rules.sit_beside(actor=cast.actor("guardian"), now=NOW, person_ids=[child], tenant_id=cast.school)
        services.begin(actor=pupil, now=NOW, said="为什么会下雨")
        rules.choose_for_child(
            actor=cast.actor("guardian"),
            now=NOW,
            person_id=child,
            tenant_id=cast.school,
            allowed=False,
            minutes=10,
        )
        assert standing_of(child, cast.school, now=NOW).closed is Closed.GUARDIAN


def test_a_teacher_answers_what_was_handed_over(cast: Cast) -> None:
    pupil, teacher = cast.actor("pupil"), cast.actor("teacher")
    with opened(cast, teachers_see=False), scope.entered([cast.school]):
        dialogue = services.begin(actor=pupil, now=NOW, source="stage", key="open")
        today = NOW.date()
        with pytest.raises(NotFoundError):
            access.access_pupils_dialogue(teacher, dialogue.uuid, today)
        services.hand_over(actor=pupil, now=NOW, dialogue=dialogue)
        with pytest.raises(ConflictError):
            services.hand_over(actor=pupil, now=NOW, dialogue=dialogue)
        found_there = access.access_pupils_dialogue(teacher, dialogue.uuid, today)
        services.answer(actor=teacher, now=NOW, dialogue=found_there, said="先画图，再找直角。")
        assert turns_of(dialogue)[-1].said == "先画图，再找直角。"
        told = set(Notification.objects.values_list("person_id", flat=True))
    assert {cast.people["teacher"], cast.people["pupil"]} <= told


def test_old_conversations_are_forgotten(cast: Cast) -> None:
    with opened(cast, keep_days=7), scope.entered([cast.school]):
        services.begin(actor=cast.actor("pupil"), now=NOW, said="为什么会下雨")
        assert rules.forget_old(NOW + timedelta(days=6)) == 0
        assert rules.forget_old(NOW + timedelta(days=8)) > 0
        assert not Dialogue.objects.exists()


def test_nonsense_is_refused(cast: Cast) -> None:
    with opened(cast), scope.entered([cast.school]):
        for said in ("  ", "长" * 1001):
            with pytest.raises(InvalidInputError):
                services.begin(actor=cast.actor("pupil"), now=NOW, said=said)
        with pytest.raises(NotFoundError):
            services.begin(actor=cast.actor("pupil"), now=NOW, source="stage", key="nobody")


def test_the_pages_of_a_conversation(
    cast: Cast, sign_in: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhiwei.kernel.clock.now", lambda: NOW)
    pupil, teacher = sign_in["pupil"], sign_in["teacher"]
    with opened(cast):
        assert "一起想" in pupil.get("/ai/companion/").content.decode()
        made = pupil.post("/ai/companion/begin/", {"source": "stage", "key": "open"})
        page = pupil.get(made["Location"]).content.decode()
        assert "是机器不是人" in page
        assert "（1/4）" in page
        assert pupil.post(f"{made['Location']}say/", {"said": "我算的是12+5"}).status_code == 302
        assert "两边之和" in pupil.get(made["Location"]).content.decode()
        assert pupil.post(f"{made['Location']}hand/").status_code == 302
        name = made["Location"].split("/")[-2]
        assert "人pupil" in teacher.get("/ai/companion/pupils/").content.decode()
        assert teacher.get(f"/ai/companion/pupils/{name}/").status_code == 200
        with scope.entered([cast.school]):
            assert AuditRow.objects.filter(
                kind="dialogue", verb="read", about_id=cast.people["pupil"]
            ).exists()
        answered = teacher.post(f"/ai/companion/pupils/{name}/answer/", {"said": "画个图"})
        assert answered.status_code == 302
        assert "画个图" in pupil.get(made["Location"]).content.decode()
        assert pupil.post(f"{made['Location']}remove/").status_code == 302
        assert pupil.get(made["Location"]).status_code == 404


def test_strangers_see_no_conversation(
    cast: Cast, sign_in: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhiwei.kernel.clock.now", lambda: NOW)
    with opened(cast):
        made = sign_in["pupil"].post("/ai/companion/begin/", {"source": "stage", "key": "open"})
        name = made["Location"].split("/")[-2]
        for nickname in ("classmate", "pupil_two", "outsider", "guardian", "principal", "admin"):
            assert sign_in[nickname].get(made["Location"]).status_code == 404, nickname
        for nickname in ("classmate", "guardian", "principal", "admin", "outsider", "other_teacher"):
            assert sign_in[nickname].get(f"/ai/companion/pupils/{name}/").status_code == 404, nickname
        assert sign_in["head"].get(f"/ai/companion/pupils/{name}/").status_code == 200
        assert sign_in["head"].post(f"/ai/companion/pupils/{name}/answer/", {"said": "x"}).status_code == 404


def test_only_guardians_choose_and_only_the_administrator_decides(
    cast: Cast, sign_in: dict[str, Client]
) -> None:
    from zhiwei.kernel import api as kernel

    with scope.entered([cast.school]):
        child = kernel.get_person(cast.people["pupil"]).uuid
    page = f"/ai/companion/children/{child}/"
    assert sign_in["guardian"].post(page, {"allowed": "on", "minutes": "15"}).status_code == 302
    assert "15" in sign_in["guardian"].get("/ai/companion/children/").content.decode()
    for nickname in ("teacher", "pupil", "outsider", "admin"):
        assert sign_in[nickname].post(page, {"allowed": "on"}).status_code == 404
    setting = {"minutes_a_day": 20, "from_hour": 7, "until_hour": 20, "keep_days": 90, "enabled": "on"}
    assert sign_in["admin"].post("/ai/companion/school/", setting).status_code == 302
    assert sign_in["principal"].get("/ai/companion/school/").status_code == 200
    assert sign_in["principal"].post("/ai/companion/school/", setting).status_code == 404
    assert sign_in["teacher"].get("/ai/companion/school/").status_code == 404
    wrong = sign_in["admin"].post("/ai/companion/school/", setting | {"from_hour": 21})
    assert "开始时刻要早于结束时刻" in wrong.content.decode()
