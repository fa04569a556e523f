"""Sharing: asked for, weighed, let through by another person, read disguised, ended; and who is kept out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.cast import NOW, Cast
from tests.data import data_answers as stage
from tests.data.data_stage import acting, appoint, browser

from zhiwei.data import access_sharing as access
from zhiwei.data.models import HandedDown, Share
from zhiwei.data.services import reading_shares, sharing
from zhiwei.data.services.sharing import ShareSpec
from zhiwei.kernel import jobs, scope
from zhiwei.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from zhiwei.kernel.models import AuditRow, Consent, Job, Person
from zhiwei.kernel.services import tokens
from zhiwei.kernel.values import Role

ANSWERS = "assessment.judged_answers"
COLUMNS = ("person", "name", "grade", "answered_on", "text", "score")


@pytest.fixture
def school(cast: Cast) -> Cast:
    """The cast with officers, a lead, a stranger, and released answers of 15 consenting pupils."""
    appoint(cast, "officer", Role.DATA_OFFICER)
    appoint(cast, "lead", Role.SUBJECT_LEAD, subject="physics")
    appoint(cast, "bureau_officer", Role.DATA_OFFICER, place=cast.county, tenant=cast.county)
    people = stage.pupils(cast, 15)
    stage.consent(cast, people, "research")
    _work, (item,) = stage.released_work(cast)
    stage.answers(cast, item, people)
    return cast


def spec(cast: Cast, **changed: object) -> ShareSpec:
    given: dict[str, object] = {
        "giver": cast.school, "table": ANSWERS, "columns": COLUMNS, "purpose": "研究书包带一题的典型错误",
        "basis": "research", "days": 30,
    }  # fmt: skip
    return ShareSpec(**{**given, **changed})  # type: ignore[arg-type]


def work_off() -> None:
    with scope.everywhere("test"):
        waiting = list(Job.objects.filter(state="queued").values_list("pk", "tenant_id"))
    for job_id, tenant_id in waiting:
        jobs.run(job_id, tenant_id)


def opened(cast: Cast, who: str = "lead", by: str = "officer", **changed: object) -> Share:
    """A share that was asked for and let through."""
    with acting(cast, who) as actor:
        made = sharing.ask_for_share(actor=actor, now=NOW, spec=spec(cast, **changed))
    work_off()
    with acting(cast, by) as actor:
        row = access.access_decision(actor, made.uuid)
        return sharing.decide_share(actor=actor, now=NOW, share=row, approve=True, words="")


def names(cast: Cast) -> set[str]:
    with scope.everywhere("test"):
        return set(Person.objects.filter(tenant_id=cast.school).values_list("name", flat=True))


def test_the_asker_sees_rows_without_anybody_in_them(school: Cast) -> None:
    row = opened(school)
    assert (row.risk["rows"], row.risk["people"]) == (15, 15)
    with acting(school, "lead") as actor:
        first = reading_shares.read_share(actor=actor, now=NOW, share=row, limit=10)
        rest = reading_shares.read_share(actor=actor, now=NOW, share=row, after=first.following or 0)
    shown = [*first.rows, *rest.rows]
    assert (len(first.rows), len(rest.rows), rest.following) == (10, 5, None)
    told = " ".join(str(value) for one in shown for value in one)
    assert not any(name in told for name in names(school))
    assert len({one[0] for one in shown}) == 15
    assert {one[3] for one in shown} == {"2026-10"}
    with scope.everywhere("test"):
        about = AuditRow.objects.filter(kind="shared_row", object_id=str(row.pk)).values_list(
            "about_id", flat=True
        )
        assert len(set(about)) == 15


def test_pseudonyms_of_two_shares_cannot_be_joined(school: Cast) -> None:
    pages = []
    for _time in range(2):
        row = opened(school)
        with acting(school, "lead") as actor:
            pages.append(reading_shares.read_share(actor=actor, now=NOW, share=row))
    assert {one[0] for one in pages[0].rows}.isdisjoint({one[0] for one in pages[1].rows})
    assert [one[-1] for one in pages[0].rows] == [one[-1] for one in pages[1].rows]


def test_only_the_columns_and_rows_that_were_asked_for(school: Cast) -> None:
    condition = {"column": "score", "operator": "ge", "value": "3"}
    row = opened(school, columns=("person", "score"), filters=[condition])
    with acting(school, "lead") as actor:
        page = reading_shares.read_share(actor=actor, now=NOW, share=row)
    assert [one.name for one in page.columns] == ["person", "score"]
    assert page.rows
    assert all(isinstance(one[1], float) and one[1] >= 3 for one in page.rows)


def test_who_withdraws_is_gone_at_once(school: Cast) -> None:
    row = opened(school)
    with scope.everywhere("test"):
        consent = Consent.objects.filter(purpose="research").order_by("pk").first()
        assert consent is not None
        Consent.objects.filter(pk=consent.pk).update(withdrawn_at=NOW)
    with acting(school, "lead") as actor:
        assert len(reading_shares.read_share(actor=actor, now=NOW, share=row).rows) == 14


def test_nobody_else_no_later_and_not_once_ended(school: Cast) -> None:
    row = opened(school)
    with acting(school, "principal") as actor, pytest.raises(NotFoundError):
        reading_shares.read_share(actor=actor, now=NOW, share=row)
    with acting(school, "lead") as actor, pytest.raises(ConflictError):
        reading_shares.read_share(actor=actor, now=NOW + timedelta(days=30), share=row)
    with acting(school, "officer") as actor:
        sharing.end_share(actor=actor, now=NOW, share=row)
    with acting(school, "lead") as actor, pytest.raises(ConflictError):
        reading_shares.read_share(actor=actor, now=NOW, share=access.access_own_share(actor, row.uuid))


def test_the_asker_never_decides(school: Cast) -> None:
    with acting(school, "officer") as actor:
        made = sharing.ask_for_share(actor=actor, now=NOW, spec=spec(school))
    work_off()
    with acting(school, "officer") as actor, pytest.raises(ForbiddenError):
        sharing.decide_share(actor=actor, now=NOW, share=made, approve=True, words="")
    with acting(school, "outsider") as actor, pytest.raises(NotFoundError):
        access.access_decision(actor, made.uuid)
    with acting(school, "principal") as actor, pytest.raises(InvalidInputError):
        sharing.decide_share(actor=actor, now=NOW, share=made, approve=False, words=" ")


def test_too_few_people_are_not_shared(school: Cast) -> None:
    with acting(school, "lead") as actor:
        made = sharing.ask_for_share(actor=actor, now=NOW, spec=spec(school, k=16))
    work_off()
    with acting(school, "officer") as actor, pytest.raises(ConflictError):
        row = access.access_decision(actor, made.uuid)
        sharing.decide_share(actor=actor, now=NOW, share=row, approve=True, words="")


def test_originals_need_elevated_mode(school: Cast) -> None:
    row = opened(school, "officer", "principal", plain=True, days=180)
    with acting(school, "officer") as actor, pytest.raises(ForbiddenError) as caught:
        reading_shares.read_share(actor=actor, now=NOW, share=row)
    assert caught.value.code == "share.needs_elevation"
    client = browser(school, "officer")
    refused = client.get(f"/data/shares/{row.uuid}/rows/", follow=True)
    assert "查看原始身份须先进入提权模式" in refused.content.decode()
    client.post("/safety/elevate/", {"reason": "核对一名学生的申诉材料", "minutes": 15})
    page = client.get(f"/data/shares/{row.uuid}/rows/")
    assert page.status_code == 200
    assert any(name in page.content.decode() for name in names(school))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"columns": ()}, "share.columns"),
        ({"columns": ("person", "password")}, "share.columns"),
        ({"table": "kernel.secrets"}, "share.table"),
        ({"purpose": "看看"}, "share.purpose"),
        ({"days": 3650}, "share.choices"),
        ({"k": 1}, "share.k"),
        ({"kind": "room"}, "share.not_analysable"),
        ({"filters": [{"column": "name", "operator": "eq", "value": "王"}]}, "share.filters"),
        ({"filters": [{"column": "score", "operator": "like", "value": "1"}]}, "share.filters"),
    ],
)
def test_wishes_that_do_not_fit_are_refused_in_words(
    school: Cast, wrong: dict[str, object], code: str
) -> None:
    with acting(school, "lead") as actor, pytest.raises(InvalidInputError) as caught:
        sharing.ask_for_share(actor=actor, now=NOW, spec=spec(school, **wrong))
    assert caught.value.code == code


def test_duty_reaches_only_ones_own_organisation(school: Cast) -> None:
    with acting(school, "lead") as actor, pytest.raises(ForbiddenError):
        sharing.ask_for_share(actor=actor, now=NOW, spec=spec(school, giver=school.county, basis="teaching"))
    with acting(school, "lead") as actor, pytest.raises(NotFoundError):
        sharing.ask_for_share(actor=actor, now=NOW, spec=spec(school, giver=school.other_school))


def test_a_county_lets_a_school_see_and_the_asker_finds_it(school: Cast) -> None:
    row = opened(school, "lead", "bureau", giver=school.county)
    assert school.school in row.tenants
    with acting(school, "lead") as actor:
        assert [one.uuid for one in access.own_shares(actor)] == [row.uuid]
        found = access.access_own_share(actor, row.uuid)
        assert len(reading_shares.read_share(actor=actor, now=NOW, share=found).rows) == 15
    with acting(school, "other_teacher") as actor, pytest.raises(NotFoundError):
        access.access_own_share(actor, row.uuid)


def test_handed_down_each_school_reads_its_own(school: Cast) -> None:
    bureau, second = browser(school, "bureau"), browser(school, "bureau_officer")
    asked = bureau.post(
        f"/data/shares/down/?table={ANSWERS}",
        {
            "giver": school.county, "kind": "down", "columns": ["number", "grade", "score"], "basis": "teaching",
            "purpose": "期中质量分析返回各校", "days": 30, "k": 5, "budget": 1000, "plain": "on",
        },
    )  # fmt: skip
    assert asked.status_code == 302, asked.content.decode()
    work_off()
    address = str(asked.headers["Location"])
    assert bureau.post(f"{address}decide/", {"decision": "approve"}).status_code == 403
    assert second.post(f"{address}decide/", {"decision": "approve"}).status_code == 302
    with scope.everywhere("test"):
        rows = {one.tenant_id: one for one in HandedDown.objects.all()}
    assert set(rows) == {school.school, school.other_school}
    principal, outsider = browser(school, "principal"), browser(school, "outsider")
    own, other = (
        f"/data/received/{rows[school.school].uuid}/",
        f"/data/received/{rows[school.other_school].uuid}/",
    )
    assert "只含本校的行" in principal.get(own).content.decode()
    assert "没有符合条件的行" in outsider.get(other).content.decode()
    assert outsider.get(own).status_code == 404
    assert principal.get(other).status_code == 404
    assert browser(school, "teacher").get(own).status_code == 404
    second.post(f"{address}end/")
    assert principal.get(own).status_code == 302


def test_pages_from_wish_to_rows(school: Cast) -> None:
    lead, principal = browser(school, "lead"), browser(school, "principal")
    assert "作答文本" in lead.get(f"/data/shares/new/?table={ANSWERS}").content.decode()
    asked = lead.post(
        f"/data/shares/new/?table={ANSWERS}",
        {
            "giver": school.school, "kind": "rows", "columns": ["person", "text", "score"], "basis": "research",
            "purpose": "研究书包带一题的典型错误", "days": 30, "k": 5, "budget": 1000,
        },
    )  # fmt: skip
    address = str(asked.headers["Location"])
    assert "正在评估" in lead.get(address).content.decode()
    work_off()
    assert "等数据所属单位的另一人审批" in lead.get(address).content.decode()
    assert "研究书包带" in principal.get(address).content.decode()
    assert principal.get("/data/shares/").content.decode().count(address) == 2
    assert principal.post(f"{address}decide/", {"decision": "approve"}).status_code == 302
    assert "p" in lead.get(f"{address}rows/").content.decode()
    assert principal.get(f"{address}rows/").status_code == 404
    for stranger in ("pupil", "guardian", "other_teacher", "outsider"):
        assert browser(school, stranger).get(address).status_code == 404


def test_programs_read_with_the_right_key_only(school: Cast, client: Client) -> None:
    row = opened(school)
    with acting(school, "lead") as actor:
        read = tokens.make_token(actor=actor, now=NOW, name="r", scopes=("shares:read",), days=30)
        works = tokens.make_token(actor=actor, now=NOW, name="w", scopes=("works:read",), days=30)
    with acting(school, "principal") as actor:
        other = tokens.make_token(actor=actor, now=NOW, name="o", scopes=("shares:read",), days=30)
    address = f"/api/v1/shares/{row.uuid}/rows?limit=4"

    def get(secret: str) -> int:
        return client.get(address, headers={"Authorization": f"Bearer {secret}"}).status_code

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zhiwei.kernel.clock.now", lambda: NOW)
        found = client.get(address, headers={"Authorization": f"Bearer {read}"}).json()
        assert [get(works), get(other), client.get(address).status_code] == [403, 404, 401]
    assert len(found["rows"]) == 4
    assert found["next_after"]
