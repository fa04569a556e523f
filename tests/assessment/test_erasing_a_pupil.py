"""A pupil who has done everything is erased: nothing names them anywhere, the others lose nothing, the trail stays."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from tests.assessment.test_assessment_spine import acting, answer, run_jobs, work
from tests.cast import BEGIN, NOW, Cast

from zhiwei.assessment.models import Mark, Response, Sitting, Work
from zhiwei.assessment.services import releasing
from zhiwei.kernel import files, jobs, scope
from zhiwei.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from zhiwei.kernel.models import Account, AuditRow, Blob, Erasure, Event, Job, Notification, Person
from zhiwei.kernel.services import erasing, people
from zhiwei.kernel.tenancy import tenant_models
from zhiwei.kernel.values import Role, system_actor

__all__ = ["work"]
LATER = NOW + timedelta(minutes=9)
NAME, NUMBER, PHONE = "欧阳知微", "2023010177", "13800002222"


@pytest.fixture
def busy(cast: Cast, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The pupil, renamed so that nobody else bears the name, has used everything that is there."""
    monkeypatch.setattr(settings, "LOGS_ROOT", tmp_path)
    with scope.entered([cast.school]):
        pupil = Person.objects.get(pk=cast.people["pupil"])
        pupil.name, pupil.number, pupil.phone, pupil.birth_on = NAME, NUMBER, PHONE, date(2012, 9, 1)
        pupil.save()
        Person.objects.filter(pk=cast.people["classmate"]).update(name=NAME + "儿")
        people.give_role(
            actor=system_actor(cast.school), now=NOW, person_id=cast.people["auditor"], starts_on=BEGIN,
            organisation_id=cast.school, role=Role.DATA_OFFICER,
        )  # fmt: skip
    for nickname, values in (("pupil", ("A", "3 m")), ("classmate", ("B", "300 cm"))):
        answer(cast, work, nickname, *values)
    run_jobs(cast)
    with acting(cast, "teacher") as teacher:
        releasing.release_marks(actor=teacher, now=LATER, work=work, class_id=cast.class_one)
    run_jobs(cast)
    with scope.entered([cast.school]):
        _mention_everywhere(cast)
    return cast


def _mention_everywhere(cast: Cast) -> None:
    photo = files.store(b"\x89PNG\r\n\x1a\n mine", tenant_id=cast.school, now=NOW, max_bytes=99)
    mine = Response.objects.filter(sitting__person_id=cast.people["pupil"]).first()
    theirs = Response.objects.filter(sitting__person_id=cast.people["classmate"]).first()
    assert mine and theirs
    Response.objects.filter(pk=mine.pk).update(files=[photo.id])
    Response.objects.filter(pk=theirs.pk).update(value={"text": f"我和{NAME}讨论过，{NAME}儿是我"})
    Mark.objects.filter(response=theirs).update(comment=f"可向{NAME}请教", judgement={"why": [f"同{NUMBER}"]})
    files.store(
        f"学号,姓名\n{NUMBER},{NAME}\n".encode(), tenant_id=cast.school, now=NOW, max_bytes=999, name="a.csv"
    )
    files.store("学号,姓名\n1,别人\n".encode(), tenant_id=cast.school, now=NOW, max_bytes=999, name="b.csv")
    Notification.objects.create(
        tenant_id=cast.school, person_id=cast.people["guardian"], text=f"{NAME}交了作业", key="x", at=NOW
    )
    log = Path(settings.LOGS_ROOT) / "web.log"
    log.write_text(f"before {PHONE} after\n", "utf-8")


def _erased(cast: Cast) -> Erasure:
    with acting(cast, "admin") as admin:
        row = erasing.ask(
            actor=admin, now=NOW, person=Person.objects.get(pk=cast.people["pupil"]), reason=f"{NAME}家长申请"
        )
    with acting(cast, "auditor") as officer:
        erasing.decide(actor=officer, now=NOW, row=row, approve=True)
    job = _job(cast)
    jobs.run(job.pk, cast.school)
    with scope.entered([cast.school]):
        assert Job.objects.get(pk=job.pk).state == "done", Job.objects.get(pk=job.pk).error
        return Erasure.objects.get(pk=row.pk)


def _job(cast: Cast) -> Job:
    with scope.entered([cast.school]):
        return Job.objects.get(task=erasing.ERASE)


def _dump(cast: Cast) -> str:
    """Return all that the tenant's tables hold, as text, whatever our own search thinks of it."""
    pieces = []
    with scope.entered([cast.school]), connection.cursor() as cursor:
        for model in tenant_models():
            cursor.execute(f'select row_to_json(t)::text from "{model._meta.db_table}" t')
            pieces += [row[0] for row in cursor.fetchall()]
    return "\n".join(pieces)


def test_nothing_names_the_pupil_afterwards(busy: Cast) -> None:
    account = busy.accounts["pupil"]
    before = _dump(busy)
    assert NAME in before and NUMBER in before
    done = _erased(busy)
    after = _dump(busy).replace(NAME + "儿", "")
    assert NAME not in after and NUMBER not in after and f'"person_id": {busy.people["pupil"]}' not in after
    assert done.state == "done" and done.report["left"] == {} and done.report["logs"] == 1
    assert done.report["files"] == 2 and "○" in done.reason
    assert "138" not in (Path(settings.LOGS_ROOT) / "web.log").read_text()
    with scope.entered([busy.school]):
        assert not Person.objects.filter(pk=busy.people["pupil"]).exists()
        assert not Account.objects.filter(pk=account).exists()
        assert not Event.objects.filter(subject_key=f"person:{busy.people['pupil']}").exists()
        assert Blob.objects.exclude(media_type=files.DESTROYED).count() == 1


