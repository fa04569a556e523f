"""Lets the demo county share: requests wait and are open, the analysis room has answered, the county handed down."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.test import Client

from zhiwei.config.demo.data import run_jobs
from zhiwei.data import access_sharing as access
from zhiwei.data.models import HandedDown, Share
from zhiwei.data.services import analysing, handing_down, sharing
from zhiwei.data.services.sharing import ShareSpec
from zhiwei.kernel import clock, scope
from zhiwei.kernel.models import Account
from zhiwei.kernel.queries.actors import actors_of
from zhiwei.kernel.services import people
from zhiwei.kernel.values import Actor, Role, system_actor

ANSWERS = "assessment.judged_answers"
QUESTION = (
    "SELECT subject, COUNT(DISTINCT person) AS pupils, AVG(share) AS mean_share\nFROM answers\n"
    "GROUP BY subject\nORDER BY mean_share DESC"
)


def add_sharing(*, now: datetime) -> None:
    """Ask, decide, question, hand down; does nothing when there are shares."""
    with scope.everywhere("look for the demo's shares"):
        if Share.objects.exists():
            return
    principal, lead = _actor("demo-principal", now), _actor("demo-teacher-math", now)
    officer, bureau = _actor("demo-data_officer", now), _actor("demo-bureau", now)
    school = officer.tenant_id
    columns = ("person", "grade", "answered_on", "item_type", "text", "score")
    _ask(
        lead,
        now,
        _spec(school, columns, "研究解答题的典型错误，写进教研组学期总结", kind="rows"),
        second=officer,
    )
    room = ("grade", "class", "subject", "scene", "item_type", "score", "share")
    made = _ask(
        lead, now, _spec(school, room, "比较各学科作业的得分率，安排补救课", kind="room"), second=principal
    )
    _ask(
        principal,
        now,
        _spec(school, ("person", "grade", "share"), "学期质量分析报告用", kind="rows"),
        second=None,
    )
    _question(lead, made, now)
    _hand_down(bureau, now)


def walk(lead: Client, principal: Client, pupil: Client, *, now: datetime) -> str:
    """Read the demo's shares as those who may, and see who is kept out."""
    add_sharing(now=now)
    with scope.everywhere("look at the demo's shares"):
        rows = Share.objects.get(kind="rows", state="open")
        room = Share.objects.get(kind="room")
        told = list(room.runs.filter(state="done").values_list("rows", flat=True))
        handed = HandedDown.objects.filter(tenant_id=rows.tenant_id).first()
    assert told, "the analysis room gave no answer"
    assert handed is not None
    assert lead.get(f"/data/shares/{rows.uuid}/rows/").status_code == 200
    assert principal.get(f"/data/shares/{rows.uuid}/rows/").status_code == 404
    assert principal.get(f"/data/received/{handed.uuid}/").status_code == 200
    for page in (f"shares/{rows.uuid}/", f"shares/{room.uuid}/room/", f"received/{handed.uuid}/", "shares/"):
        assert pupil.get(f"/data/{page}").status_code == 404, page
    return (
        f"{rows.risk['people']} pupils shared with k = {rows.risk['k']}, {len(told[0])} groups told, "
        "one table handed down"
    )


def _spec(giver: int, columns: tuple[str, ...], purpose: str, *, kind: str) -> ShareSpec:
    return ShareSpec(
        giver=giver, table=ANSWERS, columns=columns, purpose=purpose, basis="teaching", days=90, kind=kind
    )


def _ask(asker: Actor, now: datetime, spec: ShareSpec, *, second: Actor | None) -> Share:
    earlier = now - timedelta(hours=30)
    with scope.entered(asker.tenants):
        made = sharing.ask_for_share(actor=asker, now=earlier, spec=spec)
    run_jobs(spec.giver)
    if second is None:
        return made
    with scope.entered(second.tenants):
        row = access.access_decision(second, made.uuid)
        return sharing.decide_share(
            actor=second, now=now - timedelta(hours=20), share=row, approve=True, words="用途清楚，范围合适。"
        )


def _question(lead: Actor, room: Share, now: datetime) -> None:
    with scope.entered(lead.tenants):
        analysing.ask(actor=lead, now=now - timedelta(hours=2), share=room, sql=QUESTION)
    run_jobs(room.tenant_id)


def _hand_down(bureau: Actor, now: datetime) -> None:
    """The county's own second person is its data officer, appointed here."""
    spec = ShareSpec(
        giver=bureau.tenant_id,
        table=ANSWERS,
        columns=("number", "class", "subject", "share"),
        purpose="各校作业得分率返回本校，供年级质量分析",
        basis="teaching",
        days=90,
        kind="down",
        plain=True,
    )
    with scope.entered(bureau.tenants):
        made = handing_down.ask_to_hand_down(actor=bureau, now=now - timedelta(hours=9), spec=spec)
    run_jobs(bureau.tenant_id)
    second = _county_officer(bureau, now)
    with scope.entered(bureau.tenants):
        row = Share.objects.get(pk=made.pk)
        opened = sharing.decide_share(
            actor=second, now=now - timedelta(hours=8), share=row, approve=True, words="同意下发。"
        )
        handing_down.hand_down(actor=second, now=now - timedelta(hours=8), share=opened)


def _county_officer(bureau: Actor, now: datetime) -> Actor:
    with scope.everywhere("appoint the demo county's data officer"):
        person = people.register_person(
            actor=system_actor(), now=now, tenant_id=bureau.tenant_id, name="沈立言", number="B002"
        )
        people.give_role(
            actor=system_actor(),
            now=now,
            person_id=person,
            organisation_id=bureau.tenant_id,
            role=Role.DATA_OFFICER,
            starts_on=clock.today(now) - timedelta(days=60),
        )
    return Actor(0, person, bureau.tenant_id, "沈立言", tenants=bureau.tenants)


def _actor(login: str, now: datetime) -> Actor:
    with scope.everywhere("who shares the demo's data"):
        return actors_of(Account.objects.get(login=login).pk, clock.today(now))[0]
