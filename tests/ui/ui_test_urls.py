"""Addresses for the tests of the ui room."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'; object-src 'none'"
)


def gate(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/gate.html")


def strict_policy(get: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        response = get(request)
        response["Content-Security-Policy"] = POLICY
        return response

    return answer


urlpatterns = [path("ui/", include("zhiwei.ui.web.urls")), path("gate/", gate)]
