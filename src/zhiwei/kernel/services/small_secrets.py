"""Small secrets in rows: encrypted with the tenant's key and bound to the place they stand in."""

from __future__ import annotations

import secrets
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhiwei.kernel import keys
from zhiwei.kernel.errors import NotFoundError

_NONCE = 12


def seal(*, tenant_id: int, place: str, content: bytes, now: datetime) -> bytes:
    """Return ``content`` encrypted (AES-256-GCM) for one place, e.g. ``second-factor/17``."""
    key, version = keys.data_key(tenant_id, now)
    nonce = secrets.token_bytes(_NONCE)
    return version.to_bytes(4, "big") + nonce + AESGCM(key).encrypt(nonce, content, _bound(place, tenant_id))


def unseal(*, tenant_id: int, place: str, sealed: bytes) -> bytes:
    """Return what was sealed for this place.

    Raises:
        NotFoundError: The key was shredded, or the bytes were sealed for another place.
    """
    key = keys.data_key_version(tenant_id, int.from_bytes(sealed[:4], "big"))
    try:
        return AESGCM(key).decrypt(sealed[4 : 4 + _NONCE], sealed[4 + _NONCE :], _bound(place, tenant_id))
    except InvalidTag:
        raise NotFoundError("密文与所在位置不符，无法解密。") from None


def _bound(place: str, tenant_id: int) -> bytes:
    return f"small-secret/{place}/{tenant_id}".encode()
