"""What became of each point from one edition to the next, so that old responses keep their meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhiwei.engines.knowledge.values import Graph, GraphError


@dataclass(frozen=True)
class Change:
    """An author's statement: these old keys became those new keys (none: retired).

    One to one is a new key for the same point, one to many a split, many to one a merger.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class EditionDiff:
    """Edition A against edition B.

    Attributes:
        kept: Keys with unchanged name and definition.
        reworded: Keys that stayed while name or definition changed.
        renamed: (old key, new key) of the same point.
        split: (old key, new keys).
        merged: (old keys, new key).
        retired: Old keys with no successor; their responses stay readable under edition A.
        added: New keys that come from no old one.
    """

    kept: tuple[str, ...]
    reworded: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    split: tuple[tuple[str, tuple[str, ...]], ...]
    merged: tuple[tuple[tuple[str, ...], str], ...]
    retired: tuple[str, ...]
    added: tuple[str, ...]

    def successors(self, key: str) -> tuple[str, ...]:
        """Keys of edition B under which a response to ``key`` of edition A counts now.

        Raises:
            GraphError: Edition A had no such key.
        """
        found = _successor_table(self).get(key)
        if found is None:
            raise GraphError(f"the older edition has no point '{key}'")
        return found


def compare_editions(old: Graph, new: Graph, changes: Sequence[Change]) -> EditionDiff:
    """Sort every key of both editions into what happened to it.

    Raises:
        GraphError: A change names an unknown key or one key twice, or a vanished key is in no change.
    """
    _check_changes(old, new, changes)
    moved = {key for change in changes for key in change.old}
    lost = [key for key in old.points if key not in new.points and key not in moved]
    if lost:
        raise GraphError(f"'{lost[0]}' vanished: say in a change what became of it ({len(lost)} such keys)")
    stayed = [key for key in old.points if key in new.points and key not in moved]
    produced = {key for change in changes for key in change.new}
    return EditionDiff(
        kept=tuple(key for key in stayed if _same_words(old, new, key)),
        reworded=tuple(key for key in stayed if not _same_words(old, new, key)),
        renamed=tuple((c.old[0], c.new[0]) for c in changes if (len(c.old), len(c.new)) == (1, 1)),
        split=tuple((c.old[0], c.new) for c in changes if len(c.old) == 1 and len(c.new) > 1),
        merged=tuple((c.old, c.new[0]) for c in changes if len(c.old) > 1),
        retired=tuple(key for c in changes if not c.new for key in c.old),
        added=tuple(key for key in new.points if key not in old.points and key not in produced),
    )


def follow(key: str, diffs: Iterable[EditionDiff]) -> tuple[str, ...]:
    """Follow a key through several editions in order; empty when every line ends in retirement.

    Raises:
        GraphError: The first edition had no such key.
    """
    keys: tuple[str, ...] = (key,)
    for diff in diffs:
        keys = tuple(dict.fromkeys(after for before in keys for after in diff.successors(before)))
    return keys


def _check_changes(old: Graph, new: Graph, changes: Sequence[Change]) -> None:
    seen: set[str] = set()
    for change in changes:
        if not change.old:
            raise GraphError("a change must name at least one old key")
        if len(change.old) > 1 and len(change.new) > 1:
            raise GraphError(f"'{change.old[0]}': many to many is unclear; write it as splits and mergers")
        _check_known(change.old, old, "older")
        _check_known(change.new, new, "newer")
        repeated = seen.intersection(change.old)
        if repeated or len(set(change.old)) < len(change.old):
            raise GraphError(f"'{(sorted(repeated) or change.old)[0]}' is in two changes")
        seen.update(change.old)


def _check_known(keys: Iterable[str], graph: Graph, which: str) -> None:
    for key in keys:
        if key not in graph.points:
            raise GraphError(f"a change names '{key}', which the {which} edition does not have")


def _same_words(old: Graph, new: Graph, key: str) -> bool:
    before, after = old.points[key], new.points[key]
    return (before.name, before.definition) == (after.name, after.definition)


def _successor_table(diff: EditionDiff) -> Mapping[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {key: (key,) for key in (*diff.kept, *diff.reworded)}
    table.update({old: (new,) for old, new in diff.renamed})
    table.update(dict(diff.split))
    table.update({old: (new,) for olds, new in diff.merged for old in olds})
    table.update(dict.fromkeys(diff.retired, ()))
    return table
