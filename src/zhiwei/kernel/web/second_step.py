"""The second step of signing in: a code, a recovery code, or enrolling where it is required."""

from __future__ import annotations

import segno
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError, TooManyAttemptsError
from zhiwei.kernel.models import Account
from zhiwei.kernel.queries.actors import own_people
from zhiwei.kernel.services import second_factor
from zhiwei.kernel.web.acting import open_door
from zhiwei.kernel.web.entering import enter, note_sign_in, pending, sign_in_again

ISSUER = "Zhiwei"


class CodeForm(forms.Form):
    """A code of six digits, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("动态口令"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )


@open_door
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask the code of an account whose first factor has just passed in this browser."""
    found = pending(request)
    if found is None:
        return sign_in_again()
    account, way = found.account, f"{found.way}+code"
    form, problem, status = CodeForm(request.POST or None), "", 200
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            right = second_factor.check(account_id=account.pk, word=form.cleaned_data["code"], now=now)
        except TooManyAttemptsError as error:
            problem, status = error.message, error.status
        else:
            if right:
                return enter(request, account, way=way, onward=found.onward, people=found.people)
            note_sign_in(account.pk, way=way, passed=False, now=now)
            problem, status = _("口令不对或已用过。请等下一个口令，或使用恢复码。"), 422
    response = render(request, "kernel/second_step.html", {"form": form, "problem": problem}, status=status)
    response.keep_changes = True  # type: ignore[attr-defined]
    return response


@open_door
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def enrol_step(request: HttpRequest) -> HttpResponse:
    """Enrol before the first session, where the organisation asks for a second factor."""
    found = pending(request)
    if found is None:
        return sign_in_again()
    account, way = found.account, f"{found.way}+code"
    if second_factor.enrolled(account.pk):
        return redirect("kernel:second_step")
    now = clock.now()
    actor = own_people(account.pk, clock.today(now))[0]
    form, problem, status = CodeForm(request.POST or None), "", 200
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.confirm(actor=actor, code=form.cleaned_data["code"], now=now)
        except (InvalidInputError, TooManyAttemptsError) as error:
            problem, status = error.message, error.status
        else:
            entered = enter(request, account, way=way, onward=found.onward, people=found.people)
            return render(
                request, "kernel/recovery_codes.html", {"codes": codes, "onward": entered.headers["Location"]}
            )
    secret = second_factor.begun(account.pk) if request.method == "POST" else None
    secret = secret or second_factor.begin(actor=actor, now=now)
    context = {"form": form, "problem": problem, **drawn(secret, account)}
    response = render(request, "kernel/enrol_step.html", context, status=status)
    response.keep_changes = True  # type: ignore[attr-defined]
    return response


def drawn(secret: bytes, account: Account) -> dict[str, object]:
    """Return the QR code and the words of a secret for the page that shows it."""
    address = second_factor.address_of(secret, login=account.login, issuer=ISSUER)
    words = second_factor.shown(secret)
    return {"qr": _svg(address), "words": " ".join(words[i : i + 4] for i in range(0, len(words), 4))}


def _svg(address: str) -> SafeString:
    drawing = segno.make(address, error="m").svg_inline(scale=4, border=3, light="#fff", dark="#000")
    return mark_safe(drawing)  # noqa: S308 - drawn by segno from an address of our own
