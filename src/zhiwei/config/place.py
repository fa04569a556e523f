"""The data folder: one place for the key, the embedded database, files and logs."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from zhiwei.config import env


@dataclass(frozen=True)
class Place:
    """Paths inside a data folder (all absolute)."""

    root: Path

    @property
    def key_file(self) -> Path:
        return self.root / "key"

    @property
    def database(self) -> Path:
        return self.root / "postgres"

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def master_key(self) -> bytes:
        """Return the 32-byte master key.

        Raises:
            env.SettingError: The folder has no key or the key is damaged.
        """
        try:
            raw = bytes.fromhex(self.key_file.read_text("ascii").strip())
        except FileNotFoundError:
            raise env.SettingError(
                f"数据目录没有密钥：{self.key_file}。首次使用请运行 ./zhiwei start / the data folder has no key"
            ) from None
        except ValueError:
            raw = b""
        if len(raw) != 32:
            raise env.SettingError(f"密钥文件已损坏：{self.key_file}。请从备份恢复 / the key file is damaged")
        return raw

    def prepare(self) -> None:
        """Make the folder with a random key; an existing key is never replaced.

        The folder stays searchable (0711) since the embedded server runs as a user of its own; what is
        inside is closed.

        Raises:
            env.SettingError: The folder cannot be made or written to.
        """
        try:
            self._make()
        except OSError as error:
            raise env.SettingError(
                f"数据目录 {self.root} 不能写入（{error.strerror}）：请改 ZHIWEI_DATA 或调整权限 / "
                "cannot write to the data folder: change ZHIWEI_DATA or its permissions"
            ) from error

    def _make(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o711)
        for folder in (self.files, self.logs, self.root / "static"):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)
        if not self.key_file.exists():
            handle = os.open(self.key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as out:
                out.write(secrets.token_hex(32))


def current() -> Place:
    """Return the place named by ``ZHIWEI_DATA`` (default ``./data``)."""
    return Place(Path(env.text("ZHIWEI_DATA", "data")).expanduser().resolve())
