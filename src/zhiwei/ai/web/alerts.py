"""Crisis signals: whom they concern, what was written, what was done."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.ai import access
from zhiwei.ai.queries.records import words_of
from zhiwei.ai.services.handling import close_alert, note_seen
from zhiwei.ai.web.setting_up import trail
from zhiwei.ai.wording import GUARDS
from zhiwei.kernel import clock
from zhiwei.kernel.values import Role
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

PROTOCOL = (Role.COUNSELLOR, Role.CLASS_TEACHER, Role.PRINCIPAL)


@require_GET
@signed_in(*PROTOCOL)
def alerts(request: HttpRequest) -> HttpResponse:
    """Signals of people in one's care, newest first."""
    rows = access.alerts_in_reach(actor_of(request)).order_by("-at")[:100]
    shown = [(row, "、".join(str(GUARDS.get(one, one)) for one in row.kinds)) for row in rows]
    return render(request, "ai/alerts.html", {"rows": shown, "trail": trail(Crumb(_("危机信号")))})


@require_GET
@signed_in(*PROTOCOL)
def alert(request: HttpRequest, alert_uuid: str) -> HttpResponse:
    """One signal; opening it is recorded."""
    actor = actor_of(request)
    row = access.access_alert(actor, alert_uuid)
    note_seen(actor=actor, now=clock.now(), alert=row)
    context = {
        "row": row,
        "kinds": "、".join(str(GUARDS.get(one, one)) for one in row.kinds),
        "words": words_of(row),
        "trail": trail(Crumb(_("危机信号"), reverse("ai:alerts")), Crumb(row.person.name)),
    }
    return render(request, "ai/alert.html", context)


@require_POST
@signed_in(*PROTOCOL)
def close(request: HttpRequest, alert_uuid: str) -> HttpResponse:
    """Say what was done."""
    close_alert(
        actor=actor_of(request), now=clock.now(), alert_uuid=alert_uuid, note=request.POST.get("note", "")
    )
    messages.success(request, _("已记录处理情况。"))
    return redirect("ai:alerts")
