"""The throwaway school of the gateway's benchmarks: a model, a key, two budgets; and a look into its books."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta

PRICE = (2_000_000, 8_000_000)
SECRET = "sk-bench-key-of-a-program"
MODEL = "null"
SLOW = "slow"
UPSTREAM = "up-"
MOST_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Books:
    """Which calls were settled, how many twice, what the budget has spent, and what is still reserved."""

    settled: frozenset[str]
    doubled: int
    spent: int
    held: int


def use_folder(folder: str, port: int) -> None:
    """Have this process and its children keep everything in a folder of their own."""
    os.environ |= {
        "ZHIWEI_DATA": folder,
        "ZHIWEI_PORT": str(port),
        "ZHIWEI_GATEWAY_PORT": str(port + 1),
        "ZHIWEI_AI_PRIVATE_NETWORKS": "127.0.0.0/8",
        "OMP_NUM_THREADS": "1",
    }
    os.environ.pop("ZHIWEI_DATABASE_URL", None)


def found_school(upstream_port: int) -> int:
    """Found it before a model server on a port; returns the budget in money."""
    from zhiwei.kernel import clock, scope

    now = clock.now()
    with scope.everywhere("bench"):
        school, person, account = _people(now)
        _models(school, upstream_port, now)
        return _key_and_budgets(school, person, account, now)


def _people(now: datetime) -> tuple[int, int, int]:
    from zhiwei.kernel.services import accounts, organisations, people
    from zhiwei.kernel.values import OrganisationKind, Role, system_actor

    system = system_actor()
    province = organisations.found_organisation(
        actor=system, now=now, kind=OrganisationKind.PROVINCE, name="测速省", parent_id=None
    )
    school = organisations.found_organisation(
        actor=system, now=now, kind=OrganisationKind.SCHOOL, name="测速学校", parent_id=province
    )
    person = people.register_person(actor=system, now=now, tenant_id=school, name="测速员", number="1")
    people.give_role(
        actor=system, now=now, person_id=person, organisation_id=school, role=Role.SCHOOL_ADMIN,
        starts_on=now.date() - timedelta(days=2),
    )  # fmt: skip
    return school, person, accounts.open_account(actor=system, now=now, person_id=person, login="bench")


def _models(school: int, upstream_port: int, now: datetime) -> None:
    from zhiwei.ai.models import GatewayModel, Price, Provider

    provider = Provider.objects.create(
        tenant_id=school, name="null", base_url=f"http://127.0.0.1:{upstream_port}/v1", made_at=now
    )
    for name in (MODEL, SLOW):
        model = GatewayModel.objects.create(
            tenant_id=school, provider=provider, name=name, upstream_name=f"{UPSTREAM}{name}",
            capabilities=["chat"], made_at=now, most_at_once=MOST_AT_ONCE,
        )  # fmt: skip
        Price.objects.create(
            tenant_id=school, model=model, input_per_million=PRICE[0], output_per_million=PRICE[1],
            made_at=now,
        )  # fmt: skip


def _key_and_budgets(school: int, person: int, account: int, now: datetime) -> int:
    from zhiwei.ai.models import Budget, GatewayKey
    from zhiwei.ai.services.grants import hashed

    GatewayKey.objects.create(
        tenant_id=school, person_id=person, account_id=account, name="bench", role="school_admin",
        secret_hash=hashed(SECRET), made_at=now, expires_at=now + timedelta(days=1),
        most_at_once=MOST_AT_ONCE,
    )  # fmt: skip
    wanted = {"tenant_id": school, "organisation_id": school, "made_at": now, "period": "term"}
    budget = Budget.objects.create(**wanted, unit="micro", hard=10**15)
    Budget.objects.create(**wanted, unit="tokens", counted="person", hard=10**15)
    return budget.pk


def books(budget: int) -> Books:
    """Read what the ledger holds."""
    from django.db.models import Count, Sum

    from zhiwei.ai.models import Account, Hold, LedgerEntry
    from zhiwei.kernel import scope

    with scope.everywhere("bench"):
        closing = LedgerEntry.objects.exclude(kind="hold")
        settled = closing.filter(kind="settle").values_list("call_uuid", flat=True)
        sums = Account.objects.filter(budget_id=budget).aggregate(spent=Sum("spent"), held=Sum("held"))
        return Books(
            frozenset(map(str, settled)),
            closing.values("call_uuid").annotate(n=Count("id")).filter(n__gt=1).count(),
            sums["spent"] or 0,
            (sums["held"] or 0) + Hold.objects.count(),
        )


def sweep() -> int:
    """Give back what dead processes have reserved, an hour from now; returns how many calls."""
    from zhiwei.ai.services.ledger import default_ledger
    from zhiwei.ai.services.ledger import sweep as swept
    from zhiwei.kernel import clock

    return swept(default_ledger(), now=clock.now() + timedelta(hours=1))
