"""Backups come back whole, and broken or wrong ones are refused without leaving anything."""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict
from io import BytesIO
from pathlib import Path

import pytest
from tests.s3_server import object_server

from zhiwei.config import backups, database
from zhiwei.config.backup_files import files_of
from zhiwei.config.place import Place
from zhiwei.kernel.objectstore import ObjectStoreSettings

__all__ = ["object_server"]

PASSPHRASE = "long enough for a test"


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, embedded_server: str, django_db_setup: None
) -> tuple[Path, backups.Counts]:
    """A backup of the test database with a few files."""
    folder = tmp_path_factory.mktemp("source")
    place = Place(folder / "data")
    place.prepare()
    for number in range(3):
        (place.files / f"blob{number}").write_bytes(os.urandom(700_000 * (number + 1)))
    target = folder / "school.zwb"
    return target, backups.write_backup(place, embedded_server, target, PASSPHRASE)


def _fresh(tmp_path: Path) -> Place:
    tmp_path.chmod(0o711)
    for parent in tmp_path.parents:
        if parent.owner() == tmp_path.owner() and str(parent).startswith("/tmp/pytest"):
            parent.chmod(0o711)
    return Place(tmp_path / "restored")


def test_a_backup_comes_back_whole(
    made: tuple[Path, backups.Counts], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(database.URL_VARIABLE, raising=False)
    source, counts = made
    place = _fresh(tmp_path)
    told = backups.read_backup(source, place, PASSPHRASE)
    with database.running(place) as url:
        assert backups.differences(told, backups.count_all(place, url)) == []
    assert told == counts and counts.files == 3 and "kernel_person" in counts.rows


def test_files_of_an_object_store_come_back_into_another_and_into_a_folder(
    tmp_path: Path, object_server: ObjectStoreSettings, embedded_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in asdict(object_server).items():
        monkeypatch.setenv(f"ZHIWEI_S3_{name.upper()}", value)
    monkeypatch.setenv("ZHIWEI_S3_PREFIX", "before")
    before, kept = Place(tmp_path / "before"), {}
    before.prepare()
    for number in range(3):
        digest = hashlib.sha256(bytes([number])).hexdigest()
        kept[f"7/{digest[:2]}/{digest}"] = content = os.urandom(1_500_000 * number + 10)
        files_of(before).write(f"7/{digest[:2]}/{digest}", BytesIO(content))
    monkeypatch.setattr(backups, "_dump", lambda *given: {})
    monkeypatch.setattr(backups, "_load", lambda *given: None)
    monkeypatch.setenv(database.URL_VARIABLE, embedded_server)
    counts = backups.write_backup(before, "", tmp_path / "b.zwb", PASSPHRASE)
    with pytest.raises(backups.BackupError, match="S3_PREFIX"):
        backups.read_backup(tmp_path / "b.zwb", Place(tmp_path / "same"), PASSPHRASE)
    monkeypatch.setenv("ZHIWEI_S3_PREFIX", "after")
    assert backups.read_backup(tmp_path / "b.zwb", Place(tmp_path / "other"), PASSPHRASE) == counts
    assert _contents(Place(tmp_path / "other")) == kept and counts.files == 3
    for name in asdict(object_server):
        monkeypatch.delenv(f"ZHIWEI_S3_{name.upper()}")
    backups.read_backup(tmp_path / "b.zwb", Place(tmp_path / "folder"), PASSPHRASE)
    assert _contents(Place(tmp_path / "folder")) == kept


def _contents(place: Place) -> dict[str, bytes]:
    found = {}
    for one in files_of(place).listed():
        with files_of(place).open(one.name) as body:
            found[one.name] = body.read()
    return found


def test_nothing_readable_lies_in_the_file(made: tuple[Path, backups.Counts]) -> None:
    raw = made[0].read_bytes()
    assert raw.startswith(backups.MAGIC)
    assert b"kernel_person" not in raw and b"PGDMP" not in raw


@pytest.mark.parametrize("damage", ["cut", "flip", "passphrase", "other"])
def test_a_damaged_backup_is_refused(made: tuple[Path, backups.Counts], tmp_path: Path, damage: str) -> None:
    raw = bytearray(made[0].read_bytes())
    if damage == "cut":
        raw = raw[:-500]
    elif damage == "flip":
        raw[len(raw) // 2] ^= 1
    elif damage == "other":
        raw = bytearray(b"PK\x03\x04" + b"x" * 1000)
    broken = tmp_path / "broken.zwb"
    broken.write_bytes(raw)
    with pytest.raises(backups.BackupError):
        backups.read_backup(broken, _fresh(tmp_path), "x" * 12 if damage == "passphrase" else PASSPHRASE)
    assert not (tmp_path / "restored" / "postgres").exists()


def test_neither_overwrites_anything(made: tuple[Path, backups.Counts], tmp_path: Path) -> None:
    place = Place(tmp_path / "full")
    place.prepare()
    with pytest.raises(backups.BackupError, match="空目录"):
        backups.read_backup(made[0], place, PASSPHRASE)
    with pytest.raises(backups.BackupError, match="已存在"):
        backups.write_backup(place, "postgresql:///x", made[0], PASSPHRASE)


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    place = Place(tmp_path / "p")
    place.prepare()
    with pytest.raises(backups.BackupError, match="10"):
        backups.write_backup(place, "postgresql:///x", tmp_path / "b.zwb", "short")
    assert not list(tmp_path.glob("b.zwb*"))
