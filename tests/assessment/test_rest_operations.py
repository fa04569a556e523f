"""The API: every operation closed, scopes and roles held, keys that are done once, no fault on any input."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cast import Cast

from zhiwei.assessment.models import Work
from zhiwei.assessment.services import setting
from zhiwei.config.rest import api
from zhiwei.kernel import jobs, scope
from zhiwei.kernel.models import ApiToken, Job
from zhiwei.kernel.services import limits, tokens
from zhiwei.kernel.values import SCOPES, Actor

NUMBER: dict[str, Any] = {
    "type": "numeric",
    "max_score": 3,
    "stem": "3 m 合多少厘米？",
    "reference_answers": ["300 cm"],
}
NOBODY = "00000000-0000-0000-0000-000000000000"
STAFF = {"teacher", "head", "admin", "principal", "auditor"}


@contextmanager
def acting(cast: Cast, nickname: str) -> Iterator[Actor]:
    actor = cast.actor(nickname, timezone.localdate())
    with scope.entered(actor.tenants):
        yield actor


def token(cast: Cast, nickname: str, scopes: tuple[str, ...] = SCOPES, days: int = 1) -> str:
    with acting(cast, nickname) as actor:
        return tokens.make_token(actor=actor, now=timezone.now(), name="test", scopes=scopes, days=days)


class Program:
    """A client that speaks JSON with a token."""

    def __init__(self, secret: str) -> None:
        self.client, self.secret = Client(enforce_csrf_checks=True), secret

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {self.secret}", **headers}
        return self.client.generic(
            method, f"/api/v1{path}", json.dumps(body or {}), content_type="application/json", headers=sent
        )


@pytest.fixture
def program(cast: Cast) -> dict[str, Program]:
    return {nickname: Program(token(cast, nickname)) for nickname in cast.people}


@pytest.fixture
def work(cast: Cast) -> Work:
    now = timezone.now()
    with acting(cast, "teacher") as teacher:
        made = setting.create_work(
            actor=teacher, now=now, title="周三作业", subject="math", due_at=now + timedelta(days=1)
        )
        setting.add_typed_item(actor=teacher, now=now, work=made, content=NUMBER)
        setting.set_targets(actor=teacher, now=now, work=made, class_ids=[cast.class_one])
        setting.open_work(actor=teacher, now=now, work=made)
        return made


def run_jobs() -> None:
    with scope.everywhere("test"):
        waiting = list(Job.objects.filter(state="queued").values_list("pk", "tenant_id"))
    for job_id, tenant_id in waiting:
        jobs.run(job_id, tenant_id)


def operations() -> list[tuple[str, str, str]]:
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    return [
        (method, path, one["operationId"]) for path, ways in paths.items() for method, one in ways.items()
    ]


def test_every_operation_wants_a_token() -> None:
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    assert len(paths) >= 20
    assert all(one.get("security") for ways in paths.values() for one in ways.values())


@pytest.mark.parametrize(("method", "path", "name"), operations())
def test_without_a_working_token_nothing_is_done(
    cast: Cast, sign_in: dict[str, Client], method: str, path: str, name: str
) -> None:
    address = "/api/v1" + path.replace("{class_id}", "1").replace("{regrade_id}", "1").replace(
        "_uuid}", "}"
    ).replace("{work}", NOBODY)
    address = address.replace("{item}", NOBODY).replace("{sitting}", NOBODY).replace("{response}", NOBODY)
    headers = {"Authorization": "Bearer zw_wrong"}
    for client, sent in ((Client(), {}), (Client(), headers), (sign_in["teacher"], {})):
        answer = client.generic(method.upper(), address, "{}", content_type="application/json", headers=sent)
        assert (answer.status_code, answer.json()["code"]) == (401, "token.invalid"), name


def test_a_token_without_the_scope_is_refused(cast: Cast, work: Work) -> None:
    narrow = Program(token(cast, "teacher", ("items:read",)))
    for method, path in (
        ("GET", "/works"),
        ("POST", f"/works/{work.uuid}/open"),
        ("GET", "/xapi/statements"),
    ):
        answer = narrow(method, path)
        assert (answer.status_code, answer.json()["code"]) == (403, "token.scope")


TABLE = {
    "GET /works/{work}": {"teacher": 200, "head": 200, "principal": 200},
    "PATCH /works/{work}": {"teacher": 200},
    "POST /works/{work}/close": {"teacher": 200},
    "GET /works/{work}/items": {"teacher": 200, "head": 200},
    "POST /works/{work}/items": {"teacher": 201},
    "PUT /works/{work}/targets": {"teacher": 204},
    "POST /works/{work}/open": {"teacher": 200},
    "POST /works/{work}/copy": {"teacher": 201},
    "POST /works/{work}/sittings": {"pupil": 200, "classmate": 200},
    "GET /work-items/{item}/responses": {"teacher": 200},
    "GET /work-items/{item}/rejudge": {"teacher": 200},
    "POST /work-items/{item}/rejudge": {"teacher": 200},
    "POST /work-items/{item}/accept": {"teacher": 200},
    "POST /works/{work}/release": {"teacher": 200},
    "POST /works/{work}/recall": {"teacher": 200},
    "GET /works/{work}/picture/{class}": {"teacher": 200, "head": 200},
}
BODIES = {"targets": lambda cast: {"class_ids": [cast.class_one]}}


@pytest.mark.parametrize("operation", TABLE)
def test_roles_and_operations(cast: Cast, work: Work, program: dict[str, Program], operation: str) -> None:
    method, path = operation.split()
    with scope.entered([cast.school]):
        item = work.items.get().uuid
    address = path.format(work=work.uuid, item=item, **{"class": cast.class_one})
    body = BODIES.get(path.rpartition("/")[2], lambda _cast: {})(cast)
    for nickname, call in program.items():
        wanted = TABLE[operation].get(nickname)
        status = call(method, address, body).status_code
        assert status == wanted if wanted else status in {403, 404}, (operation, nickname, status)


def test_homework_through_the_api(cast: Cast, program: dict[str, Program]) -> None:
    teacher, pupil = program["teacher"], program["pupil"]
    due = (timezone.now() + timedelta(days=1)).isoformat()
    work = teacher("POST", "/works", {"title": "甲", "subject": "math", "due_at": due}).json()["uuid"]
    item = teacher("POST", f"/works/{work}/items", {"contents": [NUMBER]}).json()[0]["uuid"]
    assert teacher("POST", f"/works/{work}/open").json()["problems"][0]["code"] == "work.no_targets"
    assert teacher("PUT", f"/works/{work}/targets", {"class_ids": [cast.class_one]}).status_code == 204
    assert teacher("POST", f"/works/{work}/open").json()["state"] == "open"
    sheet = pupil("POST", f"/works/{work}/sittings").json()
    assert "reference_answers" not in json.dumps(sheet)
    address = f"/sittings/{sheet['sitting']['uuid']}"
    saved = pupil("PUT", f"{address}/answers/{item}", {"value": {"text": "300"}, "sequence": 1})
    assert saved.json()["conflict"] is False
    assert program["guardian"]("GET", address).status_code == 404
    assert pupil("POST", f"{address}/hand-in").json()["state"] == "handed_in"
    again = pupil("PUT", f"{address}/answers/{item}", {"value": {"text": "9"}, "sequence": 2})
    assert (again.status_code, again.json()["code"]) == (409, "sitting.handed_in")
    run_jobs()
    (row,) = teacher("GET", f"/work-items/{item}/responses").json()["items"]
    assert row["judgement"]["reasons"][0]["code"] == "numeric.unit_missing"
    assert pupil("GET", address).json()["sitting"]["score"] is None
    refused = teacher("POST", f"/responses/{row['uuid']}/mark", {"score": 99})
    assert (refused.status_code, refused.json()["code"]) == (422, "mark.out_of_range")
    assert teacher("POST", f"/responses/{row['uuid']}/mark", {"score": 2.5}).json()["score"] == 2.5
    assert teacher("DELETE", f"/responses/{row['uuid']}/mark").json()["score"] == row["score"]
    assert teacher("POST", f"/works/{work}/release", {"allow_doubtful": True}).json() == {"count": 1}
    assert pupil("GET", address).json()["sitting"]["score"] == row["score"]
    assert program["guardian"]("GET", f"{address}/feedback").json()["lines"][0]["score"] == row["score"]
    asked = f"/responses/{row['uuid']}/regrade"
    assert program["classmate"]("POST", asked, {"reason": "看看"}).status_code == 404
    assert pupil("POST", asked, {"reason": " "}).status_code == 422
    regrade = pupil("POST", asked, {"reason": "单位写在题目里了"}).json()["id"]
    assert pupil("POST", f"/regrades/{regrade}/answer", {"answer": "好"}).status_code == 404
    answered = teacher("POST", f"/regrades/{regrade}/answer", {"answer": "有道理", "new_score": 3})
    assert answered.json()["new_score"] == 3
    assert pupil("GET", "/regrades").json()["items"][0]["answer"] == "有道理"
    picture = teacher("GET", f"/works/{work}/picture/{cast.class_one}").json()
    assert picture["judged"] == 1 and picture["items"][0]["figures"]["n"] == 1
    told = program["guardian"]("GET", "/xapi/statements").json()["statements"]
    assert [one["verb"]["display"]["en-US"] for one in told] == ["completed", "answered", "scored"]


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


def test_the_document_is_open_and_the_page_draws(db: None) -> None:
    assert Client().get("/api/v1/openapi.json").json()["info"]["version"] == "1"
    page = Client().get("/api/v1/docs/")
    assert page.status_code == 200 and "class_picture" in page.content.decode()


def test_no_input_makes_a_fault(cast: Cast, work: Work) -> None:
    """Walk the document with drawn inputs, a few for each operation."""
    secret = token(cast, "teacher")
    with scope.entered([cast.school]):
        known = [str(work.uuid), str(work.items.get().uuid), NOBODY]
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/v1/"))
    tried = 0

    def one(case: schemathesis.Case, chosen: str) -> None:
        nonlocal tried
        tried += 1
        path = case.formatted_path if case.path_parameters else case.path
        for name, value in (case.path_parameters or {}).items():
            if name.endswith("_uuid"):
                path = path.replace(str(value), chosen)
        body = b"" if case.body is schemathesis.core.NOT_SET else json.dumps(case.body, default=str).encode()
        query = {name: value for name, value in (case.query or {}).items() if value is not None}
        answer = Client(query_params=query, raise_request_exception=False).generic(
            case.method, path.split("?")[0], body, content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"}, query_params=query,
        )  # fmt: skip
        assert answer.status_code < 500, (case.method, path, body, answer.content[:300])

    for result in schema.get_all_operations():
        drawn = settings(
            max_examples=4,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )(given(case=result.ok().as_strategy(), chosen=st.sampled_from(known))(one))
        drawn()
    assert tried > 60


def test_statements_fit_the_data_model(cast: Cast, program: dict[str, Program], work: Work) -> None:
    teacher, pupil = program["teacher"], program["pupil"]
    sheet = pupil("POST", f"/works/{work.uuid}/sittings").json()
    address = f"/sittings/{sheet['sitting']['uuid']}"
    item = sheet["questions"][0]["uuid"]
    pupil("PUT", f"{address}/answers/{item}", {"value": {"text": "300 cm"}, "sequence": 1})
    pupil("POST", f"{address}/hand-in")
    assert pupil("GET", "/xapi/statements").json() == {"statements": [], "more": ""}
    run_jobs()
    teacher("POST", f"/works/{work.uuid}/release", {"allow_doubtful": True})
    told = pupil("GET", "/xapi/statements")
    assert told.headers["X-Experience-API-Version"] == "2.0.0"
    statements = told.json()["statements"]
    for one in statements:
        _check_statement(one)
    assert len({one["id"] for one in statements}) == len(statements) == 3
    assert pupil("GET", "/xapi/statements").json()["statements"] == statements
    later = (timezone.now() + timedelta(hours=1)).isoformat().replace("+", "%2B")
    assert teacher("GET", f"/xapi/statements?since={later}").json()["statements"] == []
    for nickname in ("classmate", "outsider", "other_teacher", "principal"):
        assert program[nickname]("GET", "/xapi/statements").json()["statements"] == [], nickname
    teacher("POST", f"/works/{work.uuid}/recall")
    assert pupil("GET", "/xapi/statements").json()["statements"] == []


def _check_statement(one: dict[str, Any]) -> None:
    """Check the properties that IEEE 9274.1.1 (xAPI 2.0), section 4.2, asks for."""
    allowed = {
        "id",
        "actor",
        "verb",
        "object",
        "result",
        "context",
        "timestamp",
        "stored",
        "authority",
        "version",
        "attachments",
    }
    assert set(one) <= allowed and {"actor", "verb", "object"} <= set(one)
    UUID(one["id"])
    account = one["actor"]["account"]
    assert set(account) == {"homePage", "name"} and account["homePage"].startswith("http")
    assert one["verb"]["id"].startswith("http://adlnet.gov/expapi/verbs/")
    assert one["object"]["objectType"] == "Activity" and one["object"]["id"].startswith("http")
    timezone.datetime.fromisoformat(one["timestamp"])
    assert timezone.datetime.fromisoformat(one["timestamp"]).tzinfo is not None
    score = one.get("result", {}).get("score")
    if score:
        assert score["min"] <= score["raw"] <= score["max"] and -1 <= score["scaled"] <= 1
    UUID(one["context"]["registration"])
