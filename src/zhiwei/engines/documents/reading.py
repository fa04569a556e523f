"""A file in, its blocks out: read by a process that limits itself and can be killed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import cast

from zhiwei.engines.documents.values import Block, Limits, ReadDocument, RefusedError

_WORKER = Path(__file__).with_name("worker.py")
_KILLED = {-9, -24}


def read_document(path: Path, name: str, limits: Limits | None = None) -> ReadDocument:
    """Read a document.

    Args:
        path: Where the bytes are.
        name: What the file was called; it only chooses among kinds of text.
        limits: Bounds; a file beyond them is refused.

    Raises:
        RefusedError: With a code for :func:`~zhiwei.engines.documents.advice`.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if size == 0:
        raise RefusedError("empty")
    if size > limits.file_bytes:
        raise RefusedError("file_too_large")
    command = [sys.executable, "-I", str(_WORKER), str(path), name[-200:], json.dumps(asdict(limits))]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and program; path and name are data
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedError("took_too_long") from error
    lines = done.stdout.splitlines()
    if done.returncode != 0 or not lines:
        raise RefusedError("took_too_long" if done.returncode in _KILLED else "crashed")
    return _document([cast(dict[str, object], json.loads(line)) for line in lines])


def _document(rows: list[dict[str, object]]) -> ReadDocument:
    last = rows[-1]
    if "refused" in last:
        raise RefusedError(str(last["refused"]))
    blocks = tuple(
        Block(str(row["text"]), int(cast(int, row["page"])), int(cast(int, row["level"])))
        for row in rows[:-1]
    )
    pictures = tuple(cast(list[int], last["pictures"]))
    title = next((block.text for block in blocks if block.level == 1), "")
    if not blocks and not pictures:
        raise RefusedError("no_text")
    return ReadDocument(str(last["kind"]), blocks, int(cast(int, last["pages"])), pictures, title[:200])
