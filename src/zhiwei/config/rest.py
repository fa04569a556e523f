"""The REST API: one door for all rooms, described by its own OpenAPI document."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from zhiwei.assessment.rest import (
    desk,
    feedback,
    marking,
    people,
    photos,
    results,
    scans,
    sittings,
    work_life,
)
from zhiwei.data.rest import shares
from zhiwei.kernel.errors import InvalidInputError, ZhiweiError
from zhiwei.kernel.values import Problem
from zhiwei.kernel.web import errors

api = NinjaAPI(
    title="知微 Zhiwei",
    version="1",
    description="Homework from setting to the class picture. Make a token under 我的账号 › 接口令牌.",
    urls_namespace="rest",
    docs_url=None,
    openapi_url="/openapi.json",
)
for room in (work_life, people, sittings, photos, marking, desk, scans, results, feedback, shares):
    api.add_router("", room.router)


@api.exception_handler(ZhiweiError)
def expected(request: HttpRequest, error: ZhiweiError) -> HttpResponse:
    """Answer what the house expects to go wrong."""
    return errors.answered(request, error)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name each field that cannot be used."""
    problems = [
        Problem("api.field", str(one.get("msg", "")), field=".".join(map(str, one.get("loc", ()))))
        for one in error.errors
    ]
    return errors.answered(
        request, InvalidInputError("请求的内容不符合要求。", code="api.invalid", problems=problems)
    )


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer a request without a working token."""
    del request, error
    told = {"code": "token.invalid", "message": "令牌缺失、已失效或已撤销。", "problems": []}
    return JsonResponse(told, status=401, headers={"WWW-Authenticate": "Bearer"})


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer what cannot be read as a request at all."""
    del request
    told = {"code": "api.unreadable", "message": str(error), "problems": []}
    return JsonResponse(told, status=error.status_code)


def document(request: HttpRequest) -> HttpResponse:
    """Every operation on one plain page."""
    schema = api.get_openapi_schema()
    rows = [
        (method.upper(), path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    context = {"rows": rows, "info": schema["info"], "openapi_url": reverse("rest:openapi-json")}
    return render(request, "kernel/api.html", context)
