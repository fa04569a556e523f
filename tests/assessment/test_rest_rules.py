"""The API's own rules: keys that are done once, tokens, limits, pages, refusals in one shape."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from rest_program import Program
from tests.cast import Cast

from zhiwei.kernel import scope
from zhiwei.kernel.models import ApiToken
from zhiwei.kernel.services import limits


def test_one_key_does_a_thing_once(program: dict[str, Program]) -> None:
    teacher, body = program["teacher"], {"title": "甲", "subject": "math"}
    first = teacher("POST", "/works", body, **{"Idempotency-Key": "k1"})
    second = teacher("POST", "/works", body, **{"Idempotency-Key": "k1"})
    assert first.status_code == second.status_code == 201
    assert first.json()["uuid"] == second.json()["uuid"] and second.headers["Idempotent-Replay"] == "true"
    other = teacher("POST", "/works", {**body, "title": "乙"}, **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["code"]) == (422, "api.key_reused")
    assert teacher("GET", "/works").json()["total"] == 1
    assert teacher("POST", "/works", body, **{"Idempotency-Key": "k" * 101}).status_code == 422


def test_a_key_in_use_answers_409(program: dict[str, Program], monkeypatch: pytest.MonkeyPatch) -> None:
    from zhiwei.kernel.services import api_answers

    monkeypatch.setattr(api_answers, "_held", lambda _name: False)
    answer = program["teacher"](
        "POST", "/works", {"title": "甲", "subject": "math"}, **{"Idempotency-Key": "k"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "api.in_progress")
    assert program["teacher"]("GET", "/works").json()["total"] == 0


def test_an_error_keeps_no_answer(program: dict[str, Program]) -> None:
    teacher, key = program["teacher"], {"Idempotency-Key": "k"}
    assert teacher("POST", "/works", {"title": " ", "subject": "math"}, **key).status_code == 422
    assert teacher("POST", "/works", {"title": "甲", "subject": "math"}, **key).status_code == 201


def test_too_many_calls_are_told_when_to_come_back(
    program: dict[str, Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "API_BY_TOKEN", limits.Limit("api-test", 2, 60))
    statuses = [program["teacher"]("GET", "/works") for _ in range(3)]
    assert [one.status_code for one in statuses] == [200, 200, 429]
    assert 0 < int(statuses[2].headers["Retry-After"]) <= 60


def test_a_token_ends_when_it_should(cast: Cast, program: dict[str, Program]) -> None:
    with scope.everywhere("test"):
        ApiToken.objects.filter(person_id=cast.people["teacher"]).update(expires_at=timezone.now())
        ApiToken.objects.filter(person_id=cast.people["head"]).update(revoked_at=timezone.now())
    assert program["teacher"]("GET", "/works").status_code == 401
    assert program["head"]("GET", "/works").status_code == 401


def test_tokens_are_made_shown_once_and_ended(cast: Cast, sign_in: dict[str, Client]) -> None:
    page = "/account/tokens/"
    made = sign_in["teacher"].post(page, {"name": "脚本", "days": "30", "scopes": ["works:read"]})
    secret = made.content.decode().partition('token-secret">')[2].partition("<")[0]
    assert Program(secret)("GET", "/works").status_code == 200
    assert secret not in sign_in["teacher"].get(page).content.decode()
    with scope.everywhere("test"):
        row = ApiToken.objects.get()
        assert secret not in row.token_hash and row.used_at is not None
    assert sign_in["head"].post(f"{page}{row.pk}/end/").status_code == 404
    assert sign_in["teacher"].post(f"{page}{row.pk}/end/").status_code == 302
    assert Program(secret)("GET", "/works").status_code == 401


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"days": "0"}, {"days": "900"}, {"scopes": ["all"]}, {"scopes": []}]
)
def test_a_careless_token_is_not_made(
    cast: Cast, sign_in: dict[str, Client], wrong: dict[str, object]
) -> None:
    good: dict[str, object] = {"name": "脚本", "days": "30", "scopes": ["works:read"]}
    assert sign_in["teacher"].post("/account/tokens/", {**good, **wrong}).status_code == 422
    with scope.everywhere("test"):
        assert not ApiToken.objects.exists()


def test_pages_of_results(program: dict[str, Program]) -> None:
    teacher = program["teacher"]
    for number in range(3):
        teacher("POST", "/works", {"title": f"第{number}", "subject": "math"})
    page = teacher("GET", "/works?limit=2").json()
    assert (len(page["items"]), page["total"], page["next_offset"]) == (2, 3, 2)
    assert teacher("GET", "/works?limit=2&offset=2").json()["next_offset"] is None
    for wrong in ("limit=0", "limit=9999", "offset=-1", "limit=x"):
        answer = teacher("GET", f"/works?{wrong}")
        assert (answer.status_code, answer.json()["code"]) == (422, "api.invalid")


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"\xff", b'{"title": 3}', b'{"title": "a\\u0000", "subject": "math"}']
)
def test_what_cannot_be_read_is_refused_in_one_shape(program: dict[str, Program], body: bytes) -> None:
    teacher = program["teacher"]
    answer = teacher.client.post(
        "/api/v1/works",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {teacher.secret}"},
    )
    assert answer.status_code in {400, 422}
    assert set(answer.json()) == {"code", "message", "problems"}
