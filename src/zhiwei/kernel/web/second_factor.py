"""One's own second factor on the account pages, and its reset by an administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zhiwei.kernel import clock
from zhiwei.kernel.access import access_person
from zhiwei.kernel.api import notify
from zhiwei.kernel.errors import ConflictError, NotFoundError, ZhiweiError
from zhiwei.kernel.models import Account
from zhiwei.kernel.queries.actors import own_people
from zhiwei.kernel.services import accounts, safety
from zhiwei.kernel.services import second_factor as service
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.web.second_step import CodeForm, drawn
from zhiwei.ui.values import Crumb


@signed_in()
@sensitive_post_parameters("code")
def second_factor(request: HttpRequest) -> HttpResponse:
    """Enrol an authenticator app, or see that one is in force."""
    actor, now = actor_of(request), clock.now()
    if service.enrolled(actor.account_id):
        return _page(request, {"form": CodeForm(), "on": True})
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            codes = service.confirm(actor=actor, code=form.cleaned_data["code"], now=now)
        except ZhiweiError as error:
            form.add_error("code", error.message)
            status = error.status
        else:
            accounts.sign_out_devices(
                account_id=actor.account_id, keep_session=request.session.session_key or ""
            )
            return _page(request, {"codes": codes, "on": True, "form": CodeForm()})
    secret = service.begun(actor.account_id) if request.method == "POST" else None
    secret = secret or service.begin(actor=actor, now=now)
    context = {"form": form, **drawn(secret, Account.objects.get(pk=actor.account_id))}
    return _page(request, context, status=status)


@require_POST
@signed_in()
@sensitive_post_parameters("code")
def renew_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Replace one's recovery codes; asks a code."""
    problem = _unproven(request)
    if problem is not None:
        return problem
    codes = service.renew_codes(actor=actor_of(request), now=clock.now())
    return _page(request, {"codes": codes, "on": True, "form": CodeForm()})


@require_POST
@signed_in()
@sensitive_post_parameters("code")
def remove_second_factor(request: HttpRequest) -> HttpResponse:
    """Remove one's second factor (to change the phone); asks a code, and refuses where one is required."""
    actor, now = actor_of(request), clock.now()
    if safety.asks_second_factor(own_people(actor.account_id, clock.today(now))):
        raise ConflictError(_("您的单位要求动态口令，不能停用。换手机请用恢复码登录后请管理员重置。"))
    problem = _unproven(request)
    if problem is not None:
        return problem
    service.remove(actor=actor, account_id=actor.account_id, now=now)
    messages.success(request, _("动态口令已停用。"))
    return redirect("kernel:account")


@require_POST
@signed_in(Role.SCHOOL_ADMIN)
def reset_second_factor(request: HttpRequest, person_uuid: str) -> HttpResponse:
    """Take a lost authenticator from somebody else's account and sign it out everywhere."""
    actor, now = actor_of(request), clock.now()
    found = access_person(actor, person_uuid, verb=Verb.MANAGE, level=Level.SENSITIVE)
    if found.account_id is None or found.account_id == actor.account_id:
        raise NotFoundError
    if not service.remove(actor=actor, account_id=found.account_id, now=now):
        raise ConflictError(_("此人没有启用动态口令。"))
    accounts.sign_out_devices(account_id=found.account_id)
    notify(
        person_ids=[found.pk],
        tenant_id=found.tenant_id,
        text=_("您的动态口令已由管理员重置。若不是您请求的，请立即联系学校。"),
        url=reverse("kernel:second_factor"),
        key=f"second-factor-reset/{found.pk}/{now.timestamp()}",
        now=now,
    )
    messages.success(request, _("动态口令已重置，此人的所有设备已退出。"))
    return redirect("kernel:person", person_uuid=person_uuid)


def _unproven(request: HttpRequest) -> HttpResponse | None:
    """Return the page that asks again unless the form carries a right code."""
    form, status = CodeForm(request.POST), 422
    if form.is_valid():
        try:
            if service.check(
                account_id=actor_of(request).account_id, word=form.cleaned_data["code"], now=clock.now()
            ):
                return None
            form.add_error("code", _("口令不对或已用过。"))
        except ZhiweiError as error:
            form.add_error("code", error.message)
            status = error.status
    return _page(request, {"form": form, "on": True}, status=status)


def _page(request: HttpRequest, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    shown = {
        "left": service.codes_left(actor_of(request).account_id),
        "trail": (Crumb(_("我的账号"), reverse("kernel:account")), Crumb(_("动态口令"))),
        **context,
    }
    response = render(request, "kernel/second_factor.html", shown, status=status)
    response.keep_changes = True  # type: ignore[attr-defined]
    return response
