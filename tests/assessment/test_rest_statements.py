"""Released facts as xAPI statements: after the release, to whom they belong, in the standard's shape."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_program import Program, run_jobs
from tests.cast import Cast

from zhiwei.assessment.models import Work


def test_statements_fit_the_data_model(cast: Cast, program: dict[str, Program], open_work: Work) -> None:
    teacher, pupil = program["teacher"], program["pupil"]
    sheet = pupil("POST", f"/works/{open_work.uuid}/sittings").json()
    address = f"/sittings/{sheet['sitting']['uuid']}"
    item = sheet["questions"][0]["uuid"]
    pupil("PUT", f"{address}/answers/{item}", {"value": {"text": "300 cm"}, "sequence": 1})
    pupil("POST", f"{address}/hand-in")
    assert pupil("GET", "/xapi/statements").json() == {"statements": [], "more": ""}
    run_jobs()
    teacher("POST", f"/works/{open_work.uuid}/release", {"allow_doubtful": True})
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
    teacher("POST", f"/works/{open_work.uuid}/recall")
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
