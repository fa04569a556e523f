"""Many ids in one condition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup
from django.db.models.sql.compiler import SQLCompiler


class Among(Lookup):  # type: ignore[type-arg]  # not subscriptable at run time
    """``column = any(array)``: thousands of ids as one parameter instead of thousands of places in the statement."""

    lookup_name = "among"
    prepare_rhs = False

    def __init__(self, column: str, ids: Sequence[int]) -> None:
        super().__init__(F(column), list(ids))

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        """Return the condition and its array."""
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = any(%s)", [*parameters, self.rhs]
