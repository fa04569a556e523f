"""One's keys for programs: make (shown once), see, end."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.services import tokens as service
from zhiwei.kernel.values import SCOPES
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.wording import scope_name
from zhiwei.ui.values import Crumb


class TokenForm(forms.Form):
    """What a new key is for."""

    name = forms.CharField(label=gettext_lazy("用途"), max_length=60)
    days = forms.IntegerField(label=gettext_lazy("有效天数"), min_value=1, max_value=366, initial=90)
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("权限范围"),
        choices=[(one, one) for one in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )


@signed_in()
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's keys; make one and show it this once."""
    actor, now = actor_of(request), clock.now()
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            secret = service.make_token(actor=actor, now=now, **form.cleaned_data)
        except InvalidInputError as error:
            form.add_error(None, error.message)
        else:
            form = TokenForm()
    context = {
        "form": form,
        "secret": secret,
        "rows": service.own_tokens(actor),
        "scopes": [(one, scope_name(one)) for one in SCOPES],
        "now": now,
        "trail": (Crumb(_("我的账号"), reverse("kernel:account")), Crumb(_("接口令牌"))),
    }
    return render(request, "kernel/tokens.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in()
def end_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one of one's keys."""
    service.end_token(actor=actor_of(request), now=clock.now(), token_id=token_id)
    messages.success(request, _("令牌已撤销。"))
    return redirect("kernel:tokens")
