"""The service worker of answering, served from where it may stand before every page of the house."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from zhiwei.kernel.values import Role
from zhiwei.kernel.web.acting import signed_in


@require_GET
@signed_in(Role.PUPIL)
def worker(request: HttpRequest) -> HttpResponse:
    """The worker's script; its scope is the whole house, so that it sees signing out."""
    del request
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@cache
def _script() -> bytes:
    return files("zhiwei.assessment").joinpath("static/assessment/answering/offline.js").read_bytes()
