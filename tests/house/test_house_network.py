"""Only named doors speak to other machines; import-linter sees packages, this sees the standard library too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src/zhiwei"
SPEAKERS = {
    "httpx",
    "requests",
    "urllib3",
    "aiohttp",
    "socket",
    "http.client",
    "urllib.request",
    "ftplib",
    "smtplib",
}
DOORS = {
    "kernel/adapters/outward.py": {"httpx", "socket"},
}
ROOMS_BELOW = ("kernel", "ui", "engines", "curriculum", "assessment", "learning")


def imported(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{one.name}" for one in node.names)


def test_only_the_doors_speak_to_other_machines() -> None:
    found = {}
    for room in ROOMS_BELOW:
        for path in (SOURCE / room).rglob("*.py"):
            name = path.relative_to(SOURCE).as_posix()
            spoken = {one for one in imported(path) if one in SPEAKERS} - DOORS.get(name, set())
            if spoken:
                found[name] = spoken
    assert not found


def test_the_doors_are_there() -> None:
    for name, speakers in DOORS.items():
        assert speakers <= set(imported(SOURCE / name))
