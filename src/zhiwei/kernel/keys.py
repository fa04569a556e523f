"""Keys: a master key outside the database wraps one data key per tenant (AES-256-GCM envelope)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.models import TenantKey


def data_key(tenant_id: int, now: datetime) -> tuple[bytes, int]:
    """Return the tenant's newest data key and its version, making the first one when there is none."""
    row = TenantKey.objects.filter(tenant_id=tenant_id).order_by("-version").first()
    if row is None:
        fresh = secrets.token_bytes(32)
        row, created = TenantKey.objects.get_or_create(
            tenant_id=tenant_id,
            version=1,
            defaults={"wrapped": _wrap(fresh, tenant_id, 1), "created_at": now},
        )
        if created:
            return fresh, 1
    return _unwrap(bytes(row.wrapped), tenant_id, row.version), row.version


def data_key_version(tenant_id: int, version: int) -> bytes:
    """Return one version of the tenant's data key.

    Raises:
        NotFoundError: The key was shredded; what it encrypted is gone.
    """
    row = TenantKey.objects.filter(tenant_id=tenant_id, version=version).first()
    if row is None:
        raise NotFoundError("该单位的密钥已销毁，内容无法恢复。")
    return _unwrap(bytes(row.wrapped), tenant_id, version)


def derived(purpose: str) -> bytes:
    """Return a 32-byte key for one purpose, derived from the master key (HMAC-SHA256)."""
    return hmac.new(settings.MASTER_KEY, purpose.encode(), hashlib.sha256).digest()


def _wrap(key: bytes, tenant_id: int, version: int) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(derived("wrap")).encrypt(nonce, key, f"{tenant_id}/{version}".encode())


def _unwrap(wrapped: bytes, tenant_id: int, version: int) -> bytes:
    return AESGCM(derived("wrap")).decrypt(wrapped[:12], wrapped[12:], f"{tenant_id}/{version}".encode())
