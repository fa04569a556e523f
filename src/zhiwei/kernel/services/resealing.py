"""Small secrets follow when a tenant's data key changes (they carry the key's version in their first four bytes)."""

from __future__ import annotations

from collections.abc import Iterator

from zhiwei.kernel import clock
from zhiwei.kernel.models import IdentityProvider, SecondFactor
from zhiwei.kernel.services import small_secrets


def behind(tenant_id: int, version: int) -> int:
    """Return how many secrets of a tenant lie under versions older than this one."""
    return sum(1 for _row in _older(tenant_id, version))


def renew(tenant_id: int, version: int) -> int:
    """Seal them anew; returns how many there were."""
    rows = list(_older(tenant_id, version))
    for row, place in rows:
        content = small_secrets.unseal(tenant_id=tenant_id, place=place, sealed=bytes(row.secret or b""))
        row.secret = small_secrets.seal(tenant_id=tenant_id, place=place, content=content, now=clock.now())
        row.save(update_fields=["secret"])
    return len(rows)


def _older(tenant_id: int, version: int) -> Iterator[tuple[SecondFactor | IdentityProvider, str]]:
    for factor in SecondFactor.objects.filter(tenant_id=tenant_id):
        if _version(factor.secret) < version:
            yield factor, f"second-factor/{factor.account_id}"
    for provider in IdentityProvider.objects.filter(tenant_id=tenant_id):
        if provider.secret and _version(provider.secret) < version:
            yield provider, f"identity-provider/{provider.uuid}"


def _version(sealed: bytes | memoryview | None) -> int:
    return int.from_bytes(bytes(sealed or b"")[:4], "big")
