"""Connections to databases: keep one, see its tables, drop it. The password is never shown again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiwei.data.access_sources import access_connection, connections_in_reach
from zhiwei.data.services import connections as services
from zhiwei.data.services.connections import ConnectionSpec, DatabasePlace
from zhiwei.data.web.entries import tabs
from zhiwei.data.web.sources import trail
from zhiwei.kernel import clock, jobs
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

_FIELDS = ("name", "kind", "host", "port", "database", "username", "tls")


@signed_in(Role.DATA_OFFICER)
def connections(request: HttpRequest) -> HttpResponse:
    """The connections, and a form for one more."""
    actor, problem = actor_of(request), ""
    if request.method == "POST":
        try:
            services.create_connection(actor=actor, now=clock.now(), spec=_spec(request))
        except InvalidInputError as error:
            problem = error.message
        else:
            return redirect("data:connections")
    rows = connections_in_reach(actor, Verb.LIST).order_by("name", "pk")
    context = {
        "rows": [(one, getattr(one.job, "state", "") in jobs.ALIVE) for one in rows],
        "problem": problem,
        "given": {name: request.POST.get(name, "") for name in _FIELDS},
        "tls": services.TLS,
        "tabs": tabs(actor, "data:sources"),
        "trail": (*trail(), Crumb(_("数据库连接"))),
    }
    return render(request, "data/connections.html", context, status=422 if problem else 200)


@require_POST
@signed_in(Role.DATA_OFFICER)
def look_again(request: HttpRequest, connection_uuid: str) -> HttpResponse:
    """Look again which tables can be read."""
    actor = actor_of(request)
    row = access_connection(actor, connection_uuid, verb=Verb.UPDATE)
    services.look_at(actor=actor, now=clock.now(), connection=row)
    return redirect("data:connections")


@require_POST
@signed_in(Role.DATA_OFFICER)
def drop_connection(request: HttpRequest, connection_uuid: str) -> HttpResponse:
    """Drop a connection that nothing uses."""
    actor = actor_of(request)
    row = access_connection(actor, connection_uuid, verb=Verb.DELETE)
    services.drop_connection(actor=actor, now=clock.now(), connection=row)
    messages.success(request, _("已删除。"))
    return redirect(reverse("data:connections"))


def _spec(request: HttpRequest) -> ConnectionSpec:
    given = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    port = given["port"]
    whole = int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0
    place = DatabasePlace(
        given["kind"], given["host"][:253], whole, given["database"], given["username"],
        request.POST.get("secret", ""), given["tls"],
    )  # fmt: skip
    return ConnectionSpec(given["name"], place)
