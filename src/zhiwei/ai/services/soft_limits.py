"""A soft limit stops nothing: it tells the person and who keeps the budget, once a period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse

from zhiwei.ai.models import Account, Budget
from zhiwei.ai.services.grants import Grant
from zhiwei.ai.values import BudgetFor, Unit
from zhiwei.ai.wording import COUNTED, PERIODS, UNITS, amount
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, scope
from zhiwei.kernel.values import Role

KEEPERS = (Role.SCHOOL_ADMIN, Role.BUREAU_ADMIN)
MOST_KEPT = 100_000


class SoftLimits:
    """Tells of accounts past their soft limit; what was told in this process is not looked up again.

    Args:
        aside: Runs the telling where no caller waits for it.
    """

    def __init__(self, aside: Callable[[Callable[[], None]], None]) -> None:
        self._aside = aside
        self._told: set[int] = set()

    def passed(self, grant: Grant, accounts: list[int], now: datetime) -> None:
        """Note that a call has brought accounts above their soft limits."""
        new = [one for one in accounts if one not in self._told]
        if not new:
            return
        if len(self._told) > MOST_KEPT:
            self._told.clear()
        self._told.update(new)
        self._aside(lambda: tell(grant, new, now))


def tell(grant: Grant, accounts: list[int], now: datetime) -> None:
    """Tell of each account that nobody was told of yet.

    Effects:
        Notifications; the accounts keep when.
    """
    with scope.everywhere("tell of a soft limit"):
        for account in Account.objects.filter(pk__in=accounts, warned_at__isnull=True):
            fresh = Account.objects.filter(pk=account.pk, warned_at__isnull=True).update(warned_at=now)
            budget = Budget.objects.filter(pk=account.budget_id).select_related("organisation").first()
            if fresh and budget is not None:
                _tell_keepers(budget, account, now)
                _tell_person(grant, budget, account, now)


def _tell_person(grant: Grant, budget: Budget, account: Account, now: datetime) -> None:
    """A pupil hears of an own budget only, grown-ups also of what their class or place has used."""
    if grant.minor and budget.counted != BudgetFor.PERSON:
        return
    kernel.notify(
        person_ids=[grant.actor.person_id],
        tenant_id=grant.actor.tenant_id,
        text=f"模型用量已过提醒线：{_words(budget, account)}",
        url=reverse("ai:home"),
        key=f"ai.soft:{account.pk}",
        now=now,
    )


def _tell_keepers(budget: Budget, account: Account, now: datetime) -> None:
    """Whoever keeps the budget hears of its first account of a day, not of every person's."""
    today = clock.today(now)
    found = {one.id for role in KEEPERS for one in kernel.people_holding(budget.tenant_id, role, today)}
    kernel.notify(
        person_ids=found,
        tenant_id=budget.tenant_id,
        text=f"{budget.organisation.name}的模型用量已过提醒线：{_words(budget, account)}",
        url=reverse("ai:providers"),
        key=f"ai.soft.budget:{budget.pk}:{account.begins_at.isoformat()}:{today}",
        now=now,
    )


def _words(budget: Budget, account: Account) -> str:
    unit = "" if budget.unit == Unit.MICRO else f" {UNITS[Unit(budget.unit)]}"
    used, bound = account.spent + account.held, budget.hard or budget.soft
    return (
        f"{COUNTED[BudgetFor(budget.counted)]}{PERIODS[budget.period]}"  # type: ignore[index]
        f" {amount(used, budget.unit)} / {amount(bound, budget.unit)}{unit}"
    )
