"""The data folder: one place for the key, the embedded database, files and logs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from zhiwei.config import env
from zhiwei.config.master import MasterKeys


@dataclass(frozen=True)
class Place:
    """Paths inside a data folder (all absolute)."""

    root: Path

    @property
    def key_file(self) -> Path:
        return Path(env.text("ZHIWEI_MASTER_KEY_FILE", str(self.root / "key")))

    @property
    def database(self) -> Path:
        return self.root / "postgres"

    @property
    def files(self) -> Path:
        return self.root / "files"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def keys(self) -> MasterKeys:
        return MasterKeys(self.key_file)

    def has_key(self) -> bool:
        """Tell whether there is a master key already."""
        return self.keys.present()

    def master_keys(self) -> tuple[bytes, ...]:
        """Return the master keys, 32 bytes each, the current one first.

        Raises:
            env.SettingError: There is no key, or it is damaged.
        """
        return self.keys.read()

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
        if not self.has_key():
            self.keys.write([secrets.token_bytes(32)])


def current() -> Place:
    """Return the place named by ``ZHIWEI_DATA`` (default ``./data``)."""
    return Place(Path(env.text("ZHIWEI_DATA", "data")).expanduser().resolve())
