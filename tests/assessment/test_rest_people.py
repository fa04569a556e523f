"""The rest of homework through the API: groups, times of one's own, photos, groups of answers, signs, tags, trash."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from rest_program import Program, deliver, run_jobs
from tests.cast import Cast

from zhiwei.assessment.models import Sitting, Work
from zhiwei.kernel import scope


def jpeg() -> SimpleUploadedFile:
    """Return a small picture as a phone sends it."""
    content = BytesIO()
    Image.new("RGB", (60, 40), "white").save(content, "JPEG")
    return SimpleUploadedFile("working.jpg", content.getvalue(), "image/jpeg")


def sent(program: Program, path: str) -> Any:
    """Post a photo."""
    headers = {"Authorization": f"Bearer {program.secret}"}
    return Client().post(f"/api/v1{path}", {"photo": jpeg()}, headers=headers)


def test_a_group_is_kept_used_and_removed(cast: Cast, open_work: Work, program: dict[str, Program]) -> None:
    teacher, pupil = program["teacher"], cast.people["pupil"]
    group = {"class_id": cast.class_one, "name": "提高组", "person_ids": [pupil]}
    assert program["other_teacher"]("POST", "/groups", group).status_code in {403, 404}
    kept = teacher("POST", "/groups", group)
    assert kept.status_code == 201 and kept.json()["members"] == [pupil]
    (shown,) = teacher("GET", f"/works/{open_work.uuid}/audience").json()
    assert shown["whole"] and shown["groups"][0]["name"] == "提高组"
    stranger = teacher("POST", "/groups", {**group, "person_ids": [cast.people["teacher"]]})
    assert stranger.status_code == 404
    assert program["head"]("DELETE", f"/groups/{kept.json()['uuid']}").status_code in {403, 404}
    assert teacher("DELETE", f"/groups/{kept.json()['uuid']}").status_code == 204


def test_more_time_and_single_pupils(cast: Cast, open_work: Work, program: dict[str, Program]) -> None:
    teacher, pupil = program["teacher"], cast.people["pupil"]
    base = f"/works/{open_work.uuid}/classes/{cast.class_one}"
    program["pupil"]("POST", f"/works/{open_work.uuid}/sittings")
    assert teacher("PUT", f"{base}/pupils/{pupil}/accommodation", {"extra_minutes": 30}).status_code == 204
    with scope.entered([cast.school]):
        due = Sitting.objects.get(person_id=pupil).due_at
        assert due is not None and open_work.due_at is not None
        assert due - open_work.due_at == timedelta(minutes=30)
    far = teacher("PUT", f"{base}/pupils/{pupil}/accommodation", {"extra_minutes": 99_999})
    assert far.status_code == 422
    nobody = teacher("PUT", f"{base}/pupils/{cast.people['teacher']}/accommodation", {"extra_minutes": 5})
    assert nobody.status_code == 404
    assert teacher("PUT", f"{base}/audience", {"whole": False, "places": []}).status_code == 422
    only = {"whole": False, "places": [{"person_id": pupil, "chosen": True}]}
    assert teacher("PUT", f"{base}/audience", only).status_code == 204
    (shown,) = teacher("GET", f"/works/{open_work.uuid}/audience").json()
    assert [one["id"] for one in shown["pupils"] if one["chosen"]] == [pupil] and not shown["whole"]
    assert program["classmate"]("POST", f"/works/{open_work.uuid}/sittings").status_code == 404


def test_a_photo_goes_with_an_answer(open_work: Work, program: dict[str, Program]) -> None:
    pupil = program["pupil"]
    sheet = pupil("POST", f"/works/{open_work.uuid}/sittings").json()
    address, item = f"/sittings/{sheet['sitting']['uuid']}", sheet["questions"][0]["uuid"]
    photos = f"{address}/answers/{item}/photos"
    assert sent(program["classmate"], photos).status_code == 404
    assert pupil("POST", photos).status_code in {400, 422}
    kept = sent(pupil, photos)
    assert kept.status_code == 201
    number = kept.json()["photo"]
    shown = pupil("GET", f"{address}/photos/{number}")
    assert shown.status_code == 200 and shown["Content-Type"] == "image/jpeg"
    assert program["classmate"]("GET", f"{address}/photos/{number}").status_code == 404
    assert program["teacher"]("GET", f"{address}/photos/{number}").status_code == 200
    assert pupil("DELETE", f"{photos}/{number}").status_code == 204
    assert pupil("GET", f"{address}/photos/{number}").status_code == 404
    pupil("POST", f"{address}/hand-in")
    assert sent(pupil, photos).status_code == 409


@pytest.fixture
def answered(open_work: Work, program: dict[str, Program]) -> str:
    """Two pupils gave the same answer; returns the question."""
    for nickname in ("pupil", "classmate"):
        call = program[nickname]
        sheet = call("POST", f"/works/{open_work.uuid}/sittings").json()
        address, item = f"/sittings/{sheet['sitting']['uuid']}", sheet["questions"][0]["uuid"]
        call("PUT", f"{address}/answers/{item}", {"value": {"text": "30 cm"}, "sequence": 1})
        call("POST", f"{address}/hand-in")
    run_jobs()
    return str(item)


def test_like_answers_are_marked_together_signed_and_tagged(
    answered: str, program: dict[str, Program]
) -> None:
    teacher = program["teacher"]
    rows = teacher("GET", f"/work-items/{answered}/responses").json()["items"]
    assert teacher("GET", f"/work-items/{answered}/desk").json()["total"] == 2
    run_jobs()
    desk = teacher("GET", f"/work-items/{answered}/desk").json()
    (group,) = desk["groups"]
    assert group["size"] == 2 and "30" in group["example"]
    marked = teacher("POST", f"/work-items/{answered}/groups/{group['key']}/mark", {"score": 1.5})
    assert marked.json() == {"count": 2}
    first = f"/responses/{rows[0]['uuid']}"
    assert teacher("PUT", f"{first}/signs/exemplar", {"on": True}).status_code == 204
    assert teacher("PUT", f"{first}/signs/nonsense", {"on": True}).status_code == 422
    assert teacher("PUT", f"{first}/tags", {"text": "单位"}).json() == ["单位"]
    assert teacher("PUT", f"{first}/tags", {"text": " "}).status_code == 422
    desk = teacher("GET", f"/work-items/{answered}/desk").json()
    assert desk["tags"] == [{"text": "单位", "n": 1}] and desk["exemplars"][0]["score"] == 1.5
    for nickname in ("pupil", "other_teacher", "guardian"):
        assert program[nickname]("PUT", f"{first}/tags", {"text": "甲"}).status_code in {403, 404}


def test_rules_changes_plan_and_trash(open_work: Work, program: dict[str, Program]) -> None:
    teacher, address = program["teacher"], f"/works/{open_work.uuid}"
    changed = teacher("PATCH", address, {"rules": {"two_markers": 1, "calculator": True}}).json()
    assert changed["rules"]["two_markers"] == 1 and changed["rules"]["calculator"] is True
    assert teacher("PATCH", address, {"rules": {"attempts": 99}}).status_code == 422
    lines = teacher("GET", f"{address}/changes").json()
    assert any("计算器" in line for line in lines[0]["lines"])
    gone = teacher("PATCH", address, {"rules": {"two_markers": None}}).json()
    assert "two_markers" not in gone["rules"]
    past, soon = timezone.now() - timedelta(hours=1), timezone.now() + timedelta(hours=1)
    assert teacher("PUT", f"{address}/release-plan", {"at": past.isoformat()}).status_code == 422
    assert teacher("PUT", f"{address}/release-plan", {"at": soon.isoformat()}).status_code == 204
    assert teacher("PUT", f"{address}/items", {"item_uuids": [str(open_work.uuid)]}).status_code == 404
    assert teacher("DELETE", address).status_code == 204
    assert teacher("GET", address).status_code == 404
    assert program["head"]("POST", f"{address}/restore").status_code == 404
    assert teacher("POST", f"{address}/restore").json()["uuid"] == str(open_work.uuid)


def test_two_markers_hold_through_the_api_too(
    answered: str, open_work: Work, program: dict[str, Program]
) -> None:
    teacher = program["teacher"]
    teacher("PATCH", f"/works/{open_work.uuid}", {"rules": {"two_markers": 0.5}})
    row = teacher("GET", f"/work-items/{answered}/responses").json()["items"][0]
    marked = teacher("POST", f"/responses/{row['uuid']}/mark", {"score": 2}).json()
    assert marked["state"] == "doubtful"


def test_a_pupil_says_why_it_was_wrong(answered: str, open_work: Work, program: dict[str, Program]) -> None:
    program["teacher"]("POST", f"/works/{open_work.uuid}/release", {"allow_doubtful": True})
    deliver()
    mine = program["pupil"]("GET", "/wrong-entries").json()["items"]
    address = f"/wrong-entries/{mine[0]['id']}/cause"
    assert program["classmate"]("PUT", address, {"cause": "careless"}).status_code == 404
    assert program["pupil"]("PUT", address, {"cause": "nonsense"}).status_code == 422
    assert program["pupil"]("PUT", address, {"cause": mine[0]["cause"]}).status_code == 204
