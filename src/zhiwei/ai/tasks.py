"""Housekeeping of the AI room."""

from __future__ import annotations

from datetime import timedelta

from zhiwei.ai.models import Account, Budget, CallContent
from zhiwei.ai.services.ledger import default_ledger, sweep
from zhiwei.ai.values import Period
from zhiwei.kernel import clock, jobs, scope


@jobs.periodic("ai.sweep", cron="* * * * *")
def give_back_lost() -> None:
    """Give back what calls of dead processes have reserved."""
    sweep(default_ledger(), now=clock.now())


@jobs.periodic("ai.forget", cron="17 3 * * *")
def forget_old() -> None:
    """Remove contents whose time is over, and counters of minutes long past."""
    now = clock.now()
    with scope.everywhere("retention of contents"):
        CallContent.objects.filter(keep_until__lt=now).delete()
        minutes = Budget.objects.filter(period=Period.MINUTE).values_list("pk", flat=True)
        old = Account.objects.filter(budget_id__in=list(minutes), begins_at__lt=now - timedelta(days=1))
        old.filter(held=0).delete()
