"""The room's first page: what models there are for one, and what one has used."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.ai.queries.models import models_for
from zhiwei.kernel.values import STAFF_ROLES
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb


@require_GET
@signed_in(*STAFF_ROLES)
def home(request: HttpRequest) -> HttpResponse:
    """Models one may use."""
    actor = actor_of(request)
    context = {"models": models_for(actor), "trail": (Crumb(_("智能")),)}
    return render(request, "ai/home.html", context)
