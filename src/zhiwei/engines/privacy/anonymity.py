"""How well a table hides its people: k-anonymity, l-diversity, t-closeness, re-identification risk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

Row = Mapping[str, str]
Key = tuple[str, ...]


@dataclass(frozen=True)
class RiskReport:
    """What a table gives away.

    Attributes:
        rows: number of people.
        classes: number of groups that look alike in the quasi-identifiers.
        k: size of the smallest group.
        unique_share: share of people alone in their group.
        prosecutor_max: chance to name the most exposed person, when known to be in the table.
        prosecutor_mean: the same over all people; also the marketer risk (expected share named).
        journalist_max: chance when the attacker only knows a larger population; None without one.
        at_risk_share: share of people whose prosecutor risk is above the threshold.
        l_distinct: per sensitive column, the fewest different values in a group.
        l_entropy: per sensitive column, exp of the smallest entropy in a group.
        t: per sensitive column, the largest distance of a group from the whole table, 0 to 1.
    """

    rows: int
    classes: int
    k: int
    unique_share: float
    prosecutor_max: float
    prosecutor_mean: float
    journalist_max: float | None
    at_risk_share: float
    l_distinct: Mapping[str, int]
    l_entropy: Mapping[str, float]
    t: Mapping[str, float]


def group_rows(rows: Sequence[Row], quasi: Sequence[str]) -> dict[Key, list[int]]:
    """Row numbers by their values in the quasi-identifiers."""
    groups: dict[Key, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        groups[tuple(row[column] for column in quasi)].append(number)
    return dict(groups)


def measure_risk(
    rows: Sequence[Row],
    quasi: Sequence[str],
    sensitive: Sequence[str] = (),
    *,
    threshold: float = 0.2,
    population: Mapping[Key, int] | None = None,
) -> RiskReport:
    """Measure a table.

    Args:
        rows: column to value; at least one row.
        quasi: columns an attacker may know.
        sensitive: columns an attacker wants.
        threshold: prosecutor risk above which a person counts as at risk.
        population: people per group in the population the table is drawn from.

    Raises:
        ValueError: no rows, no quasi-identifiers, an unknown column, or a population smaller than the table.

    Source: k Sweeney 2002, l Machanavajjhala 2007, t Li 2007, risks El Emam 2011.
    """
    _check(rows, [*quasi, *sensitive])
    if not quasi:
        raise ValueError("name at least one quasi-identifier")
    groups = group_rows(rows, quasi)
    sizes = [len(members) for members in groups.values()]
    at_risk = sum(size for size in sizes if 1 / size > threshold)
    values = {column: [row[column] for row in rows] for column in sensitive}
    return RiskReport(
        rows=len(rows),
        classes=len(groups),
        k=min(sizes),
        unique_share=sizes.count(1) / len(rows),
        prosecutor_max=1 / min(sizes),
        prosecutor_mean=len(groups) / len(rows),
        journalist_max=_journalist(groups, population),
        at_risk_share=at_risk / len(rows),
        l_distinct={c: min(len({v[i] for i in g}) for g in groups.values()) for c, v in values.items()},
        l_entropy={c: min(_effective([v[i] for i in g]) for g in groups.values()) for c, v in values.items()},
        t={c: max(distance([v[i] for i in g], v) for g in groups.values()) for c, v in values.items()},
    )


def _check(rows: Sequence[Row], columns: Sequence[str]) -> None:
    if not rows:
        raise ValueError("the table has no rows")
    for column in columns:
        if column not in rows[0]:
            raise ValueError(f"the table has no column '{column}'; it has {', '.join(rows[0])}")


def _journalist(groups: Mapping[Key, list[int]], population: Mapping[Key, int] | None) -> float | None:
    if population is None:
        return None
    for key, members in groups.items():
        if population.get(key, 0) < len(members):
            raise ValueError(f"the population has fewer people than the table in group {key}")
    return max(1 / population[key] for key in groups)


def _effective(values: Sequence[str]) -> float:
    """exp of the entropy: the number of equally likely values that hides as much."""
    counts = Counter(values).values()
    return exp(-sum(c / len(values) * log(c / len(values)) for c in counts))


def distance(part: Sequence[str], whole: Sequence[str]) -> float:
    """Earth mover's distance between two samples, 0 to 1.

    Numbers are ordered by size and moving to the next value costs 1/(m-1); other values are all equally far,
    which makes it the total variation. Source: Li, Li, Venkatasubramanian 2007, sections 4.1 and 4.2
    (their salaries {3k,4k,5k} against {3k..11k} give 0.375).
    """
    share, overall = Counter(part), Counter(whole)
    numbers = _as_numbers(overall)
    ordered = sorted(overall, key=numbers.__getitem__) if numbers else list(overall)
    gaps = [share[v] / len(part) - overall[v] / len(whole) for v in ordered]
    if not numbers:
        return sum(map(abs, gaps)) / 2
    running, total = 0.0, 0.0
    for gap in gaps:
        running += gap
        total += abs(running)
    return total / max(1, len(ordered) - 1)


def _as_numbers(values: Mapping[str, int]) -> dict[str, float]:
    try:
        return {value: float(value) for value in values}
    except ValueError:
        return {}


def suppress_small_cells(counts: Sequence[Sequence[int]], minimum: int) -> list[list[int | None]]:
    """Hide small counts of a table with published row and column totals.

    Counts from 1 to minimum-1 are hidden first; then, while a row or a column hides exactly one cell (which
    its total would give back), its smallest further cell is hidden too. Zero stays shown unless it must hide.

    Args:
        counts: rows of equal length, no negative number.
        minimum: smallest count that may be shown.
    """
    shown: list[list[int | None]] = [[None if 0 < c < minimum else c for c in row] for row in counts]
    changed = True
    while changed:
        changed = False
        for line in _lines(len(shown), len(shown[0]) if shown else 0):
            hidden = [cell for cell in line if shown[cell[0]][cell[1]] is None]
            others = [cell for cell in line if cell not in hidden]
            if len(hidden) == 1 and others:
                row, column = min(
                    others, key=lambda cell: (counts[cell[0]][cell[1]] == 0, counts[cell[0]][cell[1]])
                )
                shown[row][column] = None
                changed = True
    return shown


def _lines(rows: int, columns: int) -> list[list[tuple[int, int]]]:
    across = [[(row, column) for column in range(columns)] for row in range(rows)]
    return across + [[(row, column) for row in range(rows)] for column in range(columns)]
