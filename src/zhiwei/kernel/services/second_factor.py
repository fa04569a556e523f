"""The second factor: enrol, confirm, check, replace, reset. Codes are limited and count once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from django.db import models
from django.utils.translation import gettext as _

from zhiwei.engines.passcodes import DIGITS, PERIOD, matching_step
from zhiwei.kernel import audit, keys, scope
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.models import RecoveryCode, SecondFactor
from zhiwei.kernel.services import limits, small_secrets
from zhiwei.kernel.services.limits import Limit
from zhiwei.kernel.values import Actor, Level, Verb

SECRET_BYTES = 20
RECOVERY_CODES = 10
CODE_BY_ACCOUNT = Limit("second-factor", 5, 300)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def enrolled(account_id: int) -> bool:
    """Tell whether the account has a confirmed second factor."""
    with scope.everywhere("second factor"):
        return SecondFactor.objects.filter(account_id=account_id, confirmed_at__isnull=False).exists()


def begin(*, actor: Actor, now: datetime) -> bytes:
    """Return a fresh secret to enrol; one begun before and never confirmed is forgotten.

    Raises:
        ConflictError: A second factor is in force already.
    """
    fresh = secrets.token_bytes(SECRET_BYTES)
    with scope.everywhere("second factor"):
        rows = SecondFactor.objects.filter(account_id=actor.account_id)
        if rows.filter(confirmed_at__isnull=False).exists():
            raise ConflictError(_("动态口令已启用。"), code="second_factor.on")
        rows.delete()
        SecondFactor.objects.create(
            tenant_id=actor.tenant_id,
            account_id=actor.account_id,
            person_id=actor.person_id,
            secret=small_secrets.seal(
                tenant_id=actor.tenant_id, place=_place(actor.account_id), content=fresh, now=now
            ),
            made_at=now,
        )
    return fresh


def begun(account_id: int) -> bytes | None:
    """Return the secret whose enrolment has begun and is not confirmed."""
    with scope.everywhere("second factor"):
        row = SecondFactor.objects.filter(account_id=account_id, confirmed_at__isnull=True).first()
        return None if row is None else _secret(row)


def address_of(secret: bytes, *, login: str, issuer: str) -> str:
    """Return the ``otpauth://`` address that authenticator apps read from a QR code."""
    facts = {"secret": shown(secret), "issuer": issuer, "digits": DIGITS, "period": PERIOD}
    return f"otpauth://totp/{quote(issuer)}:{quote(login)}?{urlencode(facts, quote_via=quote)}"


def shown(secret: bytes) -> str:
    """Return the secret as people type it into an app that cannot scan."""
    return base64.b32encode(secret).decode().rstrip("=")


def confirm(*, actor: Actor, code: str, now: datetime) -> list[str]:
    """Put the enrolled secret in force with a first code; returns recovery codes, shown this once.

    Raises:
        InvalidInputError: The code does not match, or enrolment has not begun.
        TooManyAttemptsError: Too many codes were tried.

    Effects:
        One audit row.
    """
    limits.spend(CODE_BY_ACCOUNT, str(actor.account_id), now)
    with scope.everywhere("second factor"):
        row = SecondFactor.objects.select_for_update().filter(account_id=actor.account_id).first()
        step = None if row is None else _step(row, code, now)
        if row is None or row.confirmed_at is not None or step is None:
            raise InvalidInputError(_("口令不对，请核对手机时间后重试。"), code="second_factor.code")
        row.last_step, row.confirmed_at = step, now
        row.save(update_fields=["last_step", "confirmed_at"])
        _note(actor, Verb.CREATE, row, now)
        return _fresh_codes(row)


def check(*, account_id: int, word: str, now: datetime) -> bool:
    """Tell whether a code or an unused recovery code is right; either counts once.

    Raises:
        TooManyAttemptsError: Too many were tried.
    """
    limits.spend(CODE_BY_ACCOUNT, str(account_id), now)
    with scope.everywhere("second factor"):
        rows = SecondFactor.objects.select_for_update()
        row = rows.filter(account_id=account_id, confirmed_at__isnull=False).first()
        if row is None:
            return False
        step = _step(row, word, now)
        if step is None:
            return bool(_unused(row, word).update(used_at=now))
        row.last_step = step
        row.save(update_fields=["last_step"])
    return True


def codes_left(account_id: int) -> int:
    """Return how many recovery codes are unused."""
    with scope.everywhere("second factor"):
        return RecoveryCode.objects.filter(factor__account_id=account_id, used_at__isnull=True).count()


def renew_codes(*, actor: Actor, now: datetime) -> list[str]:
    """Replace all recovery codes; the caller has checked a code. One audit row."""
    with scope.everywhere("second factor"):
        row = SecondFactor.objects.get(account_id=actor.account_id, confirmed_at__isnull=False)
        row.recovery_codes.all().delete()
        _note(actor, Verb.UPDATE, row, now)
        return _fresh_codes(row)


def remove(*, actor: Actor, account_id: int, now: datetime) -> bool:
    """Remove an account's second factor (one's own, or by an administrator); one audit row, about its owner."""
    with scope.everywhere("second factor"):
        row = SecondFactor.objects.filter(account_id=account_id).first()
        if row is None:
            return False
        _note(actor, Verb.DELETE, row, now)
        row.delete()
    return True


def _note(actor: Actor, verb: Verb, row: SecondFactor, now: datetime) -> None:
    audit.record(
        actor=actor,
        verb=verb,
        kind="second_factor",
        object_id=row.pk,
        about_id=row.person_id,
        tenant_id=row.tenant_id,
        level=Level.SENSITIVE,
        now=now,
    )


def _step(row: SecondFactor, word: str, now: datetime) -> int | None:
    return matching_step(_secret(row), "".join(word.split()), now.timestamp(), after=row.last_step)


def _secret(row: SecondFactor) -> bytes:
    return small_secrets.unseal(
        tenant_id=row.tenant_id, place=_place(row.account_id), sealed=bytes(row.secret)
    )


def _place(account_id: int) -> str:
    return f"second-factor/{account_id}"


def _unused(row: SecondFactor, word: str) -> models.QuerySet[RecoveryCode]:
    return row.recovery_codes.filter(code_hash=_hash(row, word), used_at__isnull=True)


def _fresh_codes(row: SecondFactor) -> list[str]:
    codes = ["-".join(_letters() for _part in range(3)) for _code in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(tenant_id=row.tenant_id, factor=row, code_hash=_hash(row, code)) for code in codes
    )
    return codes


def _letters() -> str:
    return "".join(secrets.choice(_LETTERS) for _place in range(4))


def _hash(row: SecondFactor, code: str) -> str:
    plain = code.lower().replace("-", "").replace(" ", "")
    message = f"{row.account_id}/{plain}".encode()
    return hmac.new(keys.derived("recovery-codes"), message, hashlib.sha256).hexdigest()
