"""The bare peers of ``benchmarks/web.py``: Django with one table's queries and nothing of the house.

``/page/`` is a form; ``/list/`` and ``/read/`` answer JSON without session or sign-in (the least Django can do);
``/list-page/`` and ``/read-page/`` do what any Django site does for the same rows: session, sign-in, one template.
"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.web_bare_settings"


def page(request: HttpRequest) -> HttpResponse:
    """Draw a form of two fields by a template, as a sign-in page does."""
    from django import forms
    from django.shortcuts import render

    class Form(forms.Form):
        login = forms.CharField()
        password = forms.CharField(widget=forms.PasswordInput)

    return render(request, "bare.html", {"form": Form()})


def people(request: HttpRequest, place: int, drawn: bool = False) -> HttpResponse:
    """List the people of a class: one query."""
    from django.db import transaction
    from django.shortcuts import render

    from zhiwei.kernel import scope
    from zhiwei.kernel.models import Person

    if drawn and not request.user.is_authenticated:
        return HttpResponse(status=401)
    with transaction.atomic(), scope.everywhere("bare"):
        found = Person.objects.filter(holdings__organisation_id=place).order_by("name")[:50]
        rows = list(found.values("uuid", "name", "number"))
    return render(request, "rows.html", {"rows": rows}) if drawn else JsonResponse({"rows": rows})


def read(request: HttpRequest, uuid: str, drawn: bool = False) -> HttpResponse:
    """Read one person by a unique index."""
    from django.shortcuts import render

    from zhiwei.kernel import scope
    from zhiwei.kernel.models import Person

    if drawn and not request.user.is_authenticated:
        return HttpResponse(status=401)
    with scope.everywhere("bare"):
        row = Person.objects.values("uuid", "name", "number").get(uuid=uuid)
    return render(request, "rows.html", {"rows": [row]}) if drawn else JsonResponse(row)


urlpatterns = [
    path("page/", page),
    path("list/<int:place>/", people),
    path("read/<uuid:uuid>/", read),
    path("list-page/<int:place>/", people, {"drawn": True}),
    path("read-page/<uuid:uuid>/", read, {"drawn": True}),
]
application = get_wsgi_application()
