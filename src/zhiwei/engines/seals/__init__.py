"""Sealed records: Merkle trees over rows, and what a comparison with them shows."""

from zhiwei.engines.seals.merkle import leaf_hash, merkle_root
from zhiwei.engines.seals.trail import Finding, FindingKind, Seal, compare_leaves, seal_digest

__all__ = ["Finding", "FindingKind", "Seal", "compare_leaves", "leaf_hash", "merkle_root", "seal_digest"]
