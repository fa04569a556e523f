"""One's own desk: home, account and devices, notices."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiwei.kernel import clock, navigation
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.models import Account, Device, Notification, Organisation
from zhiwei.kernel.queries.actors import own_people
from zhiwei.kernel.services import accounts, limits, second_factor
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.web.entering import ONLY_PEOPLE, WAY, note_device


class PasswordForm(forms.Form):
    """A new password, typed twice, and the present one where the session was not opened by a one-time link."""

    current = forms.CharField(
        label=gettext_lazy("现在的密码"), max_length=200, widget=forms.PasswordInput, required=False
    )
    password = forms.CharField(label=gettext_lazy("新密码"), max_length=200, widget=forms.PasswordInput)
    again = forms.CharField(label=gettext_lazy("再输一遍"), max_length=200, widget=forms.PasswordInput)

    def clean(self) -> dict[str, object]:
        """Check that both are the same."""
        data = super().clean() or {}
        if data.get("password") != data.get("again"):
            self.add_error("again", _("两次输入不一致。"))
        return data


@signed_in()
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to the first page of their role."""
    actor = actor_of(request)
    entries = [entry for entry in navigation.entries_for(actor) if entry.url_name != "kernel:home"]
    if entries:
        return redirect(entries[0].url_name)
    return render(request, "kernel/home.html", {"places": _places(actor.tenant_id)})


@signed_in()
def account(request: HttpRequest) -> HttpResponse:
    """One's account: who one may act as, password, signed-in devices."""
    actor = actor_of(request)
    own = Account.objects.get(pk=actor.account_id)
    form, by_link = PasswordForm(request.POST or None), str(request.session.get(WAY, "")).startswith("link")
    asks = own.has_usable_password() and not by_link
    if request.method == "POST" and form.is_valid():
        limits.spend(limits.SIGN_IN_BY_LOGIN, f"change/{own.pk}", clock.now())
        try:
            if asks and not own.check_password(form.cleaned_data["current"]):
                raise InvalidInputError(_("现在的密码不对。"))
            accounts.change_password(account=own, password=form.cleaned_data["password"])
        except InvalidInputError as error:
            form.add_error("password", error.message)
        else:
            request.session.cycle_key()
            request.session[HASH_SESSION_KEY] = own.get_session_auth_hash()
            note_device(request, own.pk)
            messages.success(request, _("密码已更改，其他设备已退出。"))
            return redirect("kernel:account")
    context = {
        "form": form,
        "asks_current": asks,
        "login": own.login,
        "factor_on": second_factor.enrolled(own.pk),
        "devices": Device.objects.filter(account=own).order_by("-signed_in_at"),
        "here": request.session.session_key,
        "people": own_people(actor.account_id, clock.today(clock.now())),
    }
    response = render(request, "kernel/account.html", context, status=422 if form.errors else 200)
    response.keep_changes = True  # type: ignore[attr-defined]
    return response


@require_POST
@signed_in()
def end_device(request: HttpRequest, device_id: int) -> HttpResponse:
    """Sign one of one's own devices out."""
    if not accounts.sign_out_devices(account_id=actor_of(request).account_id, device_id=device_id):
        raise NotFoundError
    return redirect("kernel:account")


@require_POST
@signed_in()
def act_as(request: HttpRequest) -> HttpResponse:
    """Go on as another person of the same account (a teacher at two schools, a parent who teaches)."""
    wanted = request.POST.get("person", "")
    mine = {one.person_id for one in own_people(actor_of(request).account_id, clock.today(clock.now()))}
    mine &= set(request.session.get(ONLY_PEOPLE) or mine)
    if not wanted.isdigit() or int(wanted) not in mine:
        raise NotFoundError
    request.session["person_id"] = int(wanted)
    return redirect("kernel:home")


@signed_in()
def notifications(request: HttpRequest) -> HttpResponse:
    """One's notices, newest first; opening the page marks them read."""
    actor = actor_of(request)
    rows = list(Notification.objects.filter(person_id=actor.person_id).order_by("-at")[:100])
    Notification.objects.filter(person_id=actor.person_id, read_at__isnull=True).update(read_at=clock.now())
    return render(request, "kernel/notifications.html", {"rows": rows})


def _places(tenant_id: int) -> list[Organisation]:
    return list(Organisation.objects.filter(tenant_id=tenant_id).order_by("path")[:50])
