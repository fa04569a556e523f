"""Classes and teaching, guardians and consents, deliveries, export: who may, and who is refused."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from tests.cast import BEGIN, NOW, Cast

from zhiwei.kernel import outbox, scope
from zhiwei.kernel.models import AuditRow, Consent, Delivery, Event, Holding, Job, Person
from zhiwei.kernel.tables import escaped, workbook
from zhiwei.kernel.values import Role


def _uuid(cast: Cast, nickname: str) -> str:
    with scope.everywhere("test"):
        return str(Person.objects.get(pk=cast.people[nickname]).uuid)


def test_classes_show_who_teaches_and_pupils_see_none(sign_in: dict[str, Client]) -> None:
    told = sign_in["admin"].get("/classes/").content.decode()
    assert "八1班" in told and "人teacher" in told and "安排任教" in told
    own = sign_in["teacher"].get("/classes/").content.decode()
    assert "八1班" in own and "八2班" not in own and "安排任教" not in own
    for nickname in ("pupil", "guardian"):
        assert sign_in[nickname].get("/classes/").status_code == 404


def test_teaching_is_set_and_ended_by_hand(cast: Cast, sign_in: dict[str, Client]) -> None:
    form = {"class": cast.class_two, "person": cast.people["teacher"], "subject": "physics"}
    for nickname in ("teacher", "principal", "pupil"):
        assert sign_in[nickname].post("/classes/assign/", form).status_code == 404
    assert sign_in["outsider"].post("/classes/assign/", form).status_code == 404
    assert sign_in["admin"].post("/classes/assign/", {**form, "class": ""}).status_code == 422
    pupil = {**form, "person": cast.people["pupil"]}
    assert sign_in["admin"].post("/classes/assign/", pupil).status_code == 422
    assert sign_in["admin"].post("/classes/assign/", form).status_code == 302
    with scope.entered([cast.school]):
        row = Holding.objects.get(subject="physics")
        assert (row.hand_set, row.role) == (True, Role.TEACHER)
        old = Holding.objects.get(person_id=cast.people["teacher"], subject="math")
        attends = Holding.objects.get(person_id=cast.people["pupil"])
    assert sign_in["outsider"].post(f"/classes/posts/{row.pk}/end/").status_code == 404
    assert sign_in["admin"].post(f"/classes/posts/{attends.pk}/end/").status_code == 404
    for one in (row, old):
        assert sign_in["admin"].post(f"/classes/posts/{one.pk}/end/").status_code == 302
    with scope.entered([cast.school]):
        assert not Holding.objects.filter(pk=row.pk).exists()
        ended = Holding.objects.get(pk=old.pk).ends_on
        assert ended is not None and ended > BEGIN


def test_a_guardian_gives_and_withdraws_for_their_own_child_only(
    cast: Cast, sign_in: dict[str, Client]
) -> None:
    guardian, child = sign_in["guardian"], _uuid(cast, "pupil")
    assert guardian.post(f"/my-consents/{child}/give/", {"purpose": "ai"}).status_code == 302
    assert guardian.post(f"/my-consents/{child}/give/", {"purpose": "everything"}).status_code == 422
    other = _uuid(cast, "classmate")
    assert guardian.post(f"/my-consents/{other}/give/", {"purpose": "ai"}).status_code == 404
    for nickname in ("pupil", "teacher", "admin"):
        assert sign_in[nickname].post(f"/my-consents/{child}/give/", {"purpose": "ai"}).status_code == 404
    with scope.entered([cast.school]):
        row = Consent.objects.get()
        assert (row.given_by_id, row.purpose) == (cast.people["guardian"], "ai")
        foreign = Consent.objects.create(
            tenant_id=cast.school, person_id=cast.people["classmate"], given_by_id=cast.people["admin"],
            purpose="ai", text_version="1", given_at=NOW,
        )  # fmt: skip
    assert "已同意" in guardian.get("/my-consents/").content.decode()
    assert guardian.post(f"/my-consents/{foreign.pk}/withdraw/").status_code == 404
    assert guardian.post(f"/my-consents/{row.pk}/withdraw/").status_code == 302
    with scope.entered([cast.school]):
        assert Consent.objects.get(pk=row.pk).withdrawn_at is not None


def test_consents_of_a_class_are_for_its_teacher_and_written_down(
    cast: Cast, sign_in: dict[str, Client]
) -> None:
    assert "人guardian" in sign_in["head"].get("/consents/").content.decode()
    assert "人pupil" in sign_in["head"].get(f"/consents/letter/{cast.class_one}/").content.decode()
    assert sign_in["head"].get(f"/consents/letter/{cast.class_two}/").status_code == 404
    assert sign_in["outsider"].get(f"/consents/letter/{cast.class_one}/").status_code == 404
    for nickname in ("teacher", "pupil", "guardian", "auditor"):
        assert sign_in[nickname].get("/consents/").status_code == 404
    with scope.entered([cast.school]):
        assert AuditRow.objects.filter(kind="consent", verb="read", about_id=cast.people["pupil"]).exists()


def test_stuck_deliveries_are_shown_with_their_reason_and_run_again(
    cast: Cast, sign_in: dict[str, Client]
) -> None:
    with scope.entered([cast.school]):
        event = Event.objects.create(
            tenant_id=cast.school, kind="test.news", subject_key="s", payload={}, at=NOW
        )
        row = Delivery.objects.create(
            tenant_id=cast.school, event=event, consumer="test.broken", subject_key="s",
            attempts=outbox.MAX_ATTEMPTS, error="ValueError: 坏了",
        )  # fmt: skip
    told = sign_in["admin"].get("/deliveries/").content.decode()
    assert "test.broken" in told and "坏了" in told and "重新投递" in told
    assert "test.broken" not in sign_in["outsider"].get("/deliveries/").content.decode()
    for nickname in ("outsider", "teacher", "pupil", "principal"):
        assert sign_in[nickname].post(f"/deliveries/{row.pk}/again/").status_code == 404
    assert sign_in["admin"].post(f"/deliveries/{row.pk}/again/").status_code == 302
    with scope.entered([cast.school]):
        assert Delivery.objects.get(pk=row.pk).attempts == 0


def test_parked_jobs_are_found_by_the_filter(cast: Cast, sign_in: dict[str, Client]) -> None:
    with scope.entered([cast.school]):
        for state in ("parked", "done"):
            Job.objects.create(
                tenant_id=cast.school, task="t", key=state, title=f"任务{state}", state=state, created_at=NOW
            )
    told = sign_in["admin"].get("/jobs/?state=parked").content.decode()
    assert "任务parked" in told and "任务done" not in told
    assert "任务" in sign_in["admin"].get("/jobs/?q=done").content.decode()


def test_people_are_sorted_and_filtered(cast: Cast, sign_in: dict[str, Client]) -> None:
    assert sign_in["admin"].get("/people/?sort=-number&role=pupil").status_code == 200


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_cells_that_look_like_formulas_are_text(text: str) -> None:
    assert escaped(text) == f"'{text}"
    page = openpyxl.load_workbook(BytesIO(workbook("表", ["甲"], [[text], [3], [None]]))).worksheets[0]
    assert page["A2"].data_type == "s" and page["A3"].value == 3
