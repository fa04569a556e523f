"""Which institutions vouch for an organisation's people: set up, changed, switched off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from django.utils.translation import gettext as _

from zhiwei.kernel import audit
from zhiwei.kernel.adapters import outward
from zhiwei.kernel.adapters.saml_signature import pem
from zhiwei.kernel.adapters.vouching import VouchingError
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.models import IdentityLink, IdentityProvider
from zhiwei.kernel.services import small_secrets
from zhiwei.kernel.services.identity import secret_place
from zhiwei.kernel.values import Actor, Level, MatchField, Protocol, Verb

NEEDED: Mapping[Protocol, tuple[str, ...]] = {
    Protocol.OIDC: ("issuer", "client_id"),
    Protocol.SAML: ("idp_entity_id", "sso_url", "certificate"),
    Protocol.CAS: ("server",),
    Protocol.WECOM: ("corp_id", "agent_id"),
    Protocol.DINGTALK: ("client_id",),
}
ADDRESSES = frozenset({"issuer", "sso_url", "server"})
SECRETIVE = frozenset({Protocol.OIDC, Protocol.WECOM, Protocol.DINGTALK})
CLAIMS: Mapping[Protocol, str] = {
    Protocol.OIDC: "preferred_username",
    Protocol.SAML: "NameID",
    Protocol.CAS: "user",
    Protocol.WECOM: "userid",
    Protocol.DINGTALK: "userid",
}


@dataclass(frozen=True)
class Wanted:
    """What the form of a provider says; an empty ``secret`` keeps the one there is."""

    name: str
    settings: Mapping[str, str]
    secret: str
    claim: str
    match_field: MatchField
    trusts_factor: bool
    enabled: bool


def set_up(
    *,
    actor: Actor,
    now: datetime,
    protocol: Protocol,
    wanted: Wanted,
    provider: IdentityProvider | None = None,
) -> int:
    """Add a provider to the actor's organisation, or change one; returns its id.

    Raises:
        InvalidInputError: A setting is missing, an address is not allowed, a certificate cannot be read.
        ConflictError: Another provider bears this name.

    Effects:
        One audit row; whatever changes here, people are linked and signed in only when they return.
    """
    settings = _checked(protocol, wanted)
    row = provider or IdentityProvider(tenant_id=actor.tenant_id, protocol=protocol, made_at=now)
    names = IdentityProvider.objects.filter(tenant_id=actor.tenant_id, name=wanted.name.strip())
    if names.exclude(pk=row.pk).exists():
        raise ConflictError(_("已有同名的统一身份认证。"), code="identity.name_taken")
    if wanted.secret:
        row.secret = small_secrets.seal(
            tenant_id=row.tenant_id, place=secret_place(row), content=wanted.secret.encode(), now=now
        )
    elif protocol in SECRETIVE and not row.secret:
        raise InvalidInputError(_("请填写密钥。"), code="identity.secret")
    row.name, row.settings, row.claim = wanted.name.strip(), settings, wanted.claim.strip()
    row.match_field, row.trusts_factor, row.enabled = wanted.match_field, wanted.trusts_factor, wanted.enabled
    verb = Verb.UPDATE if row.pk else Verb.CREATE
    row.save()
    detail = {"protocol": protocol.value, "enabled": wanted.enabled, "trusts_factor": wanted.trusts_factor}
    audit.record(
        actor=actor, verb=verb, kind="identity_provider", object_id=row.pk, now=now,
        level=Level.SENSITIVE, detail=detail,
    )  # fmt: skip
    return row.pk


def is_linked(person_id: int) -> bool:
    """Tell whether an institution has vouched for a person before."""
    return IdentityLink.objects.filter(person_id=person_id).exists()


def unlink(*, actor: Actor, now: datetime, person_id: int) -> int:
    """Undo every link of a person, so that the next sign-in is matched anew; returns how many there were."""
    rows = IdentityLink.objects.filter(person_id=person_id)
    count = rows.count()
    if count:
        rows.delete()
        audit.record(
            actor=actor, verb=Verb.DELETE, kind="identity_link", about_id=person_id, now=now,
            level=Level.PERSONAL, detail={"links": count},
        )  # fmt: skip
    return count


def _checked(protocol: Protocol, wanted: Wanted) -> dict[str, str]:
    if not wanted.name.strip() or not wanted.claim.strip():
        raise InvalidInputError(_("请填写名称和对应的声明。"), code="identity.name")
    settings = {name: value.strip() for name, value in wanted.settings.items() if value.strip()}
    for name in NEEDED[protocol]:
        if name not in settings:
            raise InvalidInputError(_("请填写「%(name)s」。") % {"name": name}, code="identity.setting")
    try:
        for name in ADDRESSES & settings.keys():
            outward.checked(settings[name])
    except VouchingError as error:
        raise InvalidInputError(error.message, code="identity.address") from error
    if "certificate" in settings:
        try:
            x509.load_pem_x509_certificate(pem(settings["certificate"]).encode())
        except ValueError as error:
            raise InvalidInputError(
                _("证书无法读取，请粘贴 PEM 全文。"), code="identity.certificate"
            ) from error
    return settings
