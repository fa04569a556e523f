"""A run: one scan answers all rules about single cells, groups follow one by one, failing rows are kept as Parquet.

The failing rows come out as pairs ``(rule, row)`` sorted by both, so that a page of them is read without the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhiwei.engines.quality import cells, groups, wholes
from zhiwei.engines.quality.errors import QualityError
from zhiwei.engines.quality.forms import check_rule
from zhiwei.engines.quality.session import columns_of, folders_of, session
from zhiwei.engines.quality.sql import Column, files, literal, name, source
from zhiwei.engines.quality.values import Checked, Form, Limits, Outcome, Rule, Table

if TYPE_CHECKING:
    import duckdb

_BITS = 62
Progress = Callable[[int, int], None]
Planned = tuple[int, Rule, list[Column]]


def check(
    table: Table,
    rules: Sequence[Rule],
    *,
    as_of: date,
    work: Path,
    references: Mapping[str, Table] | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Ask a table all rules.

    Args:
        as_of: The day that "recent" is counted from.
        work: An empty folder for spilling; ``failing.parquet`` is written there.
        references: Other tables by the name that rules refer to.
        progress: Called with steps done and to do.

    Raises:
        QualityError: The table cannot be read, or a rule's params do not fit its form.
    """
    known = dict(references or {})
    for rule in rules:
        check_rule(rule)
    with session(folders_of(table, *known.values()), work, limits or Limits()) as database:
        return _Run(database, table, rules, as_of, known, progress).done(work / "failing.parquet")


