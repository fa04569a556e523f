"""``bench hostile``: every import path over public corpora of damaged files and bombs of our own.

A file may be taken or refused in a sentence; it may never crash the path, take longer than its time, or answer 500.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import signal
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.hostile_bombs import bombs

if TYPE_CHECKING:
    from django.test import Client

ROOT = Path(__file__).parents[1]
SECONDS = 60
"""Longest a single file may take on one path."""
SLOW_PATHS = frozenset({"paper", "documents"})
"""Paths that start a process for each file."""


@dataclass
class Row:
    """What one corpus did to one path."""

    corpus: str
    path: str
    files: int = 0
    taken: int = 0
    refused: int = 0
    crashes: int = 0
    timeouts: int = 0
    errors_500: int = 0
    slowest_seconds: float = 0.0
    failures: list[str] = field(default_factory=list)


class TooSlowError(Exception):
    """A file took longer than it may."""


Path_ = Callable[[str, bytes], bool]
"""Tries a content; True when it was taken, False when refused in a sentence."""


def main(argv: Sequence[str]) -> int:
    """Try everything and print a row for each corpus and path; exit 1 on any crash, time-out or 500."""
    parser = argparse.ArgumentParser(prog="bench hostile", description=__doc__)
    parser.add_argument(
        "--most", type=int, default=60, help="files of a corpus for paths that start a process each"
    )
    parser.add_argument("--all", action="store_true", help="every file on every path")
    parser.add_argument("--only", default="", help="one path only")
    parser.add_argument("--no-web", action="store_true", help="without the pages (no database)")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args(argv)
    folder = Path(os.environ.get("ZHIWEI_SHARED_DATA", ROOT.parent / "shared" / "data")) / "hostile"
    corpora: list[tuple[str, list[tuple[str, bytes]]]] = [("bombs", list(bombs()))]
    if folder.is_dir():
        corpora += [(one.stem, list(_members(one))) for one in sorted(folder.glob("*.zip"))]
    else:
        print(f"without public corpora: {folder} is not there (see docs/hostile.md)")
    rows = list(_tried(arguments, corpora, _paths()))
    if not arguments.no_web and arguments.only in {"", "web"}:
        rows += _web(arguments, corpora)
    _print(rows, as_json=arguments.json)
    return 1 if any(row.crashes or row.timeouts or row.errors_500 for row in rows) else 0


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                yield Path(member.filename).name, archive.read(member)


def _tried(
    arguments: argparse.Namespace, corpora: list[tuple[str, list[tuple[str, bytes]]]], paths: dict[str, Path_]
) -> Iterator[Row]:
    for corpus, files in corpora:
        for name, path in paths.items():
            if arguments.only not in {"", name}:
                continue
            chosen = files if arguments.all or name not in SLOW_PATHS else _spread(files, arguments.most)
            yield _run(Row(corpus, name), path, chosen)


def _spread(files: list[tuple[str, bytes]], most: int) -> list[tuple[str, bytes]]:
    """Return at most so many, evenly through the corpus."""
    step = max(len(files) / most, 1)
    return [files[int(step * n)] for n in range(min(len(files), most))]


def _run(row: Row, path: Path_, files: list[tuple[str, bytes]]) -> Row:
    for name, content in files:
        row.files += 1
        began = time.monotonic()
        try:
            with _bounded():
                taken = path(name, content)
            row.taken, row.refused = row.taken + taken, row.refused + (not taken)
        except TooSlowError:
            row.timeouts += 1
            row.failures.append(f"{name}: longer than {SECONDS} s")
        except Exception as error:  # noqa: BLE001 - any fault is what this looks for
            row.crashes += 1
            row.failures.append(f"{name}: {type(error).__name__}: {str(error)[:160]}")
        row.slowest_seconds = max(row.slowest_seconds, round(time.monotonic() - began, 2))
    return row


@contextmanager
def _bounded() -> Iterator[None]:
    def ring(signum: int, frame: object) -> None:
        raise TooSlowError

    signal.signal(signal.SIGALRM, ring)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)


def _paths() -> dict[str, Path_]:
    return {
        "rosters": _roster,
        "questions": _questions,
        "deidentify": _text,
        "paper": _paper,
        "documents": _document,
    }


def _roster(name: str, content: bytes) -> bool:
    from zhiwei.engines.rosters import UnusableRosterError, open_roster

    try:
        roster = open_roster(io.BytesIO(content), name=name, today=date(2026, 9, 1))
        return any(line.__class__.__name__ == "Entry" for line in roster.lines())
    except UnusableRosterError:
        return False


def _questions(name: str, content: bytes) -> bool:
    from zhiwei.engines.exchange import ExchangeError, read_questions

    try:
        return bool(read_questions(name, content).taken)
    except ExchangeError:
        return False


def _text(name: str, content: bytes) -> bool:
    from zhiwei.engines.privacy import UnreadableFileError, build_roster, detect, read_text

    with _file(name, content) as path:
        try:
            detect(read_text(path)[:200_000], build_roster(["王小明"]))
        except UnreadableFileError:
            return False
    return True


def _paper(name: str, content: bytes) -> bool:
    from zhiwei.engines.scanning import Limits, PageImage, read_pages

    with _file(name, content) as path:
        return any(isinstance(one, PageImage) for one in read_pages(path, Limits(pages=20, cpu_seconds=40)))


def _document(name: str, content: bytes) -> bool:
    from zhiwei.engines.documents import RefusedError, read_document

    with _file(name, content) as path:
        try:
            return bool(read_document(path, name).blocks)
        except RefusedError:
            return False


@contextmanager
def _file(name: str, content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="zhiwei-hostile-") as folder:
        path = Path(folder) / Path(name).name[-80:]
        path.write_bytes(content)
        yield path


def _web(arguments: argparse.Namespace, corpora: list[tuple[str, list[tuple[str, bytes]]]]) -> list[Row]:
    """Hand the files in through the pages; any answer but a page, a redirect or a refusal is a fault."""
    from benchmarks.hostile_web import school

    rows = []
    with school() as (client, addresses):
        for corpus, files in corpora:
            chosen = files if arguments.all else _spread(files, arguments.most)
            for word, address in addresses.items():
                row = Row(corpus, f"web {word}")
                rows.append(
                    _run(
                        row,
                        lambda name, body, to=address, row=row: _sent(client, to, name, body, row),
                        chosen,
                    )
                )
    return rows


def _sent(client: Client, address: str, name: str, content: bytes, row: Row) -> bool:
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = client.post(address, {"file": SimpleUploadedFile(name, content), "subject": "math"})
    if answer.status_code >= 500:
        row.errors_500 += 1
        row.failures.append(f"{name}: {answer.status_code}")
    return answer.status_code < 400


def _print(rows: list[Row], *, as_json: bool) -> None:
    scale = 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // scale
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // scale
    if as_json:
        print(json.dumps({"rows": [asdict(row) for row in rows], "peak_mb": own, "peak_child_mb": child}))
        return
    print(
        f"{'corpus':<10}{'path':<14}{'files':>6}{'taken':>7}{'refused':>8}{'crash':>6}{'slow':>5}{'500':>5}{'max s':>7}"
    )
    for row in rows:
        print(
            f"{row.corpus:<10}{row.path:<14}{row.files:>6}{row.taken:>7}{row.refused:>8}{row.crashes:>6}"
            f"{row.timeouts:>5}{row.errors_500:>5}{row.slowest_seconds:>7}"
        )
        for failure in row.failures[:8]:
            print(f"    {failure}")
    total = sum(row.files for row in rows)
    print(f"{total} tries; peak memory {own} MB here, {child} MB in a decoding process")
