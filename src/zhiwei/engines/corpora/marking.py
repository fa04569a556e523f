"""Hashes of what a version holds, and the hidden mark of who took it: the order of its records."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence

import numpy as np

LEAST_TRACED = 12


def record_line(record: object) -> str:
    """Return JSON on one canonical line (sorted keys, no blanks): what is written is what is hashed."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def record_hash(line: str) -> bytes:
    """Return the SHA-256 of a canonical line."""
    return hashlib.sha256(line.encode()).digest()


class ContentHash:
    """A hash over records and files that does not depend on their order.

    The sum of all SHA-256 digests modulo 2²⁵⁶, hashed together with their number. It binds a set of records whose
    writer is trusted (we hash what we wrote); it is not meant against somebody who may choose records freely.
    """

    def __init__(self) -> None:
        self._sum, self._count = 0, 0

    def add(self, digest: bytes) -> None:
        """Take one record's or file's digest in."""
        self._sum = (self._sum + int.from_bytes(digest, "big")) % (1 << 256)
        self._count += 1

    def hexdigest(self) -> str:
        """Return the hash of everything so far."""
        whole = self._sum.to_bytes(32, "big") + self._count.to_bytes(8, "big")
        return hashlib.sha256(whole).hexdigest()


def marked_order(ids: Sequence[str], key: bytes) -> list[int]:
    """Return the order of records (places in ``ids``) that belongs to one recipient's key."""
    return sorted(range(len(ids)), key=lambda place: _rank(ids[place], key))


def trace(ids: Sequence[str], keys: Mapping[str, bytes]) -> list[tuple[str, float, float]]:
    """Tell by the order of records whose copy a file (or a part of it) is.

    Args:
        ids: The records' ids in the order found; at least ``LEAST_TRACED``.
        keys: Recipients' keys by name.

    Returns:
        ``(name, tau, p)`` by falling Kendall's tau; near 1 for the owner of the copy, near 0 for others, and near
        0 for all when the records were sorted or shuffled.

    Raises:
        ValueError: Too few records.
    """
    from scipy import stats

    if len(ids) < LEAST_TRACED:
        raise ValueError(f"{len(ids)} records; at least {LEAST_TRACED} are needed to tell")
    found = []
    for name, key in keys.items():
        ranks = np.array([int.from_bytes(_rank(one, key)[:6], "big") for one in ids])
        result = stats.kendalltau(np.arange(len(ids)), ranks)
        found.append((name, float(result.statistic), float(result.pvalue)))
    return sorted(found, key=lambda one: -one[1])


def public_id(prefix: str, key: bytes, *parts: object) -> str:
    """Return an id that stands for something within one version and cannot be joined across versions."""
    text = "\0".join(map(str, parts))
    return f"{prefix}{hmac.new(key, f'{prefix}:{text}'.encode(), hashlib.sha256).hexdigest()[:16]}"


def _rank(one: str, key: bytes) -> bytes:
    return hmac.new(key, one.encode(), hashlib.sha256).digest()
