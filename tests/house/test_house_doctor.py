"""Wrong or missing configuration is named with its remedy, by doctor and at start, never by a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiwei.config import cli, database, env
from zhiwei.config.commands import doctor
from zhiwei.config.place import Place

WRONG = [
    ("ZHIWEI_PORT", "eighty"),
    ("ZHIWEI_PORT", "70000"),
    ("ZHIWEI_WEB_WORKERS", "0"),
    ("ZHIWEI_WEB_THREADS", "-1"),
    ("ZHIWEI_JOB_WORKERS", "many"),
    ("ZHIWEI_DEBUG", "perhaps"),
    ("ZHIWEI_ORIGIN", "zw.example.edu.cn"),
    ("ZHIWEI_PROT", "8000"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_doctor_names_the_wrong_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    found = {what: (right, said) for what, right, said in doctor.findings() if what == "settings"}
    assert not found["settings"][0] and name in found["settings"][1]


@pytest.mark.parametrize(("name", "value"), WRONG)
@pytest.mark.parametrize("command", ["start", "migrate", "worker"])
def test_a_wrong_setting_stops_the_start_with_its_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert cli.main([command]) == 2
    told = capsys.readouterr().err
    assert name in told and "Traceback" not in told


@pytest.mark.parametrize("url", ["mysql://localhost/x", "postgresql://nobody@127.0.0.1:9/none"])
def test_a_database_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str
) -> None:
    monkeypatch.setenv("ZHIWEI_DATABASE_URL", url)
    with pytest.raises(env.SettingError, match="ZHIWEI_DATABASE_URL"), database.running(Place(tmp_path)):
        pass


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(env.SettingError, match="ZHIWEI_DATA"):
        Place(tmp_path / "data").prepare()


def test_a_damaged_key_is_named_and_never_replaced(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.prepare()
    place.key_file.write_text("not a key")
    place.prepare()
    assert place.key_file.read_text() == "not a key"
    with pytest.raises(env.SettingError, match="备份"):
        place.master_keys()


def test_an_open_key_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.prepare()
    place.key_file.chmod(0o644)
    monkeypatch.setenv("ZHIWEI_DATA", str(tmp_path))
    found = {what: (right, said) for what, right, said in doctor.findings() if what in {"key", "data folder"}}
    assert found["data folder"][0]
    assert not found["key"][0] and "chmod 600" in found["key"][1]
