"""The safety page: second factor, elevated mode, institutional sign-in, exports that wait."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiwei.kernel import clock
from zhiwei.kernel.access import one, require
from zhiwei.kernel.errors import NotFoundError, ZhiweiError
from zhiwei.kernel.models import IdentityProvider
from zhiwei.kernel.services import identity_providers, safety
from zhiwei.kernel.services.identity_providers import Wanted
from zhiwei.kernel.values import FactorRule, Level, MatchField, Protocol, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.web.institution import callback_of, entity_of
from zhiwei.kernel.wording_trust import FACTOR_RULES, MATCH_FIELDS, PROTOCOLS, SETTINGS
from zhiwei.ui.values import Crumb

SETTERS = (Role.SCHOOL_ADMIN, Role.SECURITY_OFFICER, Role.BUREAU_ADMIN)


class PolicyForm(forms.Form):
    """An organisation's own rules."""

    second_factor = forms.ChoiceField(
        label=gettext_lazy("登录时要求动态口令"),
        choices=[(key.value, word) for key, word in FACTOR_RULES.items()],
    )
    elevated_minutes = forms.IntegerField(
        label=gettext_lazy("高权限模式最长分钟数"), min_value=safety.SHORTEST, max_value=safety.LONGEST
    )


class ProviderForm(forms.Form):
    """What a provider of any protocol needs besides its own settings."""

    name = forms.CharField(label=gettext_lazy("名称（显示在登录页）"), max_length=60)
    claim = forms.CharField(label=gettext_lazy("对方声明中代表人的一项"), max_length=60)
    match_field = forms.ChoiceField(
        label=gettext_lazy("与花名册的哪一项对应"),
        choices=[(key.value, word) for key, word in MATCH_FIELDS.items()],
    )
    trusts_factor = forms.BooleanField(
        label=gettext_lazy("对方已验证第二因素，本平台不再要求动态口令"), required=False
    )
    enabled = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)

    def __init__(
        self, protocol: Protocol, *given: object, kept_secret: bool = False, **named: object
    ) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        own: dict[str, forms.Field] = {}
        for name in SETTINGS[protocol]:
            widget = forms.Textarea(attrs={"rows": 6}) if name == "certificate" else forms.TextInput()
            needed = name in identity_providers.NEEDED[protocol]
            own[f"set_{name}"] = forms.CharField(
                label=SETTINGS[protocol][name], max_length=8000, required=needed, widget=widget
            )
        if protocol in identity_providers.SECRETIVE:
            own["secret"] = forms.CharField(
                label=gettext_lazy("密钥（留空则不改）") if kept_secret else gettext_lazy("密钥"),
                max_length=500,
                required=not kept_secret,
                widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
            )
        self.fields = {"name": self.fields.pop("name"), **own, **self.fields}

    def wanted(self) -> Wanted:
        """Return what was filled in."""
        data = self.cleaned_data
        settings = {name.removeprefix("set_"): data[name] for name in data if name.startswith("set_")}
        return Wanted(
            data["name"], settings, data.get("secret", ""), data["claim"], MatchField(data["match_field"]),
            data["trusts_factor"], data["enabled"],
        )  # fmt: skip


@signed_in(*SETTERS, Role.DATA_OFFICER, Role.PRINCIPAL)
def safety_page(request: HttpRequest) -> HttpResponse:
    """See the rules in force; those who set them, set them."""
    actor, now = actor_of(request), clock.now()
    rules, sets = safety.safety_of(actor.tenant_id), bool(set(SETTERS) & actor.roles)
    first = {"second_factor": rules.second_factor.value, "elevated_minutes": rules.elevated_minutes}
    form = PolicyForm(request.POST or None, initial=first)
    if request.method == "POST":
        require(actor, Verb.MANAGE, "safety")
        if form.is_valid():
            safety.set_policy(
                actor=actor,
                now=now,
                second_factor=FactorRule(form.cleaned_data["second_factor"]),
                elevated_minutes=form.cleaned_data["elevated_minutes"],
            )
            messages.success(request, _("安全设置已保存。"))
            return redirect("kernel:safety")
    context = {
        "form": form,
        "sets": sets,
        "rule": FACTOR_RULES[rules.second_factor],
        "minutes": rules.elevated_minutes,
        "providers": [(one, PROTOCOLS[Protocol(one.protocol)]) for one in _own(request)] if sets else (),
        "protocols": PROTOCOLS.items(),
        "elevates": bool({Role.DATA_OFFICER, Role.BUREAU_ADMIN} & actor.roles),
        "trail": (Crumb(_("安全")),),
    }
    return render(request, "kernel/safety.html", context, status=422 if form.errors else 200)


@signed_in(*SETTERS)
def new_provider(request: HttpRequest, protocol: str) -> HttpResponse:
    """Set an institution's server up."""
    if protocol not in set(Protocol):
        raise NotFoundError
    return _edit(request, Protocol(protocol), None)


@signed_in(*SETTERS)
def provider(request: HttpRequest, provider_uuid: str) -> HttpResponse:
    """Change an institution's server, or switch it off."""
    row = one(_own(request), uuid=provider_uuid)
    return _edit(request, Protocol(row.protocol), row)


def _own(request: HttpRequest) -> models.QuerySet[IdentityProvider]:
    return IdentityProvider.objects.filter(tenant_id=actor_of(request).tenant_id).order_by("name")


def _edit(request: HttpRequest, protocol: Protocol, row: IdentityProvider | None) -> HttpResponse:
    actor = actor_of(request)
    require(actor, Verb.MANAGE, "safety", level=Level.INTERNAL)
    kept = bool(row and row.secret)
    form = ProviderForm(protocol, request.POST or None, initial=_first(protocol, row), kept_secret=kept)
    if request.method == "POST" and form.is_valid():
        try:
            identity_providers.set_up(
                actor=actor, now=clock.now(), protocol=protocol, wanted=form.wanted(), provider=row
            )
        except ZhiweiError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("统一身份认证已保存。"))
            return redirect("kernel:safety")
    context = {
        "form": form,
        "protocol": PROTOCOLS[protocol],
        "callback": callback_of(row) if row else "",
        "entity": entity_of(row) if row and protocol is Protocol.SAML else "",
        "trail": (Crumb(_("安全"), reverse("kernel:safety")), Crumb(str(PROTOCOLS[protocol]))),
    }
    return render(request, "kernel/provider.html", context, status=422 if form.errors else 200)


def _first(protocol: Protocol, row: IdentityProvider | None) -> dict[str, object]:
    if row is None:
        return {
            "claim": identity_providers.CLAIMS[protocol],
            "match_field": MatchField.NUMBER.value,
            "enabled": True,
        }
    own = {f"set_{name}": value for name, value in row.settings.items()}
    shared = {
        name: getattr(row, name) for name in ("name", "claim", "match_field", "trusts_factor", "enabled")
    }
    return {**shared, **own}
