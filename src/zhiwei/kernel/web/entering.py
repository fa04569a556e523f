"""From a passed first factor to a session: the second factor stands between them where it is asked for."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from zhiwei.kernel import audit, clock, scope
from zhiwei.kernel.models import Account
from zhiwei.kernel.queries.actors import own_people
from zhiwei.kernel.services import accounts, safety, second_factor
from zhiwei.kernel.values import Verb

log = logging.getLogger(__name__)
BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "pending_sign_in"
PENDING_SECONDS = 600


def first_passed(
    request: HttpRequest, account: Account, *, way: str, factor_done: bool = False
) -> HttpResponse:
    """Go on after the first factor: enter, or ask the second one.

    Args:
        way: How the first factor was passed: password, link, or the protocol of an institution.
        factor_done: An institution that the school trusts has asked the second factor itself.
    """
    onward = onward_of(request)
    people = own_people(account.pk, clock.today(clock.now()))
    enrolled = second_factor.enrolled(account.pk)
    if factor_done or not (enrolled or safety.asks_second_factor(people)):
        return enter(request, account, way=way, onward=onward)
    request.session.flush()
    request.session[PENDING] = {
        "account": account.pk,
        "at": clock.now().timestamp(),
        "way": way,
        "onward": onward,
    }
    return redirect("kernel:second_step" if enrolled else "kernel:enrol_step")


def pending(request: HttpRequest) -> tuple[Account, str, str] | None:
    """Return who has passed the first factor in this browser just now, how, and where they want to go."""
    kept = request.session.get(PENDING)
    if kept is None or clock.now().timestamp() - kept["at"] > PENDING_SECONDS:
        return None
    account = Account.objects.filter(pk=kept["account"], is_active=True).first()
    return None if account is None else (account, kept["way"], kept["onward"])


def enter(request: HttpRequest, account: Account, *, way: str, onward: str = "") -> HttpResponse:
    """Open a session of its own for the account, and note device and trail."""
    request.session.pop(PENDING, None)
    login(request, account, backend=BACKEND)
    request.session.save()
    now = clock.now()
    accounts.note_device(
        account_id=account.pk,
        session_key=request.session.session_key or "",
        agent=request.headers.get("User-Agent", ""),
        address=address_of(request) or None,
        now=now,
    )
    note_sign_in(account.pk, way=way, passed=True, now=now)
    return redirect(onward or "kernel:home")


def note_sign_in(account_id: int, *, way: str, passed: bool, now: datetime) -> None:
    """Write into the trail of each person of an account that a sign-in passed or failed."""
    for person in own_people(account_id, clock.today(now)):
        with scope.everywhere("note a sign-in"):
            audit.record(
                actor=person,
                verb=Verb.CREATE,
                kind="sign_in" if passed else "sign_in_failed",
                about_id=person.person_id,
                tenant_id=person.tenant_id,
                now=now,
                detail={"way": way},
            )


def onward_of(request: HttpRequest) -> str:
    """Return where the visitor wants to go, if that is inside this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=settings.SECURE)
    return wanted if allowed else ""


def address_of(request: HttpRequest) -> str:
    """Return the address the request came from."""
    return str(request.META.get("REMOTE_ADDR", ""))


def sign_in_again() -> HttpResponse:
    """Lead back to the beginning: the first factor was too long ago."""
    return redirect(reverse("kernel:sign_in"))
