"""Seals: reference values of RFC 6962, and every way of tampering shows."""

from __future__ import annotations

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.seals import FindingKind, Seal, compare_leaves, leaf_hash, merkle_root, seal_digest

REFERENCE_INPUTS = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
REFERENCE_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
"""Roots of the first n of the inputs, as Certificate Transparency's own test vectors give them."""


def test_the_published_roots() -> None:
    leaves = [hashlib.sha256(b"\x00" + bytes.fromhex(one)).digest() for one in REFERENCE_INPUTS]
    for count, root in REFERENCE_ROOTS.items():
        assert merkle_root(leaves[:count]).hex() == root
    assert merkle_root([]).hex() == hashlib.sha256(b"").hexdigest()


def test_canonical_json_does_not_depend_on_key_order() -> None:
    assert leaf_hash({"a": 1, "b": "字"}) == leaf_hash({"b": "字", "a": 1})
    assert leaf_hash({"a": 1}) != leaf_hash({"a": "1"})


@settings(max_examples=40)
@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=40), st.data())
def test_any_change_of_a_leaf_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    where = data.draw(st.integers(0, len(leaves) - 1))
    changed = [*leaves]
    changed[where] = hashlib.sha256(leaves[where]).digest()
    assert merkle_root(changed) != merkle_root(leaves)
    assert merkle_root(leaves[:-1]) != merkle_root(leaves)


def test_each_way_of_tampering_is_named() -> None:
    sealed = [(number, bytes([number]) * 32) for number in (1, 2, 3, 4)]
    clean = dict(sealed)

    def kinds(present: dict[int, bytes], order: list[int]) -> set[FindingKind]:
        return {finding.kind for finding in compare_leaves(1, sealed, present, order)}

    assert kinds(clean, [1, 2, 3, 4]) == set()
    assert kinds({**clean, 2: b"x" * 32}, [1, 2, 3, 4]) == {FindingKind.CHANGED}
    assert kinds({k: v for k, v in clean.items() if k != 3}, [1, 2, 4]) == {FindingKind.REMOVED}
    assert kinds({**clean, 9: b"y" * 32}, [1, 2, 9, 3, 4]) == {FindingKind.INSERTED}
    assert kinds(clean, [1, 3, 2, 4]) == {FindingKind.REORDERED}


def test_a_digest_covers_every_part() -> None:
    seal = Seal("7", 1, (1, 2), b"r" * 32, b"p" * 32, "2026-10-12T09:00:00+08:00")
    others = [
        Seal("8", 1, (1, 2), seal.root, seal.previous, seal.sealed_at),
        Seal("7", 2, (1, 2), seal.root, seal.previous, seal.sealed_at),
        Seal("7", 1, (2, 1), seal.root, seal.previous, seal.sealed_at),
        Seal("7", 1, (1, 2), b"q" * 32, seal.previous, seal.sealed_at),
        Seal("7", 1, (1, 2), seal.root, b"q" * 32, seal.sealed_at),
        Seal("7", 1, (1, 2), seal.root, seal.previous, "2027"),
    ]
    assert len({seal_digest(one) for one in [seal, *others]}) == 7
