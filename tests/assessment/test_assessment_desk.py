"""The teacher's side in pages: who may mark, what the desk gives, nothing lost, nothing guessed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from test_assessment_spine import CHOICE, LATER, NUMBER, acting, answer, run_jobs
from tests.cast import NOW, Cast

from zhiwei.assessment.models import Mark, Response, Work
from zhiwei.assessment.services import details, grouping, setting
from zhiwei.kernel import clock
from zhiwei.kernel.models import AuditRow

WORDS: dict[str, Any] = {
    "type": "short_answer",
    "max_score": 4,
    "stem": "为什么向前倾？",
    "reference_answers": ["由于惯性保持原来的运动状态"],
    "rubric": [
        {"id": "a", "score": 1, "description": "原来一起运动", "accept": ["一起运动"]},
        {"id": "b", "score": 3, "description": "惯性", "accept": ["由于惯性"]},
    ],
}
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def work(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Work:
    """A homework with a choice, a number and an answer in words, answered by two pupils and judged."""
    monkeypatch.setattr(clock, "now", lambda: LATER)
    with acting(cast, "teacher") as teacher:
        made = setting.create_work(
            actor=teacher, now=NOW, title="周三作业", subject="math", due_at=NOW + timedelta(days=1)
        )
        for content in (CHOICE, NUMBER, WORDS):
            setting.add_typed_item(actor=teacher, now=NOW, work=made, content=content)
        setting.set_targets(actor=teacher, now=NOW, work=made, class_ids=[cast.class_one])
        setting.open_work(actor=teacher, now=NOW, work=made)
    answer(cast, made, "pupil", "B", "300 cm", "由于惯性继续向前")
    answer(cast, made, "classmate", "A", "3 m", "人和车一起运动，由于惯性向前")
    run_jobs(cast)
    return made


def asked(cast: Cast, work: Work, position: int) -> str:
    with acting(cast, "teacher"):
        return str(work.items.get(position=position).uuid)


def answers_of(client: Client, item: str, query: str = "") -> list[dict[str, Any]]:
    found = client.get(f"/assessment/desk/{item}/answers/{query}", **JSON)
    assert found.status_code == 200
    rows: list[dict[str, Any]] = found.json()["answers"]
    return rows


def send(client: Client, address: str, **body: object) -> HttpResponse:
    return client.post(f"/assessment/{address}", json.dumps(body), "application/json", **JSON)


def test_pages_open_for_the_teacher(cast: Cast, sign_in: dict[str, Client], work: Work) -> None:
    item = asked(cast, work, 3)
    for address in (
        "works/",
        "works/?view=review",
        "works/trash/",
        "works/new/",
        f"works/{work.uuid}/",
        f"works/{work.uuid}/edit/",
        f"works/{work.uuid}/release/?class={cast.class_one}",
        f"works/{work.uuid}/bank/?q=x",
        f"desk/{item}/",
        f"items/{item}/key/",
        f"items/{item}/rejudge/",
        "regrades/",
    ):
        found = sign_in["teacher"].get(f"/assessment/{address}")
        assert found.status_code == 200, address
        assert "周三作业" in found.content.decode() or "works/" in address or "regrades" in address


@pytest.mark.parametrize(
    "nickname", ["pupil", "guardian", "other_teacher", "outsider", "principal", "bureau"]
)
def test_strangers_see_no_answers_and_mark_nothing(
    cast: Cast, sign_in: dict[str, Client], work: Work, nickname: str
) -> None:
    item = asked(cast, work, 3)
    with acting(cast, "teacher"):
        row = Response.objects.filter(item__uuid=item).first()
        assert row is not None
    client = sign_in[nickname]
    for address in (f"desk/{item}/", f"desk/{item}/answers/", f"desk/{item}/state/", f"items/{item}/key/"):
        assert client.get(f"/assessment/{address}").status_code in {403, 404}
    assert send(client, f"responses/{row.uuid}/mark/", score=1).status_code in {403, 404}
    assert send(client, f"desk/{item}/accept/").status_code in {403, 404}
    assert client.post(f"/assessment/works/{work.uuid}/act/remove/").status_code in {403, 404}
    with acting(cast, "teacher"):
        assert not Mark.objects.exclude(kind="machine").exists()


def test_the_desk_gives_doubtful_answers_first_and_hides_names(
    cast: Cast, sign_in: dict[str, Client], work: Work
) -> None:
    item = asked(cast, work, 1)
    with acting(cast, "teacher"):
        later = Response.objects.filter(item__uuid=item).order_by("-order_key").first()
        assert later is not None
        Response.objects.filter(pk=later.pk).update(state="doubtful")
    rows = answers_of(sign_in["teacher"], item)
    assert rows[0]["id"] == str(later.uuid)
    assert [row["name"] for row in rows] == ["", ""]
    assert any("人pupil" in row["name"] for row in answers_of(sign_in["teacher"], item, "?names=1"))
    again = answers_of(sign_in["teacher"], item, f"?after={rows[0]['cursor']}")
    assert [row["id"] for row in again] == [rows[1]["id"]]
    with acting(cast, "teacher"):
        assert AuditRow.objects.filter(kind="response", verb="read").count() >= 2


def test_a_mark_is_kept_once_and_a_second_try_is_harmless(
    cast: Cast, sign_in: dict[str, Client], work: Work
) -> None:
    teacher, item = sign_in["teacher"], asked(cast, work, 3)
    row = answers_of(teacher, item)[0]
    mark = {"score": 4, "points": {"a": 1, "b": 3}, "comment": "好", "seen": row["version"]}
    first = send(teacher, f"responses/{row['id']}/mark/", **mark)
    assert first.status_code == 200
    assert first.json()["state"] == "reviewed"
    assert send(teacher, f"responses/{row['id']}/mark/", **mark).status_code == 200
    with acting(cast, "teacher"):
        assert Mark.objects.exclude(kind="machine").count() == 1
    assert row["id"] not in {one["id"] for one in answers_of(teacher, item)}
    assert send(teacher, f"responses/{row['id']}/undo/").json()["state"] != "reviewed"


def test_somebody_elses_mark_is_shown_beside_mine(cast: Cast, sign_in: dict[str, Client], work: Work) -> None:
    teacher, item = sign_in["teacher"], asked(cast, work, 3)
    row = answers_of(teacher, item)[0]
    assert send(teacher, f"responses/{row['id']}/mark/", score=3, seen=row["version"]).status_code == 200
    stale = send(teacher, f"responses/{row['id']}/mark/", score=1, seen=row["version"])
    assert stale.status_code == 409
    assert (stale.json()["theirs"]["score"], stale.json()["yours"]) == (3.0, 1.0)


@pytest.mark.parametrize("body", [{}, {"score": ""}, {"score": True}, {"score": 99}, {"score": -1}])
def test_a_score_has_to_be_given(
    cast: Cast, sign_in: dict[str, Client], work: Work, body: dict[str, object]
) -> None:
    row = answers_of(sign_in["teacher"], asked(cast, work, 3))[0]
    assert send(sign_in["teacher"], f"responses/{row['id']}/mark/", **body).status_code == 422
    with acting(cast, "teacher"):
        assert not Mark.objects.exclude(kind="machine").exists()


def test_a_group_is_marked_at_once(cast: Cast, sign_in: dict[str, Client], work: Work) -> None:
    item = asked(cast, work, 1)
    with acting(cast, "teacher"):
        Response.objects.filter(item__uuid=item).update(value={"text": " A. "})
        assert grouping.group_item(item_id=work.items.get(position=1).pk)["groups"] == 1
    state = sign_in["teacher"].get(f"/assessment/desk/{item}/state/", **JSON).json()
    assert state["groups"][0]["size"] == 2
    done = send(sign_in["teacher"], f"desk/{item}/group/", group=state["groups"][0]["key"], score=1)
    assert len(done.json()["marked"]) == 2
    assert done.json()["states"] == {"reviewed": 2}


def test_the_rubric_changes_while_marking_and_past_papers_follow(
    cast: Cast, sign_in: dict[str, Client], work: Work
) -> None:
    teacher, item = sign_in["teacher"], asked(cast, work, 3)
    row = answers_of(teacher, item)[0]
    send(teacher, f"responses/{row['id']}/mark/", score=3, points={"a": 0, "b": 3}, seen=row["version"])
    changed = teacher.post(
        f"/assessment/items/{item}/key/",
        {
            "max_score": "4",
            "key": "由于惯性",
            "rubric": "2 分｜原来一起运动\r\n2 分｜惯性",
            "reason": "太偏重惯性",
        },
    )
    assert changed.status_code == 302
    with acting(cast, "teacher"):
        assert Response.objects.get(uuid=row["id"]).score == 3
    page = teacher.get(f"/assessment/items/{item}/rejudge/").content.decode()
    assert "由 3 分改为 2 分" in page
    assert teacher.post(f"/assessment/items/{item}/rejudge/").status_code == 302
    with acting(cast, "teacher"):
        assert Response.objects.get(uuid=row["id"]).score == 2


def test_a_rubric_that_does_not_add_up_is_refused(cast: Cast, sign_in: dict[str, Client], work: Work) -> None:
    item = asked(cast, work, 3)
    sent = {"max_score": "4", "key": "x", "rubric": "1 分｜惯性"}
    refused = sign_in["teacher"].post(f"/assessment/items/{item}/key/", sent)
    assert refused.status_code == 422
    assert "合计 1 分" in refused.content.decode()


def test_two_markers_agree_or_a_third_decides(cast: Cast, sign_in: dict[str, Client], work: Work) -> None:
    with acting(cast, "teacher") as teacher:
        details.change_details(
            actor=teacher,
            now=LATER,
            work=work,
            title=work.title,
            note="",
            medium=setting.Medium.ONLINE,
            opens_at=work.opens_at,
            due_at=work.due_at,
            rules={"two_markers": 1},
        )
        item = work.items.get(position=3)
        row = Response.objects.filter(item=item).order_by("order_key").first()
        assert row is not None
    first = send(sign_in["teacher"], f"responses/{row.uuid}/mark/", score=2)
    assert (first.json()["state"], first.json()["score"]) == ("doubtful", None)
    assert str(row.uuid) not in {one["id"] for one in answers_of(sign_in["teacher"], str(item.uuid))}
    from zhiwei.assessment.services import pairing
    from zhiwei.assessment.services.marking import GivenMark

    with acting(cast, "head") as second:
        fresh = Response.objects.select_related("item__work").get(pk=row.pk)
        pairing.give_mark_on_desk(
            actor=second, now=LATER, response=fresh, given=GivenMark(3), seen_version=None
        )
        fresh.refresh_from_db()
        assert (fresh.score, fresh.state) == (2.5, "reviewed")


def test_tags_find_answers_again(cast: Cast, sign_in: dict[str, Client], work: Work) -> None:
    item, teacher = asked(cast, work, 3), sign_in["teacher"]
    first, _second = answers_of(teacher, item)
    tag = f"responses/{first['id']}/tag/"
    assert send(teacher, tag, tag=" 画图  说明 ", on=True).json() == {
        "tags": ["画图 说明"],
        "known": [{"text": "画图 说明", "n": 1}],
    }
    assert send(teacher, tag, tag="画图 说明", on=True).json()["tags"] == ["画图 说明"], "twice is once"
    assert [one["id"] for one in answers_of(teacher, item, "?tag=画图 说明")] == [first["id"]]
    assert answers_of(teacher, item, "?tag=没有") == []
    assert teacher.get(f"/assessment/desk/{item}/state/").json()["tags"][0]["n"] == 1
    for wrong in ("", " ", "长" * 21, "a\x00"):
        assert send(teacher, tag, tag=wrong, on=True).status_code == 422, wrong
    for number in range(7):
        assert send(teacher, tag, tag=f"t{number}", on=True).status_code == 200
    assert send(teacher, tag, tag="t9", on=True).json()["code"] == "response.tags_many"
    assert "画图 说明" not in send(teacher, tag, tag="画图 说明", on=False).json()["tags"]
    for nickname in ("pupil", "head", "other_teacher", "outsider"):
        assert send(sign_in[nickname], tag, tag="x", on=True).status_code in {403, 404}, nickname
