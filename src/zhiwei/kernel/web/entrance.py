"""Signing in and out."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhiwei.kernel import clock
from zhiwei.kernel.errors import TooManyAttemptsError
from zhiwei.kernel.models import Account
from zhiwei.kernel.services import accounts, limits
from zhiwei.kernel.web import institution
from zhiwei.kernel.web.acting import open_door
from zhiwei.kernel.web.entering import address_of, first_passed, note_sign_in, onward_of


class SignInForm(forms.Form):
    """Login and password."""

    login = forms.CharField(label=_("登录名"), max_length=80)
    password = forms.CharField(label=_("密码"), max_length=200, widget=forms.PasswordInput)


@open_door
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with login and password; limited by login and by address."""
    if getattr(request, "actor", None) is not None and request.method == "GET":
        return redirect("kernel:home")
    form = SignInForm(request.POST or None)
    problem, status = "", 200
    if request.method == "POST" and form.is_valid():
        try:
            account = _checked(request, form.cleaned_data["login"], form.cleaned_data["password"])
        except TooManyAttemptsError as error:
            problem, status = error.message, error.status
        else:
            if account is not None:
                return first_passed(request, account, way="password")
            problem, status = str(_("登录名或密码不对。")), 422
    context = {
        "form": form,
        "problem": problem,
        "next": onward_of(request),
        "institutions": institution.choices(),
    }
    response = render(request, "kernel/sign_in.html", context, status=status)
    response.keep_changes = True  # type: ignore[attr-defined]
    return response


@open_door
@require_http_methods(["GET", "POST"])
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button for a one-time link (mail scanners follow links, they do not press); pressing signs in."""
    if request.method == "GET":
        return render(request, "kernel/link.html", {"token": token})
    now = clock.now()
    limits.spend(limits.LINK_BY_ADDRESS, limits.address_key(address_of(request)), now)
    account = accounts.use_link(token=token, now=now)
    if account is None:
        return render(request, "kernel/link.html", {"used": True}, status=410)
    return first_passed(request, account, way="link")


@require_POST
@open_door
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect("kernel:sign_in")


@require_POST
@open_door
def language(request: HttpRequest) -> HttpResponse:
    """Choose the interface language; kept in a cookie and with the account."""
    chosen = request.POST.get("language", "")
    response = HttpResponseRedirect(onward_of(request) or reverse("kernel:home"))
    if translation.check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, samesite="Lax", secure=settings.SECURE
        )
    return response


def _checked(request: HttpRequest, name: str, password: str) -> Account | None:
    now = clock.now()
    limits.spend(limits.SIGN_IN_BY_ADDRESS, limits.address_key(address_of(request)), now)
    limits.spend(limits.SIGN_IN_BY_LOGIN, name.strip().lower(), now)
    found = authenticate(request, username=name.strip().lower(), password=password)
    if isinstance(found, Account):
        return found
    _note_failure(name, now)
    return None


def _note_failure(name: str, now: datetime) -> None:
    known = Account.objects.filter(login=name.strip().lower()).values_list("pk", flat=True).first()
    if known is not None:
        note_sign_in(known, way="password", passed=False, now=now)
