"""The master key: from a file or a command, several lines while it changes, wrong ones named."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import pytest

from zhiwei.config.env import SettingError
from zhiwei.config.master import MasterKeys


def test_keys_come_back_current_first_and_the_file_is_closed(tmp_path: Path) -> None:
    keys = [secrets.token_bytes(32) for _ in range(3)]
    source = MasterKeys(tmp_path / "key")
    assert not source.present()
    source.write(keys)
    assert source.read() == tuple(keys)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600 and len(list(tmp_path.iterdir())) == 1


def test_a_command_gives_the_key_and_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = secrets.token_bytes(32)
    monkeypatch.setenv("ZHIWEI_MASTER_KEY_COMMAND", f"{sys.executable} -c \"print('{key.hex()}')\"")
    source = MasterKeys(tmp_path / "key")
    assert source.present() and source.read() == (key,)
    with pytest.raises(SettingError, match="COMMAND"):
        source.write([key])


@pytest.mark.parametrize("text", ["", "abc", "zz" * 32, "ab" * 31, "\n".join(["ab" * 32] * 6)])
def test_a_damaged_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text)
    with pytest.raises(SettingError, match="密钥已损坏"):
        MasterKeys(tmp_path / "key").read()


@pytest.mark.parametrize("command", ["/no/such/program", "false", "'"])
def test_a_command_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("ZHIWEI_MASTER_KEY_COMMAND", command)
    with pytest.raises(SettingError, match="ZHIWEI_MASTER_KEY_COMMAND"):
        MasterKeys(tmp_path / "key").read()
