"""The ``zhiwei`` command: one word names what to do; the rest is that command's own.

Commands are imported only when called, so that ``zhiwei judge`` needs no Django and starts at once.
A command is a function ``main(argv) -> exit status``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import cast

from zhiwei.config.env import SettingError

Command = Callable[[Sequence[str]], int]

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("zhiwei.config.commands.demo:main", "the platform with a demo county"),
    "start": ("zhiwei.config.commands.start:main", "web and worker on this machine"),
    "worker": ("zhiwei.config.commands.worker:main", "one more worker on the same database"),
    "found": ("zhiwei.config.commands.found:main", "found one's own organisation and its administrator"),
    "migrate": ("zhiwei.config.commands.migrate:main", "bring the tables up to date"),
    "reset-password": ("zhiwei.config.commands.reset_password:main", "print a one-time sign-in link"),
    "audit": ("zhiwei.config.commands.audit:main", "audit verify | seal | heads | export | check"),
    "audit-pack": ("zhiwei.config.commands.audit_pack:main", "the yearly compliance report as PDF and JSON"),
    "keys": ("zhiwei.config.commands.keys:main", "keys status | rotate | retire | shred"),
    "erase": ("zhiwei.config.commands.erase:main", "erase one person's data: erase PERSON | ledger | replay"),
    "backup": ("zhiwei.config.commands.backup:backup", "write one encrypted file with database and files"),
    "restore": ("zhiwei.config.commands.backup:restore", "bring a backup back into an empty data folder"),
    "doctor": ("zhiwei.config.commands.doctor:main", "say what is wrong and what to do"),
    "test": ("zhiwei.config.commands.test:main", "run every check and test"),
    "bench": ("zhiwei.config.commands.bench:main", "measure: bench NAME"),
    "messages": ("zhiwei.ui.messages:main", "keep the English catalogues of the pages"),
    "judge": ("zhiwei.engines.judging.cli:main", "judge responses to an item"),
    "judge-math": ("zhiwei.engines.maths.cli:main", "compare two mathematical answers"),
    "scan": ("zhiwei.engines.scanning.cli:main", "read scanned answer sheets by a template"),
    "trace": ("zhiwei.engines.tracing.cli:main", "predict each response before learning from it"),
    "irt": ("zhiwei.engines.psychometrics.cli:main", "calibrate items by item response theory"),
    "cat-simulate": ("zhiwei.engines.adaptive.cli:main", "simulate adaptive tests over a bank"),
    "deidentify": ("zhiwei.engines.privacy.cli:deidentify", "find and replace personal data in files"),
    "corpus": ("zhiwei.engines.corpora.cli:main", "verify a copy of a published corpus"),
    "catalogue": ("zhiwei.config.commands.catalogue:main", "write the data dictionary as CSV"),
    "risk": ("zhiwei.engines.privacy.cli:risk", "measure the re-identification risk of a table"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command named by the first word; without one, list them."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help", "help"}:
        print(_usage())
        return 0
    entry = COMMANDS.get(words[0])
    if entry is None:
        print(f"zhiwei: no command '{words[0]}'\n\n{_usage()}", file=sys.stderr)
        return 2
    try:
        return _load(entry[0])(words[1:])
    except SettingError as error:
        print(f"zhiwei: {error}", file=sys.stderr)
        return 2


def _load(target: str) -> Command:
    module, function = target.split(":")
    return cast(Command, getattr(import_module(module), function))


def _usage() -> str:
    width = max(map(len, COMMANDS))
    rows = [f"  {name:<{width}}  {what}" for name, (_, what) in COMMANDS.items()]
    return "\n".join(["usage: zhiwei COMMAND …", "", *rows])
