"""Elevated mode and exports: closed without, logged within, over in time, decided by two."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from tests.cast import BEGIN, NOW, Cast

from zhiwei.kernel import scope
from zhiwei.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from zhiwei.kernel.models import Account, AuditRow, Elevation, ExportRequest, Person
from zhiwei.kernel.services import elevation, exports, people, second_factor
from zhiwei.kernel.values import Actor, Level, Role, system_actor

REASON = "核查转学学生的学籍信息"


@pytest.fixture
def bureau(cast: Cast, sign_in: dict[str, Client]) -> Client:
    """The bureau's administrator, signed in."""
    del cast
    return sign_in["bureau"]


def page_of(cast: Cast, nickname: str) -> str:
    """Return the address of somebody's page."""
    with scope.everywhere("test"):
        return f"/people/{Person.objects.get(pk=cast.people[nickname]).uuid}/"


def elevated(client: Client) -> None:
    """Begin elevated mode in a browser."""
    assert client.post("/safety/elevate/", {"reason": REASON, "minutes": 15}).status_code == 302


def test_personal_data_of_others_opens_in_elevated_mode_only(cast: Cast, bureau: Client) -> None:
    address = page_of(cast, "pupil")
    assert bureau.get(address).status_code == 404
    elevated(bureau)
    shown = bureau.get(address)
    assert shown.status_code == 200 and "data-countdown" in shown.content.decode()
    assert bureau.post("/safety/elevate/end/").status_code == 302
    assert bureau.get(address).status_code == 404


def test_those_concerned_see_who_looked_and_why(
    cast: Cast, bureau: Client, sign_in: dict[str, Client]
) -> None:
    elevated(bureau)
    bureau.get(page_of(cast, "pupil"))
    for nickname in ("pupil", "guardian"):
        told = sign_in[nickname].get("/audit/").content.decode()
        assert REASON in told and "人bureau" in told, nickname
    assert REASON not in sign_in["classmate"].get("/audit/").content.decode()


def test_every_request_is_written_down_also_a_refused_one(cast: Cast, bureau: Client) -> None:
    elevated(bureau)
    bureau.get("/people/")
    bureau.get("/people/00000000-0000-0000-0000-000000000000/")
    bureau.post("/safety/elevate/end/")
    bureau.get("/people/")
    with scope.everywhere("test"):
        rows = AuditRow.objects.filter(kind="elevated_request").order_by("pk")
        seen = [(row.object_id, row.detail["status"]) for row in rows]
        assert {row.detail["elevated_for"] for row in rows} == {REASON}
    assert seen == [("kernel:people", 200), ("kernel:person", 404), ("kernel:end_elevation", 302)]


def test_it_ends_by_itself_and_belongs_to_one_session(cast: Cast, bureau: Client) -> None:
    elevated(bureau)
    other = Client()
    other.force_login(Account.objects.get(pk=cast.accounts["bureau"]))
    assert other.get(page_of(cast, "pupil")).status_code == 404
    with scope.everywhere("test"):
        past = timezone.now() - timedelta(seconds=1)
        Elevation.objects.update(began_at=past - timedelta(minutes=15), until=past)
    assert bureau.get(page_of(cast, "pupil")).status_code == 404


def test_nobody_takes_over_another_ones_elevated_mode(cast: Cast) -> None:
    with scope.everywhere("test"):
        actor = cast.actor("bureau")
        begun = elevation.begin(actor=actor, now=NOW, reason=REASON, minutes=15)
        assert elevation.in_force(actor, begun, NOW) is not None
        assert elevation.in_force(cast.actor("admin"), begun, NOW) is None
        assert elevation.in_force(replace(actor, account_id=0), begun, NOW) is None
        assert elevation.in_force(actor, begun, NOW + timedelta(minutes=15)) is None


def test_who_may_not_and_what_is_missing(cast: Cast, sign_in: dict[str, Client]) -> None:
    for nickname in ("teacher", "admin", "principal", "pupil", "auditor"):
        assert (
            sign_in[nickname].post("/safety/elevate/", {"reason": REASON, "minutes": 15}).status_code == 404
        )
    with scope.everywhere("test"):
        for reason, minutes in (("短", 15), (REASON, 31), (REASON, 0)):
            with pytest.raises(InvalidInputError):
                elevation.begin(actor=cast.actor("bureau"), now=NOW, reason=reason, minutes=minutes)
        with pytest.raises(ForbiddenError):
            elevation.begin(actor=cast.actor("teacher"), now=NOW, reason=REASON, minutes=15)


def test_the_second_factor_is_asked_again(cast: Cast) -> None:
    from zhiwei.engines.passcodes import code_at

    actor = cast.actor("bureau")
    secret, before = second_factor.begin(actor=actor, now=NOW), NOW - timedelta(minutes=5)
    second_factor.confirm(actor=actor, code=code_at(secret, before.timestamp()), now=before)
    with scope.everywhere("test"):
        with pytest.raises(ForbiddenError):
            elevation.begin(actor=actor, now=NOW, reason=REASON, minutes=15, code="000000")
        code = code_at(secret, NOW.timestamp())
        assert elevation.begin(actor=actor, now=NOW, reason=REASON, minutes=15, code=code)


