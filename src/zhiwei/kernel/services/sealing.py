"""Sealing the audit trail, and proving that nobody changed it since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection

from zhiwei.engines.seals import (
    Finding,
    FindingKind,
    Seal,
    compare_leaves,
    leaf_hash,
    merkle_root,
    seal_digest,
)
from zhiwei.kernel import keys, scope
from zhiwei.kernel.models import AuditRow, AuditSeal

BATCH = 20_000
SETTLE = timedelta(minutes=3)
"""Rows younger than this wait for the next seal: a transaction begun earlier may still commit a lower id."""
NOTHING = "0" * 64
LOCK = 7_301
"""Space of advisory locks for sealing: one sealer a trail."""
FIELDS = (
    "id", "tenant_id", "account_id", "actor_id", "actor_name", "verb", "kind", "object_id", "about_id", "level",
    "detail",
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """What a verification saw.

    Attributes:
        heads: Digest of the newest seal by tenant id: keep it elsewhere, and a trail cut short will show.
    """

    seals: int
    rows: int
    unsealed: int
    findings: tuple[Finding, ...]
    heads: Mapping[int, str]


def seal_trail(*, tenant_id: int, now: datetime) -> int:
    """Seal what has settled since the last seal of a tenant; returns how many rows were sealed."""
    with scope.entered([tenant_id]):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, %s)", [LOCK, tenant_id])
        last = AuditSeal.objects.filter(tenant_id=tenant_id).order_by("-number").first()
        after = max(last.ids) if last else 0
        rows = AuditRow.objects.filter(tenant_id=tenant_id, pk__gt=after, at__lt=now - SETTLE).order_by("pk")[
            :BATCH
        ]
        leaves = [(row.pk, leaf_hash(record_of(row))) for row in rows]
        if not leaves:
            return 0
        previous = last.digest if last else NOTHING
        seal = Seal(
            str(tenant_id), (last.number if last else 0) + 1, tuple(one for one, _leaf in leaves),
            merkle_root([leaf for _one, leaf in leaves]), bytes.fromhex(previous), instant(now),
        )  # fmt: skip
        digest = seal_digest(seal)
        AuditSeal.objects.create(
            tenant_id=tenant_id, number=seal.number, ids=list(seal.ids), sealed_at=now, previous=previous,
            leaves=b"".join(leaf for _one, leaf in leaves), root=seal.root.hex(), digest=digest.hex(),
            signature=_key().sign(digest).hex(),
        )  # fmt: skip
    return len(leaves)


def seal_everywhere(*, now: datetime) -> int:
    """Seal the trails of all tenants; returns how many rows were sealed."""
    with scope.everywhere("seal the audit trail"):
        tenants = list(AuditRow.objects.order_by().values_list("tenant_id", flat=True).distinct())
    return sum(seal_trail(tenant_id=one, now=now) for one in tenants)


def verify_trail(*, against: Mapping[int, str] | None = None) -> Report:
    """Check every seal of every tenant against the rows that are there.

    Args:
        against: Heads kept elsewhere (``Report.heads`` of an earlier run): each must still be in its chain.
    """
    with scope.everywhere("verify the audit trail"):
        findings: list[Finding] = []
        heads: dict[int, str] = {}
        chains: dict[int, set[str]] = {}
        rows = seals = 0
        for seal in AuditSeal.objects.order_by("tenant_id", "number").iterator(50):
            before = heads.get(seal.tenant_id, NOTHING)
            findings += _check(seal, before, expected=len(chains.get(seal.tenant_id, ())) + 1)
            heads[seal.tenant_id] = seal.digest
            chains.setdefault(seal.tenant_id, set()).add(seal.digest)
            rows, seals = rows + len(seal.ids), seals + 1
        for tenant_id, head in (against or {}).items():
            if head not in chains.get(tenant_id, set()):
                findings.append(Finding(FindingKind.BROKEN_CHAIN, 0, 0))
        unsealed = AuditRow.objects.count() - rows
    return Report(seals, rows, max(unsealed, 0), tuple(findings), heads)


def public_key() -> str:
    """Return the Ed25519 public key (hex) that others verify seals with."""
    return _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def record_of(row: AuditRow) -> dict[str, object]:
    """Return an audit row as the JSON that is sealed."""
    return {**{name: getattr(row, name) for name in FIELDS}, "at": row.at.timestamp()}


def _check(seal: AuditSeal, before: str, *, expected: int) -> Iterator[Finding]:
    content = Seal(
        str(seal.tenant_id), seal.number, tuple(seal.ids), bytes.fromhex(seal.root), bytes.fromhex(seal.previous),
        instant(seal.sealed_at),
    )  # fmt: skip
    leaves = bytes(seal.leaves)
    sealed = [(one, leaves[32 * i : 32 * i + 32]) for i, one in enumerate(seal.ids)]
    if seal.previous != before or seal.number != expected:
        yield Finding(FindingKind.BROKEN_CHAIN, seal.number)
    if merkle_root([leaf for _one, leaf in sealed]).hex() != seal.root:
        yield Finding(FindingKind.BAD_ROOT, seal.number)
    if not _signed(seal, content):
        yield Finding(FindingKind.BAD_SIGNATURE, seal.number)
    rows = AuditRow.objects.filter(tenant_id=seal.tenant_id, pk__gte=min(seal.ids), pk__lte=max(seal.ids))
    present = {row.pk: leaf_hash(record_of(row)) for row in rows.order_by("pk").iterator(2000)}
    yield from compare_leaves(seal.number, sealed, present, list(present))


def _signed(seal: AuditSeal, content: Seal) -> bool:
    digest = seal_digest(content)
    try:
        _key().public_key().verify(bytes.fromhex(seal.signature), digest)
    except InvalidSignature:
        return False
    return digest.hex() == seal.digest


def instant(at: datetime) -> str:
    """Return the instant as it is signed: UTC, so that no setting of time zones changes it."""
    return at.astimezone(UTC).isoformat()


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.derived("audit-seal"))
