"""Backups come back whole, and broken or wrong ones are refused without leaving anything."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from zhiwei.config import backups, database
from zhiwei.config.place import Place

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
