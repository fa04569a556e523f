"""What was handed down to one's school: its own rows, beside the figures of all schools."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.data import access_sharing as access
from zhiwei.data.rules.sharing_policy import RECEIVERS
from zhiwei.data.services import reading_shares
from zhiwei.data.wording_sharing import columns_of, filter_words, table_name
from zhiwei.kernel import clock
from zhiwei.kernel.errors import ConflictError
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

PAGE = 50


@require_GET
@signed_in(*RECEIVERS)
def received(request: HttpRequest, row_uuid: str) -> HttpResponse:
    """One table that was handed down."""
    actor, now = actor_of(request), clock.now()
    row = access.access_received(actor, row_uuid)
    asked = request.GET.get("after", "")
    after = int(asked) if asked.isdigit() and len(asked) < 19 else 0
    try:
        page = reading_shares.read_handed_down(actor=actor, now=now, row=row, after=after, limit=PAGE)
    except ConflictError as error:
        messages.error(request, error.message)
        return redirect("data:shares")
    meanings = {one.name: one.meaning for one in columns_of(row.table, row.columns)}
    context = {
        "row": row,
        "title": table_name(row.table),
        "conditions": filter_words(row.table, row.filters),
        "page": page,
        "figures": [(meanings.get(one["column"], one["column"]), one) for one in row.figures],
        "next_url": f"?after={page.following}" if page.following is not None else "",
        "trail": (Crumb(_("共享"), reverse("data:shares")), Crumb(table_name(row.table))),
    }
    return render(request, "data/received.html", context)
