"""The least coarsening that makes a table k-anonymous: a search over whole-column generalisation levels."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from zhiwei.engines.privacy.anonymity import Row, group_rows

Level = Callable[[str], str]
MOST_NODES = 20_000
_DATE = re.compile(r"((?:19|20)[0-9]{2})[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})日?)?月?")


@dataclass(frozen=True)
class Hierarchy:
    """Ways to write one column, from as it is to not at all.

    Attributes:
        names: what each level does, for people.
        levels: the functions; the first changes nothing, the last gives ``*``.
    """

    names: tuple[str, ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Generalisation:
    """A way to reach k.

    Attributes:
        levels: chosen level per quasi-identifier.
        descriptions: the same in words.
        rows: the coarsened rows that remain.
        suppressed: rows left out because their group stayed too small.
        loss: 0 (nothing changed) to 1 (everything hidden): mean of level over height, with 1 for a
            suppressed row.
    """

    levels: tuple[int, ...]
    descriptions: tuple[str, ...]
    rows: tuple[Row, ...]
    suppressed: int
    loss: float


def infer_hierarchy(values: Sequence[str]) -> Hierarchy:
    """Intervals for numbers, coarser dates, shortened codes; words are kept or hidden."""
    filled = [value for value in values if value]
    if filled and all(_DATE.fullmatch(value) for value in filled):
        return Hierarchy(
            ("as it is", "month", "year", "decade", "hidden"), (_same, _month, _year, _decade, _hidden)
        )
    if filled and all(re.fullmatch(r"-?[0-9]{1,4}(?:\.[0-9]+)?", value) for value in filled):
        spread = max(map(float, filled)) - min(map(float, filled))
        widths = [w for w in (2, 5, 10, 20, 50, 100) if w < max(spread, 3)]
        names = ("as it is", *(f"intervals of {w}" for w in widths), "hidden")
        return Hierarchy(names, (_same, *(_interval(w) for w in widths), _hidden))
    if (
        filled
        and len({len(v) for v in filled}) == 1
        and all(re.fullmatch(r"[0-9A-Za-z]{5,}", v) for v in filled)
    ):
        cuts = range(1, len(filled[0]))
        names = ("as it is", *(f"last {cut} hidden" for cut in cuts), "hidden")
        return Hierarchy(names, (_same, *(_shorten(cut) for cut in cuts), _hidden))
    return Hierarchy(("as it is", "hidden"), (_same, _hidden))


def find_generalisation(
    rows: Sequence[Row], quasi: Sequence[str], k: int, *, most_suppressed: float = 0.05
) -> Generalisation | None:
    """The least lossy levels with every remaining group of k or more.

    Nodes are visited by rising loss, so the first that holds is the best; a level whose coarser neighbour has
    been seen to fail is not counted again (groups only grow as levels rise).

    Args:
        rows: column to value.
        quasi: columns to coarsen.
        k: smallest group allowed, 1 or more.
        most_suppressed: share of rows that may be left out.

    Returns:
        None when the table has fewer than k rows.

    Raises:
        ValueError: k below 1, or more than :data:`MOST_NODES` combinations.
    """
    if k < 1:
        raise ValueError(f"k is {k}; it must be 1 or more")
    if len(rows) < k:
        return None
    hierarchies = [infer_hierarchy([row[column] for row in rows]) for column in quasi]
    nodes = list(product(*(range(len(h.levels)) for h in hierarchies)))
    if len(nodes) > MOST_NODES:
        raise ValueError(f"{len(nodes)} combinations of levels; name fewer quasi-identifiers")
    columns = [
        [[level(row[c]) for row in rows] for level in h.levels]
        for c, h in zip(quasi, hierarchies, strict=True)
    ]
    failed: list[tuple[int, ...]] = []
    best: Generalisation | None = None
    for node in sorted(nodes, key=lambda n: _node_loss(n, hierarchies)):
        if best is not None and _node_loss(node, hierarchies) >= best.loss:
            break
        if any(all(a <= b for a, b in zip(node, worse, strict=True)) for worse in failed):
            continue
        found = _try_node(
            rows,
            quasi,
            k=k,
            most_suppressed=most_suppressed,
            node=node,
            columns=columns,
            hierarchies=hierarchies,
        )
        if found is None:
            failed.append(node)
        elif best is None or found.loss < best.loss:
            best = found
    return best


def _node_loss(node: Sequence[int], hierarchies: Sequence[Hierarchy]) -> float:
    return sum(level / (len(h.levels) - 1) for level, h in zip(node, hierarchies, strict=True)) / max(
        1, len(node)
    )


def _try_node(
    rows: Sequence[Row],
    quasi: Sequence[str],
    *,
    k: int,
    most_suppressed: float,
    node: tuple[int, ...],
    columns: Sequence[Sequence[Sequence[str]]],
    hierarchies: Sequence[Hierarchy],
) -> Generalisation | None:
    coarse = [columns[place][level] for place, level in enumerate(node)]
    changed = [
        {**row, **dict(zip(quasi, values, strict=True))}
        for row, values in zip(rows, zip(*coarse, strict=True), strict=True)
    ]
    groups = group_rows(changed, quasi).values()
    left_out = {number for members in groups if len(members) < k for number in members}
    if len(left_out) > most_suppressed * len(rows) or len(left_out) == len(rows):
        return None
    share = len(left_out) / len(rows)
    return Generalisation(
        node,
        tuple(h.names[level] for level, h in zip(node, hierarchies, strict=True)),
        tuple(row for number, row in enumerate(changed) if number not in left_out),
        len(left_out),
        share + (1 - share) * _node_loss(node, hierarchies),
    )


def _same(value: str) -> str:
    return value


def _hidden(_: str) -> str:
    return "*"


def _interval(width: int) -> Level:
    def coarsen(value: str) -> str:
        if not value:
            return ""
        low = int(float(value) // width * width)
        return f"[{low},{low + width})"

    return coarsen


def _shorten(cut: int) -> Level:
    return lambda value: value[:-cut] + "*" * cut if value else ""


def _month(value: str) -> str:
    found = _DATE.fullmatch(value)
    return f"{found[1]}-{int(found[2]):02d}" if found else value


def _year(value: str) -> str:
    return value[:4]


def _decade(value: str) -> str:
    return f"{value[:3]}0s" if value else ""
