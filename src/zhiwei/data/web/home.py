"""The first page of the data centre."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhiwei.data.web.entries import READERS, parts_for
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb


@require_GET
@signed_in(*READERS)
def home(request: HttpRequest) -> HttpResponse:
    """The parts one may enter."""
    parts = [(one, reverse(one.url_name)) for one in parts_for(actor_of(request))]
    return render(request, "data/home.html", {"parts": parts, "trail": (Crumb(_("数据")),)})
