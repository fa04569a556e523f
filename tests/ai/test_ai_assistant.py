"""The teacher's assistant: nothing is shown that our engines do not solve; the teacher decides."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from tests.ai.gateway_stage import Stage
from tests.ai.scripted_provider import says
from tests.cast import NOW

from zhiwei.ai.models import GatewayModel
from zhiwei.curriculum.models import Draft, Edition, Item, Point
from zhiwei.curriculum.rules import drafting
from zhiwei.curriculum.services.drafting import Brief, check_brief, make_drafts
from zhiwei.curriculum.services.items import save_item
from zhiwei.curriculum.values import DraftKind, ItemState
from zhiwei.kernel import clock, scope
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor

POINT = "math.test.add"
GOOD: dict[str, Any] = {
    "stem": "36 与 28 的和是多少？", "max_score": 2, "reference_answers": ["64"], "explanation": "36+28=64",
    "rubric": [], "samples": [{"text": "64", "score": 2}, {"text": "54", "score": 0}],
}  # fmt: skip
WRONG_SUM: dict[str, Any] = {**GOOD, "stem": "坏题", "reference_answers": []}
PATTERN: dict[str, Any] = {
    "type": "numeric", "max_score": 2, "stem": "{{a}} 与 {{b}} 的和是多少？", "reference_answers": ["{{c}}"],
    "parameters": [{"name": "a", "min": 20, "max": 60}, {"name": "b", "min": 20, "max": 60}],
    "derived": {"c": "a+b"}, "subject": "math", "points": [POINT],
}  # fmt: skip


def test_an_item_is_shown_only_when_its_reference_earns_full_marks() -> None:
    good = drafting.item_content(GOOD, "numeric", {"subject": "math"})
    checks = drafting.check_item(good)
    assert drafting.shown(checks) and [one.code for one in checks] == ["judged", "solved", "sample", "sample"]
    assert all(one.passed for one in checks)
    assert not drafting.shown(drafting.check_item(drafting.item_content(WRONG_SUM, "numeric", {})))
    assert not drafting.shown(drafting.check_item({"type": "numeric"}))


def test_a_sample_that_does_not_earn_what_it_says_is_told() -> None:
    lying = {**GOOD, "samples": [{"text": "54", "score": 2}, {"text": "64"}]}
    checks = drafting.check_item(drafting.item_content(lying, "numeric", {}))
    assert [one.passed for one in checks if one.code == "sample"] == [False, False] and drafting.shown(checks)


def test_frames_without_a_model_name_the_points_and_fill_the_minutes() -> None:
    points = [{"name": "一元一次方程", "definition": "含一个未知数且次数为 1 的方程"}]
    plan = drafting.lesson_frame(points, 40)
    minutes = [
        int(row.split("|")[1])
        for row in plan.splitlines()
        if row.startswith("| ") and row.split("|")[1].strip().isdigit()
    ]
    assert sum(minutes) == 40 and "一元一次方程" in plan
    assert "一元一次方程" in drafting.comment_frames(points)


def found_point(stage: Stage) -> Actor:
    actor = stage.cast.actor("teacher", clock.today(clock.now()))
    with scope.everywhere("test"):
        edition = Edition.objects.first() or Edition.objects.create(**_edition())
        Point.objects.create(
            key=POINT, name="两位数加法", subject="math", definition="进位加法", **_of(edition)
        )
    return actor


def _edition() -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for field in Edition._meta.local_fields:
        if not field.primary_key and not field.has_default() and not field.null:
            kind = field.get_internal_type()
            wanted[field.name] = NOW if "Date" in kind else 1 if "Int" in kind else "x"
    return wanted


def _of(edition: Edition) -> dict[str, Any]:
    names = {field.name for field in Point._meta.local_fields}
    return {"edition": edition} if "edition" in names else {}


BRIEF = Brief(DraftKind.ITEM, "math", (POINT,), type="numeric", count=2)


def test_a_models_drafts_are_checked_and_bad_ones_never_seen(
    stage: Stage, sign_in: dict[str, Client]
) -> None:
    actor = found_point(stage)
    bodies = [
        json.dumps(one, ensure_ascii=False)
        for one in (
            WRONG_SUM,
            GOOD,
            {**GOOD, "stem": "7 与 9 的和？", "reference_answers": ["16"], "samples": []},
        )
    ]
    stage.server.then(*[says(one) for one in bodies])
    assert make_drafts(actor=actor, now=clock.now(), brief=BRIEF, seed=1) == {"made": 2, "thrown": 1}
    page = sign_in["teacher"].get("/curriculum/assistant/").content.decode()
    assert "36 与 28" in page and "坏题" not in page
    with scope.everywhere("test"):
        first, second = Draft.objects.order_by("pk")
    assert sign_in["admin"].post(f"/curriculum/assistant/{first.uuid}/keep/").status_code == 404
    assert sign_in["other_teacher"].post(f"/curriculum/assistant/{first.uuid}/keep/").status_code == 404
    kept = sign_in["teacher"].post(f"/curriculum/assistant/{first.uuid}/keep/")
    assert kept.status_code == 302 and "/edit/" in kept.headers["Location"]
    assert sign_in["teacher"].post(f"/curriculum/assistant/{second.uuid}/reject/").status_code == 302
    assert sign_in["teacher"].post(f"/curriculum/assistant/{second.uuid}/keep/").status_code == 409
    with scope.everywhere("test"):
        item = Item.objects.get()
    assert item.state == ItemState.DRAFT and item.points == [POINT]
    assert "50%" in sign_in["teacher"].get("/curriculum/assistant/").content.decode()


def test_without_a_model_items_come_from_the_bank_with_other_numbers(stage: Stage) -> None:
    actor = found_point(stage)
    with scope.everywhere("test"):
        GatewayModel.objects.update(enabled=False)
        pk = save_item(actor=actor, now=NOW, tenant_id=stage.cast.school, content=PATTERN, item_id=None)
        item = Item.objects.get(pk=pk)
        Item.objects.filter(pk=pk).update(state=ItemState.PUBLISHED, version=item.versions.get().number)
    stage.gateway.grants.forget()
    assert make_drafts(actor=actor, now=clock.now(), brief=BRIEF, seed=5)["made"] == 2
    lesson = Brief(DraftKind.LESSON, "math", (POINT,), minutes=45)
    assert make_drafts(actor=actor, now=clock.now(), brief=lesson, seed=5)["made"] == 1
    with scope.everywhere("test"):
        drafts = list(Draft.objects.order_by("pk"))
    stems = [one.content.get("stem") for one in drafts[:2]]
    assert stems[0] != stems[1] and "{{" not in str(stems) and not stage.server.seen
    assert drafts[2].origin == "bank" and "两位数加法" in drafts[2].content["text"]


def test_briefs_without_points_and_strangers_are_refused(stage: Stage, sign_in: dict[str, Client]) -> None:
    actor = found_point(stage)
    with scope.entered([stage.cast.school]), pytest.raises(InvalidInputError):
        check_brief(actor, Brief(DraftKind.ITEM, "math", ("nothing",)))
    for nickname in ("pupil", "guardian", "principal", "auditor"):
        assert sign_in[nickname].get("/curriculum/assistant/").status_code == 404
    sent = {
        "kind": "item",
        "type": "numeric",
        "count": 2,
        "minutes": 40,
        "points": [POINT],
        "subject": "math",
        "model": "通用",
    }
    assert sign_in["teacher"].post("/curriculum/assistant/", {**sent, "points": []}).status_code == 422
    assert sign_in["teacher"].post("/curriculum/assistant/", sent).status_code == 302
