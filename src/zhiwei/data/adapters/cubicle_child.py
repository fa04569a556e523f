"""The inside of the analysis room: a process of its own that knows nothing of the house and can reach nothing.

Run by file path under ``python -I`` with an empty environment. It reads one request from standard input, builds walls
around itself, and only then looks at data or SQL. Whatever a query makes DuckDB do, it does behind these walls:

- no network: a network namespace of its own where the kernel allows it, and no new descriptor at all in any case;
- no files: no new descriptor (``RLIMIT_NOFILE``), none may grow (``RLIMIT_FSIZE`` 0), and DuckDB's own switches off;
- no processes or threads (``RLIMIT_NPROC`` 0 as a user that owns nothing), bounded memory and processor time;
- no new privileges, no tracing, and it dies with the process that started it.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from typing import Any, BinaryIO

import duckdb
import numpy as np

NOBODY = 65534
MOST_TREE = 400_000
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_SPARE_BYTES = 768 * 1024 * 1024
"""Address space beside DuckDB's own limit: the interpreter, libraries, and the data on its way in."""


def main() -> None:
    """Serve one request."""
    request = json.loads(sys.stdin.buffer.readline())
    database = duckdb.connect(":memory:", config={"threads": 1, "memory_limit": f"{request['memory_mib']}MB"})
    walls = build_walls(request)
    try:
        answer = parse(database, request["sql"]) if request["what"] == "parse" else run(database, request)
    except (duckdb.Error, MemoryError, RecursionError, ValueError) as error:
        answer = {"failed": type(error).__name__}
    sys.stdout.write(json.dumps({**answer, "walls": walls}))
    sys.stdout.flush()


def build_walls(request: dict[str, Any]) -> list[str]:
    """Shut this process in; returns which walls stand (the network namespace is the one a kernel may refuse)."""
    in_use = _address_space()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    walls = ["limits", "switches"]
    root = os.geteuid() == 0
    if libc.unshare(_NEW_NETWORK if root else _NEW_USER | _NEW_NETWORK) == 0:
        walls.append("network")
    if root:
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            walls.append("nobody")
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    seconds, memory = int(request["seconds"]), int(request["memory_mib"]) * 1024 * 1024 + _SPARE_BYTES
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, in_use + memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(what, (most, most))
    return walls


def parse(database: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    """Return the statement's tree; nothing is bound or run."""
    lock(database)
    row = database.execute(
        "SELECT json_serialize_sql(?, skip_null := true, skip_empty := true)", [sql]
    ).fetchone()
    if not row or len(row[0]) > MOST_TREE:
        raise RecursionError
    return {"tree": json.loads(row[0])}


def run(database: duckdb.DuckDBPyConnection, request: dict[str, Any]) -> dict[str, Any]:
    """Take the table in, lock up, run the plan; returns cells and sketches."""
    take_in(database, request, sys.stdin.buffer)
    lock(database)
    database.execute(request["inner"])
    cells = [[_told(value) for value in row] for row in database.execute(request["cells"]).fetchall()]
    if len(cells) > request["most_cells"]:
        return {"failed": "TooManyCells"}
    return {"cells": cells, "sketches": [_packed(database, sql) for sql in request["sketches"]]}


def take_in(database: duckdb.DuckDBPyConnection, request: dict[str, Any], source: BinaryIO) -> None:
    """Make the table of a request from its columns as they follow: ``f8`` and ``u8`` plain, words by code."""
    data: dict[str, Any] = {}
    for column in request["columns"]:
        kind = column["kind"]
        width = {"f8": 8, "u8": 8, "words": 4}[kind]
        raw = source.read(width * request["rows"])
        if kind == "words":
            words = np.array([*column["words"], None], dtype=object)
            data[column["name"]] = words[np.frombuffer(raw, dtype="<i4")]
        else:
            data[column["name"]] = np.frombuffer(raw, dtype="<" + kind)
    given = data
    names = ", ".join(
        f'"{name}"::{"VARCHAR" if values.dtype == object else "DOUBLE" if values.dtype.kind == "f" else "UBIGINT"}'
        f' AS "{name}"'
        for name, values in given.items()
    )
    database.execute(f'CREATE TABLE "{request["table"]}" AS SELECT {names} FROM given')  # noqa: S608


def lock(database: duckdb.DuckDBPyConnection) -> None:
    """Switch off everything that reaches outside, and the switches with it."""
    for setting in (
        "temp_directory = ''",
        "enable_external_access = false",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "allow_community_extensions = false",
        "python_enable_replacements = false",
        "lock_configuration = true",
    ):
        database.execute(f"SET {setting}")


def _packed(database: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    columns = database.execute(sql).fetchnumpy()
    return [
        base64.b64encode(np.asarray(one, dtype="<u4").tobytes()).decode("ascii") for one in columns.values()
    ]


def _told(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else float(value)


def _address_space() -> int:
    with open("/proc/self/statm", "rb") as pages:  # noqa: PTH123 - as few imports as can be
        return int(pages.read().split()[0]) * resource.getpagesize()


if __name__ == "__main__":
    main()
