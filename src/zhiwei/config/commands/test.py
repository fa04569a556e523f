"""``zhiwei test``: style, types, walls, front-end checks, and every test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from zhiwei.config.commands import boot

ROOT = Path(__file__).parents[4]
CODE = ("src", "tests", "benchmarks")


def main(argv: Sequence[str]) -> int:
    """Check style, then types and walls beside the tests; words after ``test`` go to pytest alone."""
    os.chdir(ROOT)
    _have_browser()
    boot.have_front_end(dev=True)
    tests = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *argv]
    if argv:
        return _ended(_begun(tests))
    for words in (["ruff", "check", *CODE], ["ruff", "format", "--check", *CODE]):
        status = _ended(_begun(_tool(words)))
        if status:
            return status
    with tempfile.TemporaryFile("w+") as told:
        types = _begun(_tool(["mypy"]), told)
        walls = _ended(_begun(_tool(["lint-imports"])))
        passed = 0 if walls else _ended(_begun(tests))
        typed = _ended(types)
        told.seek(0)
        print("$ mypy", told.read(), sep="\n", flush=True)
    return walls or passed or typed


def _tool(words: Sequence[str]) -> list[str]:
    return [str(Path(sys.executable).parent / words[0]), *words[1:]]


def _begun(command: Sequence[str], output: IO[str] | None = None) -> subprocess.Popen[bytes]:
    """Start a program; with ``output`` it writes there instead of here."""
    if output is None:
        print("$", Path(command[0]).name, *command[1:], flush=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, env=environment, stdout=output, stderr=output)  # noqa: S603 - our own tools


def _ended(program: subprocess.Popen[bytes]) -> int:
    return program.wait()


def _have_browser() -> None:
    """Install Debian's Chromium where we may and it is missing; elsewhere browser tests say why they skip."""
    if any(map(shutil.which, ("chromium", "google-chrome", "chrome"))):
        return
    if Path("/Applications/Google Chrome.app").exists() or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    for words in (["update", "-qq"], ["install", "-y", "-qq", "chromium", "fonts-noto-cjk"]):
        subprocess.run(["apt-get", *words], check=False, stdout=subprocess.DEVNULL)  # noqa: S603, S607
