"""Many calls of a process at once: one builds, one reads, few connections, one write to the disk for all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from psycopg import Connection, connect
from psycopg.errors import DivisionByZero

from zhiwei.ai.errors import BusyError, KeyRefusedError
from zhiwei.ai.services import shared
from zhiwei.ai.services.grants import Grants
from zhiwei.ai.services.shared_work import SharedWork
from zhiwei.ai.services.statements import PooledStatements, as_text

ROW = "select %s::bigint[], %s::text[], %s::timestamptz = %s, %s::bytea, %s::boolean, %s::text"


@pytest.fixture
def opened(db: None) -> Callable[[], Connection[Any]]:
    wanted = connection.get_connection_params()
    for name in ("context", "cursor_factory", "server_side_binding", "prepare_threshold"):
        wanted.pop(name, None)
    return lambda: connect(**wanted, autocommit=True)


def test_values_arrive_as_they_were_given(opened: Callable[[], Connection[Any]]) -> None:
    statements = PooledStatements(opened)
    now = datetime(2026, 5, 1, 8, 30, 0, 123456, tzinfo=UTC)
    strange = 'a"b\\c,{d}'
    for _ in range(2):
        row = statements.run(ROW, [[1, -2], [strange, ""], now, now, b"\x00\xff", True, None])
        assert row == ("{1,-2}", '{"a\\"b\\\\c,{d}",""}', "t", "\\x00ff", "t", None)
    statements.close()


def test_an_empty_list_and_numbers_are_written_as_the_server_reads_them() -> None:
    assert as_text([]) == b"{}" and as_text(10**15) == b"1000000000000000" and as_text(False) == b"f"


def test_connections_are_few_and_given_back_after_errors(opened: Callable[[], Connection[Any]]) -> None:
    made: list[Connection[Any]] = []

    def counted() -> Connection[Any]:
        made.append(opened())
        return made[-1]

    statements = PooledStatements(counted, most=2)
    with pytest.raises(DivisionByZero):
        statements.run("select 1 / %s::int", [0])
    with ThreadPoolExecutor(8) as threads:
        rows = list(
            threads.map(lambda n: statements.run("select pg_sleep(0.01), %s::int", [n])[1], range(16))
        )
    assert rows == [str(n) for n in range(16)] and len(made) <= 2
    statements.close()


def test_a_connection_that_the_server_ended_is_left_behind(opened: Callable[[], Connection[Any]]) -> None:
    statements = PooledStatements(opened, most=1)
    mine = statements.run("select pg_backend_pid()", [])[0]
    with opened() as other:
        other.execute("set role none")
        other.execute("select pg_terminate_backend(%s::int, 1000)", [mine])
    assert statements.run("select pg_backend_pid()", [])[0] != mine
    statements.close()


def test_who_finds_no_connection_free_is_told_to_come_back(opened: Callable[[], Connection[Any]]) -> None:
    statements = PooledStatements(opened, most=1)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(statements.run, "select pg_sleep(0.3)", [])
        while statements._free._value != 0:
            pass
        with pytest.raises(BusyError):
            statements.run("select 1", [], 0.01)
        slow.result()
    statements.close()


def test_the_first_calls_of_a_process_find_one_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "_INSTEAD", [])
    shared._built.cache_clear()
    with ThreadPoolExecutor(8) as threads:
        found = {id(one) for one in threads.map(lambda _: shared.the_gateway(), range(16))}
    assert len(found) == 1
    shared._built.cache_clear()


class Reading:
    """A source of grants that counts, and waits for its release."""

    def __init__(self) -> None:
        self.count = 0
        self.go = threading.Event()

    def __call__(self, read: Callable[[], Any]) -> Any:
        del read
        self.count += 1
        self.go.wait(2)
        return object()


def test_a_grant_that_many_need_is_read_once() -> None:
    reading = Reading()
    grants = Grants(clock=lambda: 0.0, reader=reading)
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(grants._fresh, "key", object) for _ in range(8)]
        reading.go.set()
        assert len({id(one.result()) for one in asked}) == 1
    assert reading.count == 1


def test_a_grant_in_use_is_read_ahead_and_a_refused_key_ends() -> None:
    now, told = [0.0], list[Callable[[], None]]()
    grants = Grants(clock=lambda: now[0], reader=lambda read: read(), aside=told.append)
    first = grants._fresh("key", lambda: "old")
    now[0] = 3.5
    assert grants._fresh("key", lambda: "new") == first == "old" and len(told) == 1
    told.pop()()
    assert grants._fresh("key", lambda: "later") == "new"

    def refused() -> Any:
        raise KeyRefusedError("ended")

    now[0] = 7.0
    assert grants._fresh("key", refused) == "new"
    told.pop()()
    with pytest.raises(KeyRefusedError):
        grants._fresh("key", refused)


def test_many_who_wait_share_one_write_that_began_after_they_asked() -> None:
    began, release, done = threading.Event(), threading.Event(), list[int]()

    def write() -> None:
        began.set()
        release.wait(2)
        done.append(1)

    work = SharedWork(write)
    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(work)
        began.wait(2)
        others = [threads.submit(work) for _ in range(6)]
        while len(work._turn._waiters) < 6:  # type: ignore[attr-defined]
            pass
        assert not done
        release.set()
        for one in (first, *others):
            one.result(2)
    assert len(done) == 2


def test_a_write_that_fails_is_told_to_who_did_it_and_the_next_tries_again() -> None:
    tries: list[int] = []

    def write() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("disk")

    work = SharedWork(write)
    with pytest.raises(OSError, match="disk"):
        work()
    work()
    assert len(tries) == 2
