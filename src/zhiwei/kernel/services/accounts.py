"""Accounts, one-time links, passwords, devices."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction

from zhiwei.kernel import audit
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.models import Account, Device, Person, SignInLink
from zhiwei.kernel.values import Actor, Level, Verb

LINK_HOURS = 24


def open_account(
    *, actor: Actor, now: datetime, person_id: int, login: str, password: str | None = None
) -> int:
    """Give a person a way to sign in; without a password only by one-time link.

    Raises:
        ConflictError: The login is taken by somebody else, or the person has an account.

    Effects:
        One audit row.
    """
    person = Person.objects.select_for_update().get(pk=person_id)
    if person.account_id is not None:
        raise ConflictError("此人已有登录账号。", code="account.exists")
    if Account.objects.filter(login=login.strip().lower()).exists():
        raise ConflictError(f"登录名「{login}」已被使用。", code="account.login_taken")
    account = Account.objects.create_account(login, password)
    person.account = account
    person.save(update_fields=["account"])
    audit.record(
        actor=actor,
        verb=Verb.CREATE,
        kind="account",
        object_id=account.pk,
        about_id=person.pk,
        tenant_id=person.tenant_id,
        level=Level.PERSONAL,
        now=now,
    )
    return account.pk


def make_link(*, account_id: int, now: datetime, hours: int = LINK_HOURS) -> str:
    """Return the secret token of a new one-time sign-in link; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        account_id=account_id, token_hash=_hash(token), expires_at=now + timedelta(hours=hours)
    )
    return token


def use_link(*, token: str, now: datetime) -> Account | None:
    """Return the account of a link that is valid now, and use it up; ``None`` for any other token."""
    with transaction.atomic():
        link = (
            SignInLink.objects.select_for_update()
            .select_related("account")
            .filter(
                token_hash=_hash(token), used_at__isnull=True, expires_at__gt=now, account__is_active=True
            )
            .first()
        )
        if link is None:
            return None
        link.used_at = now
        link.save(update_fields=["used_at"])
    return link.account


def change_password(*, account: Account, password: str) -> None:
    """Set a new password and sign every other device out.

    Raises:
        InvalidInputError: The password is too weak; the message says why.
    """
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise InvalidInputError(" ".join(error.messages), code="account.password_weak") from error
    account.set_password(password)
    account.save(update_fields=["password"])
    sign_out_devices(account_id=account.pk)


def note_device(*, account_id: int, session_key: str, agent: str, address: str | None, now: datetime) -> None:
    """Remember a signed-in browser so that its owner can see and end it."""
    Device.objects.update_or_create(
        session_key=session_key,
        defaults={"account_id": account_id, "agent": agent[:200], "address": address, "signed_in_at": now},
    )


def sign_out_devices(*, account_id: int, device_id: int | None = None, keep_session: str = "") -> int:
    """End sessions of an account (one device or all but ``keep_session``); returns how many."""
    rows = Device.objects.filter(account_id=account_id).exclude(session_key=keep_session)
    if device_id is not None:
        rows = rows.filter(pk=device_id)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
