"""A chain of seals over an append-only list of records, and how tampering shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What is wrong at one place of a sealed trail."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    REORDERED = "reordered"
    BAD_ROOT = "bad_root"
    BAD_SIGNATURE = "bad_signature"
    BROKEN_CHAIN = "broken_chain"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong; ``record_id`` is 0 when it concerns the seal as a whole."""

    kind: FindingKind
    seal_number: int
    record_id: int = 0


@dataclass(frozen=True, slots=True)
class Seal:
    """What is signed: which records (ids in order), their Merkle root, and the seal before.

    Attributes:
        number: 1, 2, 3 … within a trail.
        previous: Digest of the seal before; 32 zero bytes for the first.
        sealed_at: ISO 8601 instant.
    """

    trail: str
    number: int
    ids: tuple[int, ...]
    root: bytes
    previous: bytes
    sealed_at: str


def seal_digest(seal: Seal) -> bytes:
    """Return SHA-256 over everything the seal says (length-prefixed, so that no two seals run together)."""
    ids = hashlib.sha256(b"".join(one.to_bytes(8, "big") for one in seal.ids)).digest()
    parts = [
        seal.trail.encode(),
        seal.number.to_bytes(8, "big"),
        len(seal.ids).to_bytes(8, "big"),
        ids,
        seal.root,
    ]
    parts += [seal.previous, seal.sealed_at.encode()]
    return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def compare_leaves(
    number: int, sealed: Sequence[tuple[int, bytes]], present: Mapping[int, bytes], order: Sequence[int]
) -> list[Finding]:
    """Compare sealed leaf hashes with the records that are there now.

    Args:
        number: The seal's number, for the findings.
        sealed: ``(record id, leaf hash)`` in sealed order.
        present: Leaf hash by record id, of the records now in the seal's range.
        order: Ids of those records in the order in which the trail gives them now.
    """
    known = dict(sealed)
    found = [Finding(FindingKind.REMOVED, number, one) for one in known if one not in present]
    found += [Finding(FindingKind.INSERTED, number, one) for one in present if one not in known]
    found += [
        Finding(FindingKind.CHANGED, number, one)
        for one, digest in known.items()
        if one in present and present[one] != digest
    ]
    wanted = [one for one, _digest in sealed if one in present]
    now = [one for one in order if one in known]
    if wanted != now:
        first = next(one for one, other in zip(wanted, now, strict=True) if one != other)
        found.append(Finding(FindingKind.REORDERED, number, first))
    return found
