"""The sealed trail as a file that others can check without us: seals, records and the public key."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TextIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from zhiwei.engines.seals import (
    Finding,
    FindingKind,
    Seal,
    compare_leaves,
    leaf_hash,
    merkle_root,
    seal_digest,
)
from zhiwei.kernel import scope
from zhiwei.kernel.models import AuditRow, AuditSeal
from zhiwei.kernel.services.sealing import NOTHING, instant, public_key, record_of

FORM = "zhiwei-trail-1"


def write_trail(out: TextIO, *, tenant_id: int | None = None) -> int:
    """Write a line for the head and one for each seal with its records; returns how many seals."""
    out.write(json.dumps({"form": FORM, "public_key": public_key()}) + "\n")
    seals = 0
    with scope.everywhere("export the audit trail"):
        rows = AuditSeal.objects.order_by("tenant_id", "number")
        for seal in (rows.filter(tenant_id=tenant_id) if tenant_id else rows).iterator(20):
            out.write(json.dumps(_line(seal), ensure_ascii=False) + "\n")
            seals += 1
    return seals


def check_lines(lines: Iterable[str], *, key: str = "") -> Iterator[Finding]:
    """Check an exported trail with nothing but the file; yields what is wrong.

    Args:
        key: The public key one trusts; the file's own when "".

    Raises:
        ValueError: Not an exported trail.
    """
    rows = iter(lines)
    head = json.loads(next(rows, "{}"))
    if head.get("form") != FORM:
        raise ValueError("not an exported audit trail")
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key or head["public_key"]))
    before: dict[str, tuple[int, str]] = {}
    for row in rows:
        one = json.loads(row)
        number, digest = before.get(one["trail"], (0, NOTHING))
        if (one["number"], one["previous"]) != (number + 1, digest):
            yield Finding(FindingKind.BROKEN_CHAIN, one["number"])
        yield from _check(one, public)
        before[one["trail"]] = (one["number"], one["digest"])


def _line(seal: AuditSeal) -> dict[str, object]:
    rows = AuditRow.objects.filter(tenant_id=seal.tenant_id, pk__gte=min(seal.ids), pk__lte=max(seal.ids))
    return {
        "trail": str(seal.tenant_id), "number": seal.number, "sealed_at": instant(seal.sealed_at), "ids": seal.ids,
        "root": seal.root, "previous": seal.previous, "digest": seal.digest, "signature": seal.signature,
        "leaves": bytes(seal.leaves).hex(), "records": [record_of(row) for row in rows.order_by("pk")],
    }  # fmt: skip


def _check(one: dict[str, object], public: Ed25519PublicKey) -> Iterator[Finding]:
    ids, records = one["ids"], one["records"]
    assert isinstance(ids, list) and isinstance(records, list)
    number, leaves = int(str(one["number"])), bytes.fromhex(str(one["leaves"]))
    sealed = [(number_, leaves[32 * at : 32 * at + 32]) for at, number_ in enumerate(ids)]
    content = Seal(
        str(one["trail"]), number, tuple(ids), bytes.fromhex(str(one["root"])), bytes.fromhex(str(one["previous"])),
        str(one["sealed_at"]),
    )  # fmt: skip
    if merkle_root([leaf for _id, leaf in sealed]).hex() != one["root"]:
        yield Finding(FindingKind.BAD_ROOT, number)
    digest = seal_digest(content)
    try:
        public.verify(bytes.fromhex(str(one["signature"])), digest)
    except InvalidSignature:
        yield Finding(FindingKind.BAD_SIGNATURE, number)
    if digest.hex() != one["digest"]:
        yield Finding(FindingKind.BROKEN_CHAIN, number)
    present = {int(record["id"]): leaf_hash(record) for record in records}
    yield from compare_leaves(number, sealed, present, [int(record["id"]) for record in records])
