"""Sign-in by an institution: only people whom the roster already knows ever get in this way."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhiwei.kernel import audit, clock, keys, scope
from zhiwei.kernel.adapters import cas, dingtalk, oidc, saml, wecom
from zhiwei.kernel.adapters.vouching import Party, Question, Vouched, Voucher, VouchingError
from zhiwei.kernel.models import IdentityLink, IdentityProvider, Organisation, Person
from zhiwei.kernel.queries.actors import actors_of
from zhiwei.kernel.services import accounts, small_secrets
from zhiwei.kernel.values import Actor, Level, MatchField, Protocol, Verb

log = logging.getLogger(__name__)
VOUCHERS: Mapping[Protocol, Voucher] = {
    Protocol.OIDC: oidc,
    Protocol.SAML: saml,
    Protocol.CAS: cas,
    Protocol.WECOM: wecom,
    Protocol.DINGTALK: dingtalk,
}


@dataclass(frozen=True)
class Known:
    """Whom a provider's answer opened.

    Attributes:
        people: The people of the account whom this provider may vouch for; the session is limited to them.
        factor_done: The provider has asked a second factor, and the organisation relies on it.
    """

    account_id: int
    people: tuple[int, ...]
    factor_done: bool


def party_of(provider: IdentityProvider, *, callback: str, entity: str) -> Party:
    """Return a provider as its protocol needs it, with the secret opened."""
    secret = ""
    if provider.secret:
        opened = small_secrets.unseal(
            tenant_id=provider.tenant_id, place=secret_place(provider), sealed=bytes(provider.secret)
        )
        secret = opened.decode()
    return Party(provider.settings, secret, callback, entity)


def secret_place(provider: IdentityProvider) -> str:
    """Return the place that a provider's secret is sealed for."""
    return f"identity-provider/{provider.uuid}"


def begin(provider: IdentityProvider, party: Party, *, state: str, now: datetime) -> Question:
    """Return where to send the browser."""
    return VOUCHERS[Protocol(provider.protocol)].begin(party, state=state, now=now)


def finish(
    provider: IdentityProvider,
    party: Party,
    answer: Mapping[str, str],
    kept: Mapping[str, str],
    *,
    now: datetime,
) -> Vouched:
    """Return whom a provider's answer vouches for.

    Raises:
        VouchingError: The answer does not stand up to the protocol's checks.
    """
    return VOUCHERS[Protocol(provider.protocol)].finish(party, answer, kept, now=now)


def admit(provider: IdentityProvider, vouched: Vouched, *, now: datetime) -> Known:
    """Return the account of the known person this is, linking them the first time; nobody is ever created.

    Raises:
        VouchingError: Nobody, or more than one, answers to what the provider said; or the person is linked already.

    Effects:
        The first time an audit row for the link (and one for the account, if there was none).
    """
    with scope.everywhere("admit by an institution"), transaction.atomic():
        person = _linked(provider, vouched) or _link(provider, vouched, now)
        if person.account_id is None:
            raise VouchingError("account")
        path = provider.tenant.path
        people = [
            one
            for one in actors_of(person.account_id, clock.today(now))
            if one.held and _inside(one.tenant_id, path)
        ]
        if person.pk not in {one.person_id for one in people} or not (
            person.account and person.account.is_active
        ):
            raise VouchingError("left", "您目前不在册，请联系学校管理员。")
    return Known(person.account_id, tuple(one.person_id for one in people), provider.trusts_factor)


def _linked(provider: IdentityProvider, vouched: Vouched) -> Person | None:
    row = (
        IdentityLink.objects.select_related("person__account")
        .filter(provider=provider, subject_hash=_subject(provider, vouched), person__removed_at__isnull=True)
        .first()
    )
    return None if row is None else row.person


def _link(provider: IdentityProvider, vouched: Vouched, now: datetime) -> Person:
    value = vouched.claims.get(provider.claim, "").strip()
    if not value:
        raise VouchingError("claim", f"统一身份认证没有给出「{provider.claim}」，请联系学校管理员。")
    person = _matched(provider, value)
    if IdentityLink.objects.filter(provider=provider, person=person).exists():
        raise VouchingError("linked", "此人已绑定另一个身份，请联系学校管理员解除旧绑定。")
    actor = _as(person)
    if person.account_id is None:
        login = f"{person.tenant_id}-{person.number or person.pk}"
        accounts.open_account(actor=actor, now=now, person_id=person.pk, login=login)
        person.refresh_from_db()
    row = IdentityLink.objects.create(
        tenant_id=person.tenant_id,
        provider=provider,
        person=person,
        subject_hash=_subject(provider, vouched),
        linked_at=now,
    )
    audit.record(
        actor=actor,
        verb=Verb.CREATE,
        kind="identity_link",
        object_id=row.pk,
        about_id=person.pk,
        tenant_id=person.tenant_id,
        level=Level.PERSONAL,
        now=now,
        detail={"provider": provider.pk},
    )
    return person


def _matched(provider: IdentityProvider, value: str) -> Person:
    tenants = Organisation.objects.filter(path__startswith=provider.tenant.path).values("tenant_id")
    field = MatchField(provider.match_field).value
    rows = Person.objects.filter(tenant_id__in=tenants, removed_at__isnull=True, **{field: value})
    found = list(rows.select_related("account")[:2])
    if not found:
        raise VouchingError("unknown", "花名册里没有与您的身份对应的人，请联系学校管理员。")
    if len(found) > 1:
        raise VouchingError("ambiguous", "花名册里有不止一人与您的身份对应，请联系学校管理员核对。")
    return found[0]


def _inside(tenant_id: int, path: str) -> bool:
    return Organisation.objects.filter(pk=tenant_id, path__startswith=path).exists()


def _subject(provider: IdentityProvider, vouched: Vouched) -> str:
    message = f"{provider.uuid}/{vouched.subject}".encode()
    return hmac.new(keys.derived("identity-subject"), message, hashlib.sha256).hexdigest()


def _as(person: Person) -> Actor:
    return Actor(person.account_id or 0, person.pk, person.tenant_id, person.name)
