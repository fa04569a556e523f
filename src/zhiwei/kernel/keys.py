"""Keys: a master key outside the database wraps one data key and one index key per tenant (AES-256-GCM envelope).

Unwrapped keys are remembered in this process for a minute at most, and only once the transaction that made them has
committed: a key that was rolled back must never encrypt anything.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Sequence
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from zhiwei.kernel import clock
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.models import PlatformKey, TenantKey

DATA, INDEX, ROOT = "data", "index", "root"
REMEMBERED_SECONDS = 60.0
SHREDDED = "该单位的密钥已销毁，内容无法恢复。"
Slot = tuple[int, str, int]
Key = tuple[bytes, int]


class WrongMasterKeyError(RuntimeError):
    """No master key at hand opens what the database holds: the wrong key file, or a missing older key."""


def data_key(tenant_id: int, now: datetime) -> Key:
    """Return the tenant's newest data key and its version, making the first one when there is none.

    Raises:
        NotFoundError: The tenant's keys were shredded.
    """
    return _newest(tenant_id, DATA, now)


def newest_key(tenant_id: int) -> Key:
    """Return the key to write with; tenant 0 is the platform itself."""
    return _newest(tenant_id, DATA, None)


def index_key(tenant_id: int) -> bytes:
    """Return the key of the tenant's blind indexes."""
    return _newest(tenant_id, INDEX, None)[0]


def data_key_version(tenant_id: int, version: int) -> bytes:
    """Return one version of the tenant's data key.

    Raises:
        NotFoundError: The key was shredded; what it encrypted is gone.
    """
    slot = (tenant_id, DATA, version)
    known = _MEMORY.get(slot)
    if known is None:
        row = _rows(tenant_id, DATA).filter(version=version).first()
        if row is None or not row.wrapped:
            raise NotFoundError(SHREDDED)
        known = _MEMORY.put(slot, (unwrap(bytes(row.wrapped), bound(tenant_id, DATA, version)), version))
    return known[0]


def derived(purpose: str) -> bytes:
    """Return a 32-byte key for one purpose, derived from the platform's root key (HMAC-SHA256).

    The root key is wrapped by the master key, so that changing the master key changes nothing derived.
    """
    return hmac.new(_newest(0, ROOT, None)[0], purpose.encode(), hashlib.sha256).digest()


def derived_for(tenant_id: int, purpose: str) -> bytes:
    """Return a 32-byte key of a tenant for one purpose: stays through rotations, goes when the tenant is shredded."""
    return hmac.new(index_key(tenant_id), purpose.encode(), hashlib.sha256).digest()


def masters() -> Sequence[bytes]:
    """Return the master keys at hand, the current one first; older ones only open, they never wrap."""
    return _MASTERS or tuple(settings.MASTER_KEYS)


def fingerprint(master: bytes) -> str:
    """Return a name for a master key that tells nothing about it."""
    return hmac.new(master, b"fingerprint", hashlib.sha256).hexdigest()[:16]


def fresh() -> bytes:
    """Return a new random key."""
    return secrets.token_bytes(32)


def wrap(key: bytes, context: str) -> bytes:
    """Encrypt a key with the current master key."""
    nonce = secrets.token_bytes(12)
    return nonce + _wrapper(masters()[0]).encrypt(nonce, key, context.encode())


def unwrap(wrapped: bytes, context: str) -> bytes:
    """Decrypt a key with whichever master key opens it; the keys are read anew when none does.

    Raises:
        WrongMasterKeyError: None at hand opens it.
    """
    for attempt in range(2):
        for master in masters():
            try:
                return _wrapper(master).decrypt(wrapped[:12], wrapped[12:], context.encode())
            except InvalidTag:
                continue
        if not attempt:
            read_masters_anew()
    raise WrongMasterKeyError("主密钥与数据库不符 / the master key does not fit the database")


def read_masters_anew() -> None:
    """Read the master keys from their source again (another process has changed them)."""
    _MASTERS[:] = settings.READ_MASTER_KEYS()


def bound(tenant_id: int, purpose: str, version: int) -> str:
    """Return what a wrapped key is bound to."""
    if tenant_id and purpose == DATA:
        return f"{tenant_id}/{version}"
    return f"{tenant_id}/{purpose}/{version}"


def forget(tenant_id: int) -> None:
    """Forget the unwrapped keys of a tenant in this process (others forget within a minute)."""
    _MEMORY.drop(tenant_id)


def _newest(tenant_id: int, purpose: str, now: datetime | None) -> Key:
    slot = (tenant_id, purpose, 0)
    known = _MEMORY.get(slot)
    if known is None:
        row = _rows(tenant_id, purpose).order_by("-version").first() or _first(
            tenant_id, purpose, now or clock.now()
        )
        if not row.wrapped:
            raise NotFoundError(SHREDDED)
        key = unwrap(bytes(row.wrapped), bound(tenant_id, purpose, row.version))
        known = _MEMORY.put(slot, (key, row.version))
    return known


def _rows(tenant_id: int, purpose: str) -> QuerySet[TenantKey] | QuerySet[PlatformKey]:
    if tenant_id:
        return TenantKey.objects.filter(tenant_id=tenant_id, purpose=purpose)
    return PlatformKey.objects.filter(purpose=purpose)


def _first(tenant_id: int, purpose: str, now: datetime) -> TenantKey | PlatformKey:
    """Make the first key; of two processes that try, the second finds the first one's."""
    made = {
        "wrapped": wrap(fresh(), bound(tenant_id, purpose, 1)),
        "wrapped_by": fingerprint(masters()[0]),
        "created_at": now,
    }
    if tenant_id:
        return TenantKey.objects.get_or_create(
            tenant_id=tenant_id, purpose=purpose, version=1, defaults=made
        )[0]
    return PlatformKey.objects.get_or_create(purpose=purpose, version=1, defaults=made)[0]


def _wrapper(master: bytes) -> AESGCM:
    return AESGCM(hmac.new(master, b"wrap", hashlib.sha256).digest())


class _Memory:
    """Unwrapped keys: at once for the transaction that read them, for everybody once it has committed."""

    def __init__(self) -> None:
        self._known: dict[Slot, tuple[float, Key]] = {}
        self._here = threading.local()

    def get(self, slot: Slot) -> Key | None:
        found = self._known.get(slot)
        if found is not None and found[0] > time.monotonic():
            return found[1]
        return self._waiting().get(slot)

    def put(self, slot: Slot, key: Key) -> Key:
        waiting = self._waiting()
        waiting[slot] = key
        if not self._alive():
            self._here.marker = marker = lambda: self._promote(waiting)
            transaction.on_commit(marker)
        return key

    def drop(self, tenant_id: int) -> None:
        for slots in (self._known, self._waiting()):
            for slot in [slot for slot in slots if slot[0] == tenant_id]:
                slots.pop(slot, None)

    def _waiting(self) -> dict[Slot, Key]:
        if not self._alive():
            self._here.waiting = {}
        found: dict[Slot, Key] = self._here.waiting
        return found

    def _alive(self) -> bool:
        """Tell whether the transaction (or savepoint) that read the waiting keys is still open."""
        marker = getattr(self._here, "marker", None)
        return marker is not None and any(one[1] is marker for one in connection.run_on_commit)

    def _promote(self, waiting: dict[Slot, Key]) -> None:
        until = time.monotonic() + REMEMBERED_SECONDS
        self._known.update({slot: (until, key) for slot, key in waiting.items()})


_MEMORY = _Memory()
_MASTERS: list[bytes] = []
