"""``zhiwei test``: style, types, walls, front-end checks, and every test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from zhiwei.config.commands import boot

ROOT = Path(__file__).parents[4]


def main(argv: Sequence[str]) -> int:
    """Run the checks in order and stop at the first that fails; words after ``test`` go to pytest."""
    os.chdir(ROOT)
    _have_browser()
    boot.have_front_end(dev=True)
    checks = [
        ["ruff", "check", "src", "tests", "benchmarks"],
        ["ruff", "format", "--check", "src", "tests", "benchmarks"],
        ["lint-imports"],
        ["mypy"],
    ]
    if not argv:
        for words in checks:
            status = _run([str(Path(sys.executable).parent / words[0]), *words[1:]])
            if status:
                return status
    return _run([sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *argv])


def _run(command: list[str]) -> int:
    print("$", Path(command[0]).name, *command[1:], flush=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 - our own tools


def _have_browser() -> None:
    """Install Debian's Chromium where we may and it is missing; elsewhere browser tests say why they skip."""
    if any(map(shutil.which, ("chromium", "google-chrome", "chrome"))):
        return
    if Path("/Applications/Google Chrome.app").exists() or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    for words in (["update", "-qq"], ["install", "-y", "-qq", "chromium", "fonts-noto-cjk"]):
        subprocess.run(["apt-get", *words], check=False, stdout=subprocess.DEVNULL)  # noqa: S603, S607
