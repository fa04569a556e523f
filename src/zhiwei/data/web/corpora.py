"""Corpora: the list."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.data.access import corpora_in_reach
from zhiwei.data.web.entries import KEEPERS, tabs
from zhiwei.kernel.values import Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

PAGE = 50


@require_GET
@signed_in(*KEEPERS)
def corpora(request: HttpRequest) -> HttpResponse:
    """The corpora of the places one looks after, newest first."""
    actor = actor_of(request)
    rows = corpora_in_reach(actor, Verb.LIST).select_related("created_by").order_by("-created_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": list(page.object_list),
        "tabs": tabs(actor, "data:corpora"),
        "trail": (Crumb(_("数据"), reverse("data:home")), Crumb(_("语料"))),
    }
    return render(request, "data/corpora.html", context)
