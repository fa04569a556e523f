"""Guardians and consents: what a school sees of its classes, and what guardians decide for their children."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiwei.kernel import audit, clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.queries import teaching as queries
from zhiwei.kernel.queries.teaching import ConsentRow
from zhiwei.kernel.services import people
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.wording import CONSENT_TEXT, PURPOSES, purpose_name
from zhiwei.ui.values import Crumb

SEERS = (Role.SCHOOL_ADMIN, Role.CLASS_TEACHER)


@signed_in(*SEERS)
def consents(request: HttpRequest) -> HttpResponse:
    """A class: each pupil's guardians and the consents in force."""
    actor, now = actor_of(request), clock.now()
    classes = queries.consent_classes(actor)
    wanted = request.GET.get("class", "")
    chosen = next((one for one in classes if str(one.pk) == wanted), classes[0] if classes else None)
    rows = queries.consent_rows(actor, chosen.pk, clock.today(now)) if chosen else []
    audit.record_reads(
        actor=actor,
        kind="consent",
        now=now,
        about_ids=[row.person.pk for row in rows],
        tenant_id=chosen.tenant_id or actor.tenant_id if chosen else actor.tenant_id,
        level=Level.PERSONAL,
    )
    context = {
        "classes": classes,
        "chosen": chosen,
        "rows": [(row, _states(row)) for row in rows],
        "purposes": [str(word) for word in PURPOSES.values()],
        "trail": (Crumb(_("监护人与同意")),),
    }
    return render(request, "kernel/consents.html", context)


@signed_in(*SEERS)
def consent_letter(request: HttpRequest, class_id: int) -> HttpResponse:
    """A letter for each pupil of a class, to be printed and signed by those who do not sign in."""
    actor, now = actor_of(request), clock.now()
    rows = queries.consent_rows(actor, class_id, clock.today(now))
    context = {
        "rows": rows,
        "purposes": [str(word) for word in PURPOSES.values()],
        "version": CONSENT_TEXT,
        "today": clock.today(now),
        "trail": (Crumb(_("告知与同意书")),),
    }
    return render(request, "kernel/consent_letter.html", context)


@signed_in(Role.GUARDIAN)
def own_consents(request: HttpRequest) -> HttpResponse:
    """What one has consented to for one's children; give or withdraw each purpose by itself."""
    rows = queries.own_wards(actor_of(request))
    context = {
        "rows": [(row, _choices(row)) for row in rows],
        "version": CONSENT_TEXT,
        "trail": (Crumb(_("告知与同意")),),
    }
    return render(request, "kernel/own_consents.html", context)


@require_POST
@signed_in(Role.GUARDIAN)
def give(request: HttpRequest, person_uuid: str) -> HttpResponse:
    """Consent to one purpose for one's child."""
    actor = actor_of(request)
    child = queries.ward_of(actor, person_uuid, Verb.CREATE)
    purpose = request.POST.get("purpose", "")
    if purpose not in PURPOSES:
        raise InvalidInputError(_("没有这项用途。"), code="consent.purpose")
    people.give_consent(
        actor=actor,
        now=clock.now(),
        person_id=child.pk,
        given_by_id=actor.person_id,
        purpose=purpose,
        text_version=CONSENT_TEXT,
    )
    return redirect("kernel:own_consents")


@require_POST
@signed_in(Role.GUARDIAN)
def withdraw(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Withdraw a consent; the record of it stays."""
    actor = actor_of(request)
    row = queries.consent_to_withdraw(actor, consent_id)
    people.withdraw_consent(actor=actor, now=clock.now(), consent_id=row.pk)
    return redirect("kernel:own_consents")


def _states(row: ConsentRow) -> list[bool]:
    given = {one.purpose for one in row.consents}
    return [purpose in given for purpose in PURPOSES]


def _choices(row: ConsentRow) -> list[tuple[str, str, object]]:
    given = {one.purpose: one for one in row.consents}
    return [(purpose, purpose_name(purpose), given.get(purpose)) for purpose in PURPOSES]