class _Run:
    """One run over one table."""

    def __init__(
        self,
        database: duckdb.DuckDBPyConnection,
        table: Table,
        rules: Sequence[Rule],
        as_of: date,
        references: Mapping[str, Table],
        progress: Progress | None,
    ) -> None:
        self.database, self.table, self.rules, self.as_of = database, table, rules, as_of
        self.references, self.told = references, progress or (lambda _done, _total: None)
        self.outcomes: dict[int, Outcome] = {}
        self.planned = self._plan()

    def _plan(self) -> list[Planned]:
        """Take the rules that can be asked; say of the others why not."""
        there, planned = columns_of(self.database, self.table), []
        for place, rule in enumerate(self.rules):
            problem = self._problem(rule, there)
            if problem:
                self.outcomes[place] = Outcome(rule.key, 0, 0, holds=False, problem=problem)
            else:
                planned.append((place, rule, [there[one] for one in rule.columns]))
        return planned

    def _problem(self, rule: Rule, there: Mapping[str, Column]) -> str:
        absent = [one for one in rule.columns if one not in there]
        if absent:
            return f"没有「{absent[0]}」这一列。"
        if rule.form is Form.REFERS:
            return self._reference_problem(rule)
        return self._pattern_problem(rule) if rule.form is Form.PATTERN else ""

    def _reference_problem(self, rule: Rule) -> str:
        other = self.references.get(str(rule.params["table"]))
        if other is None or not other.parts:
            return "对照的数据还没有内容。"
        wanted = str(rule.params["column"])
        known = columns_of(self.database, other)
        return "" if wanted in known else f"对照的数据没有「{wanted}」这一列。"

    def _pattern_problem(self, rule: Rule) -> str:
        """RE2 matches in linear time, so a pattern can be wrong but not endless."""
        import duckdb

        try:
            self.database.execute("select regexp_full_match('', ?)", [str(rule.params["pattern"])])
        except duckdb.Error:
            return "这条正则表达式无法使用。"
        return ""

    def done(self, target: Path) -> Checked:
        """Ask everything and write the failing rows."""
        self.database.execute("create temp table failing (rule smallint, row bigint)")
        single = [one for one in self.planned if cells.is_cellwise(one[1].form)]
        grouped = [one for one in self.planned if groups.is_grouped(one[1].form)]
        steps = 2 + -(-len(single) // _BITS) + len(grouped)
        self._see_edges()
        rows = self._counts()
        self.told(1, steps)
        for step, first in enumerate(range(0, len(single), _BITS), start=2):
            self._scan(single[first : first + _BITS])
            self.told(step, steps)
        for step, one in enumerate(grouped, start=steps - len(grouped)):
            self._group(*one)
            self.told(step, steps)
        self._settle()
        self._write(target)
        self.told(steps, steps)
        return Checked(rows, tuple(self.outcomes[place] for place in range(len(self.rules))), target)

    def _see_edges(self) -> None:
        """See which columns have cells to trim: one object a column, so that what is learnt holds for all rules."""
        every = {one.title: one for _place, _rule, columns in self.planned for one in columns}
        texts = [one for one in every.values() if one.is_text]
        asked = ", ".join(f"coalesce(bool_or({one.edged}), false)" for one in texts)
        found = self._one_row(f"select {asked} from {files(self.table.parts)}") if texts else ()
        for one, edged in zip(texts, found, strict=True):
            one.ragged = bool(edged)

    def _counts(self) -> int:
        """Count rows, tested rows and whatever is measured of whole columns, in one scan."""
        asked = ["count(*)"]
        places: list[tuple[int, Rule, int, int]] = []
        for place, rule, columns in self.planned:
            whole = wholes.is_whole(rule.form)
            wanted = wholes.measured(rule, columns) if whole else [cells.tested(rule, columns)]
            places.append((place, rule, len(asked), len(wanted)))
            asked += wanted
        found = self._one_row(f"select {', '.join(asked)} from {self._source(self.planned)}")
        for place, rule, first, many in places:
            self._keep_count(place, rule, found[first : first + many])
        return int(found[0])

    def _one_row(self, query: str) -> tuple[Any, ...]:
        found = self.database.execute(query).fetchone()
        if found is None:
            raise QualityError("这份数据无法读取。")
        return found

    def _keep_count(self, place: int, rule: Rule, given: Sequence[float | date | None]) -> None:
        if wholes.is_whole(rule.form):
            self.outcomes[place] = wholes.judged(rule, given, self.as_of)
        else:
            self.outcomes[place] = Outcome(rule.key, int(str(given[0])), 0, holds=True)

    def _source(self, batch: Sequence[Planned]) -> str:
        return source(self.table, (one for _place, _rule, columns in batch for one in columns))

    def _scan(self, batch: Sequence[Planned]) -> None:
        """Mark each row with the rules it breaks as bits, keep those with any, then part them by rule."""
        marks = " | ".join(
            f"(case when {cells.fails(rule, columns, self.as_of)} then {1 << bit} else 0 end)::bigint"
            for bit, (_place, rule, columns) in enumerate(batch)
        )
        self.database.execute(
            f"create or replace temp table marked as select row, mark from "
            f"(select {name(self.table.row)} as row, {marks} as mark from {self._source(batch)}) where mark <> 0"
        )
        for bit, (place, _rule, _columns) in enumerate(batch):
            self.database.execute(
                f"insert into failing select {place}, row from marked where mark & {1 << bit} <> 0"
            )
        self.database.execute("drop table marked")

    def _group(self, place: int, rule: Rule, columns: Sequence[Column]) -> None:
        query = groups.failing(rule, self.table, columns, self.references)
        self.database.execute(f"insert into failing select {place}, row from ({query})")

    def _settle(self) -> None:
        counts = dict(self.database.execute("select rule, count(*) from failing group by rule").fetchall())
        for place, rule, _columns in self.planned:
            if not wholes.is_whole(rule.form):
                tested, failing = self.outcomes[place].tested, int(counts.get(place, 0))
                holds = failing <= rule.tolerance * tested
                self.outcomes[place] = Outcome(rule.key, tested, failing, holds)

    def _write(self, target: Path) -> None:
        self.database.execute(
            f"copy (select rule, row from failing order by rule, row) to {literal(str(target))} "
            "(format parquet, compression zstd, row_group_size 65536)"
        )
