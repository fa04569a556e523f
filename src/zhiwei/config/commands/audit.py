"""``zhiwei audit``: seal the trail, prove it, print the heads to keep elsewhere, export it, check an export."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from zhiwei.config.commands import boot


def main(argv: Sequence[str]) -> int:
    """Run one of the audit commands; ``verify`` exits 1 when anything was changed, removed, inserted or reordered."""
    parser = argparse.ArgumentParser(prog="zhiwei audit")
    parser.add_argument("what", choices=["verify", "seal", "heads", "export", "check"])
    parser.add_argument("file", type=Path, nargs="?", help="for export and check")
    parser.add_argument("--key", default="", help="public key one trusts (hex), for check")
    parser.add_argument("--against", type=Path, help="heads printed earlier and kept elsewhere")
    arguments = parser.parse_args(argv)
    if arguments.what in {"export", "check"} and arguments.file is None:
        parser.error(f"{arguments.what} needs a file")
    if arguments.what == "check":
        return _check(arguments.file, arguments.key)
    heads: dict[int, str] = {}
    if arguments.against:
        try:
            heads = {
                int(key): str(value)
                for key, value in json.loads(arguments.against.read_text("utf-8")).items()
            }
        except (OSError, ValueError, AttributeError) as error:
            print(f"{arguments.against}: 读不出封条摘要 / not a file of heads: {error}", file=sys.stderr)
            return 2
    with boot.ready(migrated=False):
        return _export(arguments.file) if arguments.what == "export" else _run(arguments.what, heads)


def _export(target: Path) -> int:
    from zhiwei.kernel.services import sealing_export

    try:
        with target.open("x", encoding="utf-8") as out:
            print(f"{sealing_export.write_trail(out)} seals → {target}")
    except OSError as error:
        print(f"{target}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


def _check(source: Path, key: str) -> int:
    """Check an exported trail: no database, no secret, only the file (and the key one trusts)."""
    boot.setup()
    from zhiwei.kernel.services import sealing_export

    try:
        with source.open(encoding="utf-8") as lines:
            findings = list(sealing_export.check_lines(lines, key=key))
    except (OSError, ValueError, KeyError, TypeError, AssertionError) as error:
        print(f"{source}: 不是导出的审计记录 / not an exported trail: {error}", file=sys.stderr)
        return 2
    for finding in findings:
        print(f"{finding.kind.value}: seal {finding.seal_number}, row {finding.record_id}")
    print("封条完好 / the trail is whole" if not findings else f"{len(findings)} findings")
    return 1 if findings else 0


def _run(what: str, against: dict[int, str]) -> int:
    from zhiwei.kernel import clock
    from zhiwei.kernel.services import sealing

    if what == "seal":
        print(f"{sealing.seal_everywhere(now=clock.now())} rows sealed")
        return 0
    report = sealing.verify_trail(against=against)
    if what == "heads":
        print(json.dumps({str(key): value for key, value in report.heads.items()}, indent=1))
        return 0
    print(f"{report.seals} seals over {report.rows} rows; {report.unsealed} rows not sealed yet")
    for finding in report.findings:
        print(f"{finding.kind.value}: seal {finding.seal_number}, row {finding.record_id}")
    print("封条完好 / the trail is whole" if not report.findings else f"{len(report.findings)} findings")
    return 1 if report.findings else 0