def asked(cast: Cast, actor: Actor, rows: int = 9) -> ExportRequest:
    """Ask for an export of everybody."""
    with scope.entered([cast.school]):
        return exports.ask(
            actor=actor, now=NOW, kind="people", choices={}, rows=rows, level=Level.PERSONAL, reason=REASON
        )


def test_an_export_needs_a_second_person_and_is_fetched_once(cast: Cast, sign_in: dict[str, Client]) -> None:
    admin, principal = sign_in["admin"], sign_in["principal"]
    for nickname in ("teacher", "principal", "pupil", "guardian", "bureau"):
        assert sign_in[nickname].get("/exports/people/").status_code == 404, nickname
    assert admin.post("/exports/people/?sort=-number", {"reason": REASON}).status_code == 302
    with scope.everywhere("test"):
        row = ExportRequest.objects.get()
        Person.objects.filter(pk=cast.people["pupil"]).update(name='=HYPERLINK("x")')
    decide, file = f"/exports/{row.uuid}/decide/", f"/exports/{row.uuid}/people.xlsx"
    assert admin.get(file).status_code == 409
    for nickname, status in (("admin", 404), ("teacher", 404), ("outsider", 404), ("pupil", 404)):
        assert sign_in[nickname].post(decide, {"decision": "approve"}).status_code == status, nickname
    assert REASON in principal.get("/exports/").content.decode()
    assert principal.post(decide, {"decision": "approve"}).status_code == 302
    assert principal.get(file).status_code == 404
    answer = admin.get(file)
    page = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    names = [cells[0] for cells in page.iter_rows(values_only=True)]
    assert '\'=HYPERLINK("x")' in names and "人outsider" not in names
    assert admin.get(file).status_code == 409
    with scope.entered([cast.school]):
        assert AuditRow.objects.filter(verb="export", about_id=cast.people["pupil"]).count() == 1


def test_a_refused_an_expired_and_a_grown_export_stay_shut(cast: Cast) -> None:
    admin, principal = cast.actor("admin"), cast.actor("principal")
    refused, late, grown = (asked(cast, admin) for _one in range(3))
    with scope.entered([cast.school]):
        exports.decide(actor=principal, now=NOW, request_uuid=refused.uuid, approve=False)
        exports.decide(actor=principal, now=NOW, request_uuid=grown.uuid, approve=True)
        with pytest.raises(NotFoundError):
            exports.decide(actor=principal, now=NOW, request_uuid=refused.uuid, approve=True)
        with pytest.raises(NotFoundError):
            exports.decide(
                actor=principal, now=NOW + timedelta(hours=48), request_uuid=late.uuid, approve=True
            )
        for row, when, rows in (
            (refused, NOW, 9),
            (late, NOW, 9),
            (grown, NOW, 10),
            (grown, NOW + timedelta(days=3), 9),
        ):
            with pytest.raises(ConflictError):
                exports.fetch(actor=admin, now=when, request_uuid=row.uuid, rows=rows)


def test_two_people_of_one_account_are_one(cast: Cast) -> None:
    with scope.everywhere("test"):
        twin = people.register_person(actor=system_actor(), now=NOW, tenant_id=cast.school, name="同一人")
        people.give_role(
            actor=system_actor(), now=NOW, person_id=twin, organisation_id=cast.school, role=Role.PRINCIPAL,
            starts_on=BEGIN,
        )  # fmt: skip
    admin = cast.actor("admin")
    row = asked(cast, admin)
    same = replace(cast.actor("principal"), person_id=twin, account_id=admin.account_id)
    with scope.entered([cast.school]):
        with pytest.raises(NotFoundError):
            exports.decide(actor=same, now=NOW, request_uuid=row.uuid, approve=True)
        with pytest.raises(IntegrityError), transaction.atomic():
            ExportRequest.objects.filter(pk=row.pk).update(decided_account=admin.account_id)
        with pytest.raises(IntegrityError), transaction.atomic():
            ExportRequest.objects.filter(pk=row.pk).update(decided_by=admin.person_id)


def test_a_data_officer_exports_in_elevated_mode_only(cast: Cast) -> None:
    from zhiwei.kernel.rules import policy
    from zhiwei.kernel.values import Elevated, Verb

    held = tuple(replace(one, role=Role.DATA_OFFICER) for one in cast.actor("admin").held)
    officer = replace(cast.actor("admin"), held=held)
    assert not policy.reach(officer, Verb.EXPORT, "roster")
    assert policy.reach(replace(officer, elevation=Elevated(1, REASON, "")), Verb.EXPORT, "roster")
