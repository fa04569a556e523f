"""One's own keys for ``/v1``: make (shown once), see, end."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiwei.ai import access
from zhiwei.ai.queries.models import models_for
from zhiwei.ai.services import setup
from zhiwei.ai.web.forms import KeyForm
from zhiwei.ai.web.setting_up import trail
from zhiwei.ai.wording import purpose_name
from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import STAFF_ROLES, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.wording import role_name
from zhiwei.ui.values import Crumb


@signed_in(*STAFF_ROLES)
def keys(request: HttpRequest) -> HttpResponse:
    """List one's keys; make one and show it this once."""
    actor, now = actor_of(request), clock.now()
    roles = sorted(actor.roles & STAFF_ROLES)
    form, secret = KeyForm(request.POST or None, roles=list(roles)), ""
    offered = [one.name for one in models_for(actor)]
    if request.method == "POST" and form.is_valid():
        chosen = [one for one in request.POST.getlist("models") if one in offered]
        try:
            secret = setup.make_key(actor=actor, now=now, models=chosen, **form.cleaned_data)
        except InvalidInputError as error:
            form.add_error(None, str(error.message))
        else:
            form = KeyForm(roles=list(roles))
    rows = access.keys_in_reach(actor, Verb.LIST).order_by("-made_at")
    context = {
        "form": form,
        "secret": secret,
        "offered": offered,
        "rows": [(row, role_name(row.role), purpose_name(row.purpose)) for row in rows],
        "address": f"{settings.ORIGIN}/v1",
        "now": now,
        "trail": trail(Crumb(_("我的密钥"))),
    }
    return render(request, "ai/keys.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in(*STAFF_ROLES)
def end_key(request: HttpRequest, key_id: int) -> HttpResponse:
    """End one of one's keys."""
    setup.end_key(actor=actor_of(request), now=clock.now(), key_id=key_id)
    messages.success(request, _("密钥已撤销，数秒内失效。"))
    return redirect("ai:keys")
