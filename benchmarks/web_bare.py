"""The bare peer of ``benchmarks/web.py``: Django with one table's queries and a JSON answer, nothing else."""

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


def people(request: HttpRequest, place: int) -> HttpResponse:
    """List the people of a class: one query."""
    from django.db import transaction

    from zhiwei.kernel import scope
    from zhiwei.kernel.models import Person

    del request
    with transaction.atomic(), scope.everywhere("bare"):
        found = Person.objects.filter(holdings__organisation_id=place).order_by("name")[:50]
        rows = list(found.values("uuid", "name", "number"))
    return JsonResponse({"rows": rows})


def read(request: HttpRequest, uuid: str) -> HttpResponse:
    """Read one person by a unique index."""
    from zhiwei.kernel import scope
    from zhiwei.kernel.models import Person

    del request
    with scope.everywhere("bare"):
        row = Person.objects.values("uuid", "name", "number").get(uuid=uuid)
    return JsonResponse(row)


urlpatterns = [
    path("page/", page),
    path("list/<int:place>/", people),
    path("read/<uuid:uuid>/", read),
]
application = get_wsgi_application()
