"""Merkle tree hash as in RFC 6962: leaves and inner nodes are hashed apart, so that neither passes for the other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(record: Mapping[str, object]) -> bytes:
    """Return SHA-256 of ``0x00`` and the record as canonical JSON (sorted keys, no spaces, UTF-8).

    Args:
        record: JSON values only.
    """
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes in order; the root of nothing is SHA-256 of the empty string.

    Splitting at the largest power of two below the count, as RFC 6962 does, equals pairing level by level and
    carrying an odd node up. Cost: n - 1 hashes.
    """
    if not leaves:
        return EMPTY
    level = list(leaves)
    while len(level) > 1:
        pairs = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
