"""The master key: lines of 64 hex digits from a file or an external command, the current key first."""

from __future__ import annotations

import os
import secrets
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zhiwei.config import env

COMMAND = "ZHIWEI_MASTER_KEY_COMMAND"
COMMAND_SECONDS = 20
MOST = 5
"""Older keys kept to open what is not wrapped anew yet."""


@dataclass(frozen=True)
class MasterKeys:
    """Where the master key comes from; ``file`` counts only when no command is set."""

    file: Path

    @property
    def command(self) -> str:
        """The external command, "" when the key is in a file."""
        return env.text(COMMAND, "")

    def present(self) -> bool:
        """Tell whether there is a key already (a command always has one)."""
        return bool(self.command) or self.file.exists()

    def read(self) -> tuple[bytes, ...]:
        """Return the keys, 32 bytes each.

        Raises:
            env.SettingError: No key, a damaged one, or the command failed.
        """
        text = self._asked() if self.command else self._filed()
        source = COMMAND if self.command else str(self.file)
        try:
            keys = tuple(bytes.fromhex(line) for line in text.split())
        except ValueError:
            keys = ()
        if not keys or len(keys) > MOST or any(len(key) != 32 for key in keys):
            raise env.SettingError(
                f"密钥已损坏：{source} 应为 1–{MOST} 行、每行 64 个十六进制数字。请从备份恢复 / the key is damaged"
            )
        return keys

    def write(self, keys: Sequence[bytes]) -> None:
        """Put the keys into the file in one step: a crash leaves either the old file or the new one.

        Raises:
            env.SettingError: The key comes from a command, which keeps its own keys.
        """
        if self.command:
            raise env.SettingError(
                f"密钥由 {COMMAND} 提供，请在其来源处更换 / the key is kept by the command"
            )
        draft = self.file.with_name(f"{self.file.name}.{secrets.token_hex(4)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write("\n".join(key.hex() for key in keys))
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self.file)

    def _filed(self) -> str:
        try:
            return self.file.read_text("ascii", errors="replace")
        except FileNotFoundError:
            raise env.SettingError(
                f"数据目录没有密钥：{self.file}。首次使用请运行 ./zhiwei start / the data folder has no key"
            ) from None

    def _asked(self) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - the administrator's own command, no shell
                shlex.split(self.command), capture_output=True, timeout=COMMAND_SECONDS, check=True
            )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise env.SettingError(
                f"{COMMAND} 没有给出密钥（{type(error).__name__}）：请检查命令 / the command gave no key"
            ) from error
        return done.stdout.decode("ascii", errors="replace")
