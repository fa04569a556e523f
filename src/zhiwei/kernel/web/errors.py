"""How errors answer: a page for people, JSON for programs and htmx; never a trace."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from zhiwei.kernel.errors import TooManyAttemptsError, ZhiweiError


def answer(request: HttpRequest, error: ZhiweiError) -> HttpResponse:
    """Answer an anticipated error with its sentence, code and problems."""
    if wants_json(request):
        return JsonResponse(
            {
                "code": error.code,
                "message": str(error.message),
                "problems": [
                    {"code": one.code, "message": str(one.message), "row": one.row, "field": one.field}
                    for one in error.problems
                ],
            },
            status=error.status,
        )
    template = "404.html" if error.status == 404 else "kernel/problem.html"
    context = {"message": error.message, "code": error.code, "problems": error.problems}
    return render(request, template, context, status=error.status)


def answered(request: HttpRequest, error: ZhiweiError) -> HttpResponse:
    """Answer an anticipated error, with when to come back where a limit was reached."""
    response = answer(request, error)
    if isinstance(error, TooManyAttemptsError):
        response.headers["Retry-After"] = str(error.retry_after)
        response.keep_changes = True  # type: ignore[attr-defined]
    return response


def wants_json(request: HttpRequest) -> bool:
    """Tell whether a program is asking."""
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith(
        "application/json"
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that does not exist."""
    del exception
    if wants_json(request):
        return JsonResponse(
            {"code": "kernel.not_found", "message": _("没有找到，或您无权查看。")}, status=404
        )
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours: without database or context, so that it always works."""
    if wants_json(request):
        return JsonResponse(
            {"code": "kernel.fault", "message": _("系统出错了，已记录。请稍后再试。")}, status=500
        )
    return HttpResponse(render_to_string("500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer that the database cannot be reached now; nothing was done, or a repeat under the same key is safe."""
    message = _("系统暂时连不上数据库，请稍后再试。")
    if wants_json(request):
        response: HttpResponse = JsonResponse({"code": "kernel.unavailable", "message": message}, status=503)
    else:
        response = HttpResponse(render_to_string("500.html"), status=503)
    response.headers["Retry-After"] = "5"
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that came without its token: usually a page left open too long."""
    del reason
    message = _("页面已过期，请返回后刷新再提交。您填写的内容没有丢失。")
    if wants_json(request):
        return JsonResponse({"code": "kernel.csrf", "message": message}, status=403)
    return render(request, "kernel/problem.html", {"message": message}, status=403)
