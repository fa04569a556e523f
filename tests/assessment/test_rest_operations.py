"""The API: every operation closed, scopes and roles held, homework walked through, no fault on any input."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import schemathesis
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_program import NOBODY, NUMBER, Program, run_jobs, token
from tests.cast import Cast

from zhiwei.assessment.models import Work
from zhiwei.config.rest import api
from zhiwei.kernel import scope


def operations() -> list[tuple[str, str, str]]:
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    return [
        (method, path, one["operationId"]) for path, ways in paths.items() for method, one in ways.items()
    ]


def test_every_operation_wants_a_token() -> None:
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    assert len(paths) >= 20
    assert all(one.get("security") for ways in paths.values() for one in ways.values())


def test_without_a_working_token_nothing_is_done(cast: Cast, sign_in: dict[str, Client]) -> None:
    headers = {"Authorization": "Bearer zw_wrong"}
    callers = ((Client(), {}), (Client(), headers), (sign_in["teacher"], {}))
    for method, path, name in operations():
        address = "/api/v1" + re.sub(r"\{\w+_uuid\}", NOBODY, path.replace("{sign}", "problem"))
        address = re.sub(r"\{\w+\}", "1", address)
        for client, sent in callers:
            answer = client.generic(
                method.upper(), address, "{}", content_type="application/json", headers=sent
            )
            assert (answer.status_code, answer.json()["code"]) == (401, "token.invalid"), name


def test_a_token_without_the_scope_is_refused(cast: Cast, open_work: Work) -> None:
    narrow = Program(token(cast, "teacher", ("items:read",)))
    for method, path in (
        ("GET", "/works"),
        ("POST", f"/works/{open_work.uuid}/open"),
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
    "GET /works/{work}/audience": {"teacher": 200},
    "GET /works/{work}/changes": {"teacher": 200, "head": 200, "principal": 200},
    "PUT /works/{work}/classes/{class}/audience": {"teacher": 204},
    "PUT /works/{work}/classes/{class}/pupils/{pupil}/accommodation": {"teacher": 204},
    "PUT /works/{work}/release-plan": {"teacher": 204},
    "DELETE /works/{work}": {"teacher": 204},
    "GET /work-items/{item}/desk": {"teacher": 200},
    "POST /work-items/{item}/groups/none/mark": {"teacher": 200},
    "GET /works/{work}/picture/{class}": {"teacher": 200, "head": 200},
}
BODIES = {
    "targets": lambda cast: {"class_ids": [cast.class_one]},
    "accommodation": lambda _cast: {"extra_minutes": 30},
    "release-plan": lambda _cast: {"at": None},
    "mark": lambda _cast: {"score": 1},
}


@pytest.mark.parametrize("operation", TABLE)
def test_roles_and_operations(
    cast: Cast, open_work: Work, program: dict[str, Program], operation: str
) -> None:
    method, path = operation.split()
    with scope.entered([cast.school]):
        item = open_work.items.get().uuid
    places = {"class": cast.class_one, "pupil": cast.people["pupil"]}
    address = path.format(work=open_work.uuid, item=item, **places)
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


def test_the_document_is_open_and_the_page_draws(db: None) -> None:
    assert Client().get("/api/v1/openapi.json").json()["info"]["version"] == "1"
    page = Client().get("/api/v1/docs/")
    assert page.status_code == 200 and "class_picture" in page.content.decode()


def test_no_input_makes_a_fault(cast: Cast, open_work: Work) -> None:
    """Walk the document with drawn inputs, a few for each operation."""
    secret = token(cast, "teacher")
    with scope.entered([cast.school]):
        known = [str(open_work.uuid), str(open_work.items.get().uuid), NOBODY]
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
