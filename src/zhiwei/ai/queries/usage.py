"""What was used: by day, purpose and model, always from the ledger; and how far budgets are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet, Sum

from zhiwei.ai.models import Account, Budget, Call, GatewayModel, Price, Provider
from zhiwei.ai.rules.periods import period_begin
from zhiwei.ai.values import CallState, Period
from zhiwei.ai.wording import COUNTED, PERIODS, UNITS, amount, purpose_name, yuan
from zhiwei.kernel import api as kernel
from zhiwei.kernel.wording import role_name


@dataclass(frozen=True, slots=True)
class UsageRow:
    """One line of a summary."""

    label: str
    calls: int
    tokens: int
    cost: str


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A budget and the account that has used the most of it in the period under way."""

    id: int
    words: str
    place: str
    limits: str
    used: str
    share: int
    tone: str
    enabled: bool


def totals(calls: QuerySet[Call], now: datetime, days: int = 30) -> tuple[int, int, int, int]:
    """Return calls, tokens, micro-yuan and calls that failed, of the last days."""
    rows = calls.filter(at__gte=now - timedelta(days=days))
    found = rows.aggregate(n=Count("id"), i=Sum("input_tokens"), o=Sum("output_tokens"), m=Sum("micro"))
    failed = rows.filter(state__in=[CallState.FAILED, CallState.LOST]).count()
    return found["n"], (found["i"] or 0) + (found["o"] or 0), found["m"] or 0, failed


def by_field(calls: QuerySet[Call], field: str, now: datetime, days: int = 30) -> list[UsageRow]:
    """Return usage of the last days by ``purpose``, ``model_name`` or ``role``, the costliest first."""
    rows = (
        calls.filter(at__gte=now - timedelta(days=days))
        .values(field)
        .annotate(n=Count("id"), i=Sum("input_tokens"), o=Sum("output_tokens"), m=Sum("micro"))
        .order_by("-m", "-n")[:20]
    )
    return [
        UsageRow(_named(field, row[field]), row["n"], row["i"] + row["o"], yuan(row["m"])) for row in rows
    ]


def budget_rows(tenant_id: int, now: datetime) -> list[BudgetRow]:
    """Return an organisation's budgets with how far the fullest account of each is."""
    rows = list(Budget.objects.filter(tenant_id=tenant_id).select_related("organisation").order_by("pk"))
    fullest = _fullest(rows, now)
    return [_budget_row(row, fullest.get(row.pk, 0)) for row in rows]


@dataclass(frozen=True, slots=True)
class PriceWords:
    """A price in yuan, ready to read."""

    input: str
    output: str


def price_words(price: Price | None) -> PriceWords | None:
    """Return a price snapshot in yuan a million tokens."""
    if price is None:
        return None
    return PriceWords(yuan(price.input_per_million), yuan(price.output_per_million))


def providers_of(tenant_id: int) -> list[tuple[Provider, list[tuple[GatewayModel, Price | None]]]]:
    """Return an organisation's servers with their models and newest prices."""
    models = list(GatewayModel.objects.filter(tenant_id=tenant_id).order_by("name"))
    newest = {row.model_id: row for row in Price.objects.filter(tenant_id=tenant_id).order_by("pk")}
    return [
        (one, [(row, newest.get(row.pk)) for row in models if row.provider_id == one.pk])
        for one in Provider.objects.filter(tenant_id=tenant_id).order_by("name")
    ]


def names_of(calls: Iterable[Call]) -> dict[int, str]:
    """Return the names of callers by person id."""
    return {one.id: one.name for one in kernel.people_by_id(row.person_id for row in calls).values()}


def _fullest(rows: list[Budget], now: datetime) -> dict[int, int]:
    found: dict[int, int] = {}
    begins = {row.pk: period_begin(Period(row.period), now) for row in rows}
    for account in Account.objects.filter(budget_id__in=begins, begins_at__in=set(begins.values())):
        if account.begins_at == begins[account.budget_id]:
            found[account.budget_id] = max(found.get(account.budget_id, 0), account.spent + account.held)
    return found


def _budget_row(row: Budget, used: int) -> BudgetRow:
    bound = row.hard or row.soft
    share = min(100 * used // bound, 100) if bound else 0
    only = [role_name(row.role)] if row.role else []
    only += [purpose_name(row.purpose)] if row.purpose else []
    words = " · ".join([str(COUNTED[row.counted]), str(PERIODS[row.period]), *only])  # type: ignore[index]
    limits = f"{amount(row.soft, row.unit) if row.soft else '—'} / {amount(row.hard, row.unit) if row.hard else '—'}"
    tone = "unsure" if row.hard and used >= row.hard else "due" if row.soft and used >= row.soft else "earned"
    unit = "" if row.unit == "micro" else f" {UNITS[row.unit]}"  # type: ignore[index]
    return BudgetRow(
        row.pk, words, row.organisation.name, limits + unit, amount(used, row.unit), share, tone, row.enabled
    )


def _named(field: str, value: str) -> str:
    if field == "purpose":
        return purpose_name(value)
    return role_name(value) if field == "role" and value else value or "—"