def test_the_others_lose_nothing_but_the_name(busy: Cast) -> None:
    with scope.entered([busy.school]):
        sittings = Sitting.objects.filter(person_id=busy.people["classmate"]).count()
    _erased(busy)
    with scope.entered([busy.school]):
        kept = Response.objects.filter(sitting__person_id=busy.people["classmate"]).first()
        assert kept and kept.value == {"text": f"我和○○○○讨论过，{NAME}儿是我"}
        assert Mark.objects.filter(comment="可向○○○○请教").exists()
        assert Sitting.objects.filter(person_id=busy.people["classmate"]).count() == sittings == 1
        assert Person.objects.get(pk=busy.people["classmate"]).name == NAME + "儿"
        trail = AuditRow.objects.filter(about_id=busy.people["pupil"], kind="erasure")
        assert list(trail.order_by("pk").values_list("verb", flat=True)) == ["create", "approve", "delete"]
        assert AuditRow.objects.filter(actor_id=busy.people["pupil"]).exclude(actor_name="").count() == 0


def test_a_second_person_decides(busy: Cast) -> None:
    with acting(busy, "auditor") as officer:
        person = Person.objects.get(pk=busy.people["pupil"])
        row = erasing.ask(actor=officer, now=NOW, person=person, reason="申请")
        with pytest.raises(ForbiddenError, match="另一人"):
            erasing.decide(actor=officer, now=NOW, row=row, approve=True)
        with pytest.raises(ConflictError, match="进行"):
            erasing.ask(actor=officer, now=NOW, person=person, reason="又一次")
    with acting(busy, "principal") as principal:
        erasing.decide(actor=principal, now=NOW, row=row, approve=False)
        with pytest.raises(ConflictError, match="已处理"):
            erasing.decide(actor=principal, now=NOW, row=row, approve=True)


def test_an_erased_pupil_whom_a_backup_brought_back_goes_again(busy: Cast) -> None:
    with scope.entered([busy.school]):
        uuid = Person.objects.get(pk=busy.people["pupil"]).uuid
    assert erasing.replay(tenant_id=busy.school, person_uuid=uuid, reason="名册", now=NOW)
    assert not erasing.replay(tenant_id=busy.school, person_uuid=uuid, reason="名册", now=NOW)
    assert [one["person"] for one in erasing.ledger()] == [str(uuid)]


def test_somebody_whom_records_of_office_protect_leaves_an_empty_row(busy: Cast) -> None:
    with scope.entered([busy.school]):
        people.give_consent(
            actor=system_actor(busy.school), now=NOW, person_id=busy.people["classmate"],
            given_by_id=busy.people["guardian"], purpose="research", text_version="1",
        )  # fmt: skip
        guardian = Person.objects.get(pk=busy.people["guardian"])
        guardian.number, guardian.name = "G20230099", "司马监护"
        guardian.save()
    erasing.erase_now(person=guardian, reason="申请", now=NOW)
    with scope.entered([busy.school]):
        row = Person.objects.get(pk=busy.people["guardian"])
        assert (row.number, row.phone, row.account_id) == ("", "", None) and row.uuid != guardian.uuid
    assert "司马监护" not in _dump(busy)


def test_pages_ask_decide_and_report(busy: Cast, sign_in: dict[str, Client]) -> None:
    asked = sign_in["admin"].get("/erasures/ask/", {"number": NUMBER})
    assert asked.status_code == 200 and "assessment.Sitting" in asked.content.decode()
    told = sign_in["admin"].post("/erasures/ask/", {"number": NUMBER, "reason": "监护人申请"})
    address = told.headers["Location"]
    assert sign_in["admin"].post(f"{address}decide/", {"approve": "1"}).status_code in {403, 404}
    for stranger in ("teacher", "pupil", "outsider"):
        assert sign_in[stranger].get(address).status_code in {403, 404}
        assert sign_in[stranger].post(f"{address}decide/", {"approve": "1"}).status_code in {403, 404}
    assert sign_in["outsider"].get("/erasures/ask/", {"number": NUMBER}).status_code == 404
    assert "待审批" in sign_in["principal"].get("/erasures/").content.decode()
    assert sign_in["principal"].post(f"{address}decide/", {"approve": "1"}).status_code == 302
    jobs.run(_job(busy).pk, busy.school)
    page = sign_in["principal"].get(address).content.decode()
    assert "0 处提及" in page and NAME not in page


def test_a_destroyed_file_says_so(cast: Cast) -> None:
    with scope.entered([cast.school]):
        ref = files.store(b"hello", tenant_id=cast.school, now=NOW, max_bytes=99)
        files.destroy(ref.id)
        with pytest.raises(NotFoundError, match="按要求删除"):
            files.read(ref.id)
        again = files.store(b"hello", tenant_id=cast.school, now=NOW, max_bytes=99)
        assert files.read(again.id) == b"hello" and again.id == ref.id
