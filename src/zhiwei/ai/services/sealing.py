"""Secrets and contents sealed with a tenant's key (AES-256-GCM); what they are for is bound in."""

from __future__ import annotations

import secrets
import zlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhiwei.kernel import keys
from zhiwei.kernel.errors import NotFoundError

NONCE = 12
MOST_BYTES = 4 * 1024 * 1024


def seal(key: bytes, text: str, purpose: str) -> bytes:
    """Return a text sealed with a 32-byte key; it opens only for the same purpose."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, zlib.compress(text.encode(), 1), purpose.encode())


def unseal(key: bytes, sealed: bytes, purpose: str) -> str:
    """Return what was sealed.

    Raises:
        NotFoundError: Damaged, or sealed with another key or for another purpose.
    """
    try:
        packed = AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], purpose.encode())
    except InvalidTag as error:
        raise NotFoundError("内容已损坏或密钥不符。") from error
    opened = zlib.decompressobj()
    return opened.decompress(packed, MOST_BYTES).decode()


def unseal_of(tenant_id: int, version: int, sealed: bytes, purpose: str) -> str:
    """Return what was sealed with one version of a tenant's key.

    Raises:
        NotFoundError: The key was shredded, or the content is damaged.
    """
    return unseal(keys.data_key_version(tenant_id, version), bytes(sealed), purpose)
