"""What views need of the request: the actor, or an answer for those who are not signed in or not allowed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url

from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor, Role
from zhiwei.kernel.web.errors import wants_json

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts; only in views behind ``signed_in``."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise NotFoundError
    return actor


def signed_in(*roles: Role) -> Callable[[View[P]], View[P]]:
    """Let only signed-in people pass; with roles, only holders of one of them (others get 404)."""
    allowed = frozenset(roles)

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                return _please_sign_in(request)
            if allowed and not allowed & actor.roles:
                raise NotFoundError
            return view(request, *args, **kwargs)

        guarded.roles = allowed  # type: ignore[attr-defined]
        guarded.door = "signed_in"  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_door(view: View[P]) -> View[P]:
    """Mark a view as open to everybody, so that the route table can tell it was meant."""
    marked: Any = view
    marked.door = "open"
    return view


def _please_sign_in(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"code": "kernel.sign_in", "message": "请先登录。"}, status=401)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
    return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
