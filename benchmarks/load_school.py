"""The school that homework_load puts under load: a work of fifteen questions, a session and a ticket for each pupil."""

from __future__ import annotations

from dataclasses import dataclass, field

ITEMS = 15


@dataclass
class Taker:
    """One pupil of the load: what to send and what was acknowledged."""

    cookie: str
    ticket: str
    sitting: str
    items: list[str]
    sequence: int = 1
    acknowledged: dict[str, str] = field(default_factory=dict)


def found_school(pupils: int) -> list[Taker]:
    """Found a school, a work of fifteen questions, and a sitting with a session for every pupil."""
    from django.utils import timezone

    from zhiwei.kernel import scope
    from zhiwei.kernel.services import organisations
    from zhiwei.kernel.values import OrganisationKind, system_actor

    now = timezone.now()
    with scope.everywhere("found the school of the load"):
        actor = system_actor()
        tenant = organisations.found_organisation(
            actor=actor, now=now, kind=OrganisationKind.COUNTY, name="负荷县", parent_id=None
        )
        school = organisations.found_organisation(
            actor=actor, now=now, kind=OrganisationKind.SCHOOL, name="负荷中学", parent_id=tenant
        )
        place = organisations.found_organisation(
            actor=actor, now=now, kind=OrganisationKind.CLASS, name="八1班", parent_id=school
        )
        return _seat(school, place, pupils)


def _seat(school: int, place: int, pupils: int) -> list[Taker]:
    from datetime import timedelta
    from types import SimpleNamespace

    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from zhiwei.assessment.models import Sitting, Target, Work, WorkItem
    from zhiwei.assessment.web.saving import PURPOSE
    from zhiwei.kernel.models import Account, Holding, Person
    from zhiwei.kernel.web import tickets

    now = timezone.now()
    accounts = Account.objects.bulk_create(Account(login=f"load-{n}", password="!") for n in range(pupils))
    people = Person.objects.bulk_create(
        Person(tenant_id=school, account=one, name=f"学生{n}", number=str(n))
        for n, one in enumerate(accounts)
    )
    Holding.objects.bulk_create(
        Holding(tenant_id=school, person=one, organisation_id=place, role="pupil", starts_on=now.date())
        for one in people
    )
    work = Work.objects.create(
        tenant_id=school, title="负荷", subject="math", state="open", author=people[0], created_at=now
    )
    Target.objects.create(tenant_id=school, work=work, organisation_id=place)
    content = {"type": "short_answer", "max_score": 2, "stem": "说明理由。", "reference_answers": ["略"]}
    items = WorkItem.objects.bulk_create(
        WorkItem(tenant_id=school, work=work, position=n, content=content, type="short_answer", max_score=2)
        for n in range(1, ITEMS + 1)
    )
    sittings = Sitting.objects.bulk_create(
        Sitting(tenant_id=school, work=work, person=one, organisation_id=place, started_at=now)
        for one in people
    )
    store = Session.get_session_store_class()()
    keys = [f"load{n:028d}" for n in range(pupils)]
    Session.objects.bulk_create(
        Session(
            session_key=key,
            session_data=store.encode({"_auth_user_id": str(account.pk)}),
            expire_date=now + timedelta(hours=2),
        )
        for key, account in zip(keys, accounts, strict=True)
    )
    uuids = [str(one.uuid) for one in items]

    def ticket(key: str, sitting: Sitting) -> str:
        request = SimpleNamespace(session=SimpleNamespace(session_key=key))
        facts = {"sitting": sitting.pk, "tenant": school, "grace": 0}
        return tickets.issue(request, PURPOSE, facts)  # type: ignore[arg-type]

    return [
        Taker(f"sessionid={key}", ticket(key, sitting), str(sitting.uuid), uuids)
        for key, sitting in zip(keys, sittings, strict=True)
    ]
