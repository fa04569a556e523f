"""``bench restore``: backup, everything wiped, restore, then every row and every file compared by its content."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.web import _free_port
from zhiwei.config.backup_files import files_of
from zhiwei.config.place import Place

PASSPHRASE = "bench restore passphrase"


def main(argv: Sequence[str]) -> int:
    """Run the drill on a throwaway school; exit 1 when anything differs."""
    parser = argparse.ArgumentParser(prog="bench restore", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--file-kb", type=int, default=300)
    parser.add_argument(
        "--object-store", action="store_true", help="files in an S3 server of another make (moto)"
    )
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="zhiwei-restore-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with object_store() if arguments.object_store else nullcontext():
            figures = _drill(folder, arguments)
    if arguments.json:
        print(json.dumps(figures))
    else:
        for word, value in figures.items():
            print(f"{word:<28}{value}")
    return 1 if figures["differences"] else 0


def _drill(folder: Path, arguments: argparse.Namespace) -> dict[str, object]:
    from zhiwei.config import backups, database

    place, target = Place(folder / "data"), folder / "school.zwb"
    os.environ["ZHIWEI_DATA"] = str(place.root)
    from zhiwei.config.commands import boot

    with boot.ready():
        _fill(arguments)
        url = os.environ[database.URL_VARIABLE]
        before = _contents(url, place)
        began = time.monotonic()
        counts = backups.write_backup(place, url, target, PASSPHRASE)
        backup_seconds = time.monotonic() - began
    fresh = Place(folder / "restored")
    if arguments.object_store:
        os.environ["ZHIWEI_S3_PREFIX"] = "after"
    began = time.monotonic()
    backups.read_backup(target, fresh, PASSPHRASE)
    restore_seconds = time.monotonic() - began
    with database.running(fresh) as url:
        after = _contents(url, fresh)
    keys = place.key_file.read_bytes() == (fresh.root / "key").read_bytes()
    different = [name for name in sorted(before | after) if before.get(name) != after.get(name)]
    return {
        "rows": sum(counts.rows.values()),
        "tables": len(counts.rows),
        "files": counts.files,
        "file MB": round(counts.file_bytes / 1e6, 1),
        "backup MB": round(target.stat().st_size / 1e6, 1),
        "backup seconds": round(backup_seconds, 1),
        "restore seconds": round(restore_seconds, 1),
        "differences": len(different) + (not keys),
        "different": different[:10],
    }


def _fill(arguments: argparse.Namespace) -> None:
    from zhiwei.kernel import clock, files, scope
    from zhiwei.kernel.models import Person
    from zhiwei.kernel.services import organisations
    from zhiwei.kernel.values import OrganisationKind, system_actor

    now = clock.now()
    with scope.everywhere("bench"):
        place = organisations.found_organisation(
            actor=system_actor(), now=now, kind=OrganisationKind.SCHOOL, name="bench"
        )
    with scope.entered([place]):
        for start in range(0, arguments.people, 1000):
            Person.objects.bulk_create(
                Person(
                    tenant_id=place, name=f"人{n}", number=f"{n:08d}", phone=f"138{n:08d}", source_key=f"G{n}"
                )
                for n in range(start, min(start + 1000, arguments.people))
            )
        for _number in range(arguments.files):
            content = os.urandom(arguments.file_kb * 1024)
            files.store(content, tenant_id=place, now=now, max_bytes=10**9)


def _contents(url: str, place: Place) -> dict[str, str]:
    """Return a digest of the rows of every table and of every file."""
    found = {}
    with psycopg.connect(url) as connection:
        connection.execute(
            "select set_config('zhiwei.tenants', '*', false), set_config('timezone', 'UTC', false)"
        )
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        for (table,) in tables:
            query = sql.SQL("select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {} t")
            row = connection.execute(query.format(sql.Identifier(table))).fetchone()
            found[table] = str(row[0] if row else "")
    kept = files_of(place)
    for one in kept.listed():
        with kept.open(one.name) as body:
            found[one.name] = hashlib.file_digest(body, "sha256").hexdigest()  # type: ignore[arg-type]
    return found


@contextmanager
def object_store() -> Iterator[None]:
    """Run an S3 server in a process of its own and set the platform to use it."""
    import boto3
    from botocore.exceptions import BotoCoreError

    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        client = boto3.client("s3", endpoint_url=address, aws_access_key_id="a", aws_secret_access_key="b",
                              region_name="us-east-1")  # fmt: skip
        for _attempt in range(200):
            try:
                client.create_bucket(Bucket="school")
                break
            except BotoCoreError:
                time.sleep(0.2)
        os.environ.update({
            "ZHIWEI_S3_BUCKET": "school", "ZHIWEI_S3_ENDPOINT": address, "ZHIWEI_S3_ACCESS_KEY": "a",
            "ZHIWEI_S3_SECRET_KEY": "b", "ZHIWEI_S3_PREFIX": "before",
        })  # fmt: skip
        yield
        process.terminate()
