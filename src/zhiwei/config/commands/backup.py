"""``zhiwei backup FILE`` and ``zhiwei restore FILE``: one encrypted file, proven by comparing what came back."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from zhiwei.config import backups, database
from zhiwei.config.place import current

PASSPHRASE = "ZHIWEI_BACKUP_PASSPHRASE"  # noqa: S105 - the name of a setting


def backup(argv: Sequence[str]) -> int:
    """Write a backup of the data folder."""
    target = _file(argv, "backup")
    place = current()
    if not place.has_key():
        print(f"{place.root} 里没有可备份的数据 / nothing to back up", file=sys.stderr)
        return 1
    began = time.monotonic()
    try:
        with database.running(place) as url:
            counts = backups.write_backup(place, url, target, _passphrase())
    except backups.BackupError as error:
        print(error, file=sys.stderr)
        return 1
    rows, seconds = sum(counts.rows.values()), time.monotonic() - began
    print(
        f"{target}: {rows} rows, {counts.files} files, {target.stat().st_size / 1e6:.1f} MB, {seconds:.1f} s"
    )
    return 0


def restore(argv: Sequence[str]) -> int:
    """Bring a backup back into an empty data folder and compare every table and file with what it should hold."""
    source = _file(argv, "restore")
    place = current()
    began = time.monotonic()
    try:
        counts = backups.read_backup(source, place, _passphrase())
        with database.running(place) as url:
            found = backups.differences(counts, backups.count_all(place, url))
    except (backups.BackupError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for line in found:
        print(f"differs: {line}")
    rows, seconds = sum(counts.rows.values()), time.monotonic() - began
    print(f"{rows} rows, {counts.files} files, {len(found)} differences, {seconds:.1f} s")
    return 1 if found else 0


def _file(argv: Sequence[str], name: str) -> Path:
    parser = argparse.ArgumentParser(prog=f"zhiwei {name}")
    parser.add_argument("file", type=Path)
    return Path(parser.parse_args(argv).file).resolve()


def _passphrase() -> str:
    return os.environ.get(PASSPHRASE) or getpass.getpass("备份口令 / passphrase: ")
