"""Which tenants' rows the running code may touch.

Two walls stand on this one fact. The managers of tenant tables filter by it (and refuse to run without it);
row-level security in PostgreSQL reads the same list from ``zhiwei.tenants``, set with ``SET LOCAL`` so that it
can never outlive its transaction on a pooled connection.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection, transaction

from zhiwei.kernel.errors import ScopeMissingError

EVERYWHERE = "*"
_TELL = "select set_config('zhiwei.tenants', %s, true)"


@dataclass(frozen=True)
class Scope:
    """Tenant ids in reach; ``everywhere`` only for the platform's own named purposes."""

    tenants: frozenset[int]
    everywhere: bool = False
    reason: str = ""

    def setting(self) -> str:
        """Return the value for ``zhiwei.tenants``."""
        return EVERYWHERE if self.everywhere else ",".join(map(str, sorted(self.tenants)))


_current: ContextVar[Scope | None] = ContextVar("zhiwei_scope", default=None)
_filters_off: ContextVar[bool] = ContextVar("zhiwei_filters_off", default=False)


def current() -> Scope:
    """Return the scope in force.

    Raises:
        ScopeMissingError: Code touches tenants' tables outside ``entered``.
    """
    scope = _current.get()
    if scope is None:
        raise ScopeMissingError("a tenant table was queried outside kernel.scope.entered(…)")
    return scope


def filters_on() -> bool:
    """Whether managers add the tenant filter (the wall test switches it off to try the database alone)."""
    return not _filters_off.get()


@contextmanager
def entered(tenants: Iterable[int]) -> Iterator[Scope]:
    """Open a transaction in which just these tenants' rows exist."""
    with _applied(Scope(frozenset(tenants))) as scope:
        yield scope


@contextmanager
def everywhere(reason: str) -> Iterator[Scope]:
    """Open a transaction over all tenants, for platform work that belongs to none (``reason`` says which)."""
    with _applied(Scope(frozenset(), everywhere=True, reason=reason)) as scope:
        yield scope


@contextmanager
def narrowed(tenants: Iterable[int]) -> Iterator[Scope]:
    """Narrow the transaction already open to these tenants, to its end (saves a savepoint per request)."""
    scope = Scope(frozenset(tenants))
    _tell_database(scope)
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


@contextmanager
def one_trip(tenants: Iterable[int]) -> Iterator[psycopg.Connection[Any]]:
    """Send the statements run on the given connection as one transaction, in a single journey to the database.

    For the few doors where thousands knock: nothing is answered before the block ends, so results are fetched
    after it, and the statements cannot depend on one another in Python. An error in any of them undoes all.
    """
    before = _current.get()
    connection.ensure_connection()
    held: psycopg.Connection[Any] = connection.connection
    held.prepare_threshold = 1
    with connection.wrap_database_errors, held.pipeline():
        psycopg.Cursor(held).execute(_TELL, [Scope(frozenset(tenants)).setting()])
        yield held
    if before is not None:
        _tell_database(before)


@contextmanager
def without_filters() -> Iterator[None]:
    """Switch the managers' filters off; row-level security must hold alone. For tests of that wall."""
    token = _filters_off.set(True)
    try:
        yield
    finally:
        _filters_off.reset(token)


@contextmanager
def _applied(scope: Scope) -> Iterator[Scope]:
    before = _current.get()
    with transaction.atomic():
        _tell_database(scope)
        token = _current.set(scope)
        try:
            yield scope
        finally:
            _current.reset(token)
            if before is not None and not connection.needs_rollback:
                _tell_database(before)


def _tell_database(scope: Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [scope.setting()])
