"""What was granted to oneself: the list, and taking a copy away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.data import access
from zhiwei.data.services import granting
from zhiwei.data.values import VersionState
from zhiwei.kernel import clock, files, scope
from zhiwei.kernel.access import one
from zhiwei.kernel.values import STAFF_ROLES
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb


@require_GET
@signed_in(*STAFF_ROLES)
def downloads(request: HttpRequest) -> HttpResponse:
    """One's grants, newest first."""
    now = clock.now()
    rows = access.own_grants(actor_of(request)).order_by("-granted_at")
    shown = [
        (row, bool(row.blob_id) and not row.revoked_at and row.expires_at > now and _open(row.version.state))
        for row in rows
    ]
    return render(request, "data/downloads.html", {"rows": shown, "trail": (Crumb(_("我的数据包")),)})


@require_POST
@signed_in(*STAFF_ROLES)
def download(request: HttpRequest, grant_uuid: str) -> HttpResponse:
    """Take one's copy away; streamed in pieces of a mebibyte."""
    actor = actor_of(request)
    row = one(access.own_grants(actor), uuid=grant_uuid)
    kept = granting.take(actor=actor, now=clock.now(), grant=row)
    response = StreamingHttpResponse(_pieces(row.tenant_id, kept.id), content_type="application/zip")
    name = f"corpus-{row.version.corpus_id}-v{row.version.number}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Length"] = str(kept.size)
    return cast(HttpResponse, response)


def _pieces(tenant_id: int, blob_id: int) -> Iterator[bytes]:
    """Read in a scope of its own: the request's has ended when the body is sent."""
    with scope.entered([tenant_id]):
        yield from files.chunks(blob_id)


def _open(state: str) -> bool:
    return state == VersionState.PUBLISHED
