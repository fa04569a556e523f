"""From a passed first factor to a session: the second factor stands between them where it is asked for."""

from __future__ import annotations

import logging
from dataclasses import dataclass
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
WAY = "way"
"""Session key: how its owner signed in."""
ONLY_PEOPLE = "only_people"
"""Session key: the people this session is limited to."""
PENDING_SECONDS = 600


def first_passed(
    request: HttpRequest,
    account: Account,
    *,
    way: str,
    factor_done: bool = False,
    onward: str | None = None,
    people: tuple[int, ...] = (),
) -> HttpResponse:
    """Go on after the first factor: enter, or ask the second one.

    Args:
        way: How the first factor was passed: password, link, or the protocol of an institution.
        factor_done: An institution that the school trusts has asked the second factor itself.
        onward: Where to go then; taken from the request when not given.
        people: The people of the account that the session is limited to (an institution vouches for its own only).
    """
    onward = onward_of(request) if onward is None else onward
    enrolled = second_factor.enrolled(account.pk)
    asked = enrolled or safety.asks_second_factor(own_people(account.pk, clock.today(clock.now())))
    if factor_done or not asked:
        return enter(request, account, way=way, onward=onward, people=people)
    request.session.flush()
    request.session[PENDING] = {
        "account": account.pk,
        "at": clock.now().timestamp(),
        "way": way,
        "onward": onward,
        "people": list(people),
    }
    return redirect("kernel:second_step" if enrolled else "kernel:enrol_step")


@dataclass(frozen=True)
class Pending:
    """Who has passed the first factor in this browser just now, how, and where they want to go."""

    account: Account
    way: str
    onward: str
    people: tuple[int, ...]


def pending(request: HttpRequest) -> Pending | None:
    """Return who has passed the first factor in this browser within the last ten minutes."""
    kept = request.session.get(PENDING)
    if kept is None or clock.now().timestamp() - kept["at"] > PENDING_SECONDS:
        return None
    account = Account.objects.filter(pk=kept["account"], is_active=True).first()
    if account is None:
        return None
    return Pending(account, kept["way"], kept["onward"], tuple(kept["people"]))


def enter(
    request: HttpRequest, account: Account, *, way: str, onward: str = "", people: tuple[int, ...] = ()
) -> HttpResponse:
    """Open a session of its own for the account, and note device and trail."""
    request.session.flush()
    login(request, account, backend=BACKEND)
    request.session[WAY] = way
    if people:
        request.session[ONLY_PEOPLE] = list(people)
    note_device(request, account.pk)
    note_sign_in(account.pk, way=way, passed=True, now=clock.now())
    return redirect(onward or "kernel:home")


def note_device(request: HttpRequest, account_id: int) -> None:
    """Remember this browser among the account's devices, under the session it has now."""
    request.session.save()
    accounts.note_device(
        account_id=account_id,
        session_key=request.session.session_key or "",
        agent=request.headers.get("User-Agent", ""),
        address=address_of(request) or None,
        now=clock.now(),
    )


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
