"""The room's first page: what models there are for one, and what one has used."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from zhiwei.ai.access import alerts_in_reach, calls_in_reach
from zhiwei.ai.queries import usage
from zhiwei.ai.queries.models import models_for
from zhiwei.ai.values import AlertState
from zhiwei.ai.web.alerts import PROTOCOL
from zhiwei.ai.web.setting_up import ADMINS
from zhiwei.ai.wording import CAPABILITIES, LEVELS, yuan
from zhiwei.kernel import clock
from zhiwei.kernel.values import STAFF_ROLES
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb, Stat


@require_GET
@signed_in(*STAFF_ROLES)
def home(request: HttpRequest) -> HttpResponse:
    """Models one may use and usage in reach."""
    actor, now = actor_of(request), clock.now()
    rows = calls_in_reach(actor)
    cares = bool(actor.roles & frozenset(PROTOCOL))
    context = {
        "models": [
            (row, [CAPABILITIES[one] for one in CAPABILITIES if one in row.capabilities], LEVELS[row.ceiling])
            for row in models_for(actor)
        ],
        "stats": _stats(*usage.totals(rows, now)),
        "purposes": usage.by_field(rows, "purpose", now),
        "by_model": usage.by_field(rows, "model_name", now),
        "administers": bool(actor.roles & frozenset(ADMINS)),
        "waiting": alerts_in_reach(actor).exclude(state=AlertState.CLOSED).count() if cares else 0,
        "cares": cares,
        "trail": (Crumb(_("智能")),),
    }
    return render(request, "ai/home.html", context)


def _stats(calls: int, tokens: int, micro: int, failed: int) -> list[Stat]:
    said = ngettext("%(n)s 次调用", "%(n)s 次调用", calls) % {"n": calls}
    return [
        Stat(
            _("近 30 天"),
            f"{calls:,}",
            _("调用"),
            comparison=_("%(n)s 次失败") % {"n": failed} if failed else "",
        ),
        Stat(said, f"{tokens:,}", _("词元")),
        Stat(_("按价格快照逐笔结算"), yuan(micro), _("费用")),
    ]
