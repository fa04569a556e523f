"""Administrators' pages: model servers, models with prices, budgets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.ai import access
from zhiwei.ai.errors import UpstreamError
from zhiwei.ai.queries import usage
from zhiwei.ai.services import setup
from zhiwei.ai.values import Unit
from zhiwei.ai.web.forms import MICRO, RATES, BudgetForm, ModelForm, ProviderForm
from zhiwei.kernel import clock
from zhiwei.kernel.errors import ZhiweiError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

ADMINS = (Role.SCHOOL_ADMIN, Role.BUREAU_ADMIN)


def trail(*more: Crumb) -> tuple[Crumb, ...]:
    """Return the context line under the room's first page."""
    return (Crumb(_("智能"), reverse("ai:home")), *more)


@require_GET
@signed_in(*ADMINS)
def providers(request: HttpRequest) -> HttpResponse:
    """Servers with their models, and budgets."""
    actor, now = actor_of(request), clock.now()
    own = access.administered(actor, Verb.LIST)
    context = {
        "providers": [
            (one, [(row, usage.price_words(price)) for row, price in found])
            for one, found in usage.providers_of(own)
        ],
        "budgets": usage.budget_rows(own, now),
        "trail": trail(Crumb(_("模型与额度"))),
    }
    return render(request, "ai/providers.html", context)


@signed_in(*ADMINS)
def provider(request: HttpRequest, provider_id: int = 0) -> HttpResponse:
    """Add or change a server."""
    actor, now = actor_of(request), clock.now()
    row = access.access_provider(actor, provider_id) if provider_id else None
    access.administered(actor, Verb.UPDATE)
    names = ("name", "base_url", "first_byte_seconds", "total_seconds", "retries", "enabled")
    initial = {name: getattr(row, name) for name in names} if row else None
    form = ProviderForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        secret = str(values.pop("secret"))
        try:
            setup.save_provider(
                actor=actor, now=now, provider_id=provider_id or None, secret=secret, values=values
            )
        except ZhiweiError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已保存。"))
            return redirect("ai:providers")
    title = row.name if row else _("接入模型服务")
    return _form_page(request, form, title, row=row)


@require_POST
@signed_in(*ADMINS)
def try_provider(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Ask the server for one word."""
    name = request.POST.get("upstream_name", "")[:120]
    try:
        said, took = setup.try_provider(
            actor=actor_of(request), now=clock.now(), provider_id=provider_id, upstream_name=name
        )
    except UpstreamError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("模型回答了，用时 %(ms)s 毫秒：%(said)s") % {"ms": took, "said": said})
    return redirect("ai:providers")


@signed_in(*ADMINS)
def model(request: HttpRequest, provider_id: int, model_id: int = 0) -> HttpResponse:
    """Add or change a model with its price."""
    actor, now = actor_of(request), clock.now()
    above = access.access_provider(actor, provider_id)
    row = access.access_model(actor, model_id) if model_id else None
    form = ModelForm(request.POST or None, initial=_model_initial(row, usage.providers_of(above.tenant_id)))
    if request.method == "POST" and form.is_valid():
        try:
            saved = setup.save_model(
                actor=actor, now=now, provider_id=above.pk, model_id=model_id or None, values=form.values()
            )
            setup.set_price(actor=actor, now=now, model_id=saved.pk, rates=form.rates())
        except ZhiweiError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已保存。"))
            return redirect("ai:providers")
    return _form_page(request, form, row.name if row else _("添加模型"), Crumb(above.name))


@signed_in(*ADMINS)
def budget(request: HttpRequest, budget_id: int = 0) -> HttpResponse:
    """Add or change a budget of one's organisation."""
    actor, now = actor_of(request), clock.now()
    own = access.administered(actor, Verb.UPDATE, "ai_budget")
    row = access.access_budget(actor, budget_id) if budget_id else None
    form = BudgetForm(request.POST or None, initial=_budget_initial(row))
    if request.method == "POST" and form.is_valid():
        try:
            setup.save_budget(actor=actor, now=now, budget_id=budget_id or None, values=form.values(own))
        except ZhiweiError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("已保存。"))
            return redirect("ai:providers")
    return _form_page(request, form, _("额度"))


def _model_initial(row: Any, servers: list[Any]) -> dict[str, Any] | None:
    if row is None:
        return {"capabilities": ["chat"]}
    price = next((p for _one, found in servers for m, p in found if m.pk == row.pk), None)
    names = (
        "name", "upstream_name", "capabilities", "ceiling", "deidentify", "roles", "purposes", "output_tokens",
        "most_at_once", "enabled",
    )  # fmt: skip
    return {
        **{name: getattr(row, name) for name in names},
        "fallbacks": ", ".join(row.fallbacks),
        **{name: getattr(price, name) / MICRO for name in RATES if price},
    }


def _budget_initial(row: Any) -> dict[str, Any] | None:
    if row is None:
        return None
    names = ("counted", "unit", "period", "role", "purpose", "enabled")
    factor = MICRO if row.unit == Unit.MICRO else 1
    return {
        **{name: getattr(row, name) for name in names},
        "soft": row.soft / factor,
        "hard": row.hard / factor,
    }


def _form_page(
    request: HttpRequest, form: forms.Form, title: str, *more: Crumb, row: Any = None
) -> HttpResponse:
    crumbs = trail(Crumb(_("模型与额度"), reverse("ai:providers")), *more, Crumb(title))
    context = {"form": form, "title": title, "trail": crumbs, "row": row}
    return render(request, "ai/form.html", context, status=422 if form.errors else 200)
