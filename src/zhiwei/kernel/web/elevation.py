"""Pages of elevated mode: ask for it, end it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from zhiwei.kernel import clock
from zhiwei.kernel.errors import ZhiweiError
from zhiwei.kernel.services import elevation as service
from zhiwei.kernel.services import safety, second_factor
from zhiwei.kernel.values import Role
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

SESSION = "elevation"
ELEVATING = (Role.DATA_OFFICER, Role.BUREAU_ADMIN)


class ElevationForm(forms.Form):
    """Why, and for how long."""

    reason = forms.CharField(
        label=gettext_lazy("事由（数据所属的人会看到；不要写姓名）"),
        max_length=200,
        min_length=service.SHORTEST_REASON,
    )
    minutes = forms.IntegerField(label=gettext_lazy("分钟"), min_value=safety.SHORTEST, initial=15)
    code = forms.CharField(
        label=gettext_lazy("动态口令"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


@signed_in(*ELEVATING)
@sensitive_post_parameters("code")
def elevate(request: HttpRequest) -> HttpResponse:
    """Begin elevated mode in this session."""
    actor, form, status = actor_of(request), ElevationForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                begun = service.begin(actor=actor, now=clock.now(), **form.cleaned_data)
            except ZhiweiError as error:
                form.add_error(None, error.message)
                status = error.status
            else:
                request.session[SESSION] = begun
                messages.success(request, _("高权限模式已开始。每个请求都会留下记录。"))
                return redirect("kernel:people")
    context = {
        "form": form,
        "most": safety.safety_of(actor.tenant_id).elevated_minutes,
        "asks_code": second_factor.enrolled(actor.account_id),
        "trail": (Crumb(_("安全"), reverse("kernel:safety")), Crumb(_("高权限模式"))),
    }
    response = render(request, "kernel/elevate.html", context, status=status)
    response.keep_changes = True  # type: ignore[attr-defined]
    return response


@require_POST
@signed_in(*ELEVATING)
def end_elevation(request: HttpRequest) -> HttpResponse:
    """End elevated mode before its time."""
    service.end(actor=actor_of(request), now=clock.now())
    request.session.pop(SESSION, None)
    messages.success(request, _("高权限模式已结束。"))
    return redirect("kernel:safety")
