"""``zhiwei audit-pack --year 2026``: the yearly compliance report on minors' data, as PDF and JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from zhiwei.config.commands import boot


def main(argv: Sequence[str]) -> int:
    """Gather the report; exit 1 when the audit trail is not whole, 2 when it cannot be written."""
    parser = argparse.ArgumentParser(prog="zhiwei audit-pack", description=__doc__)
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--tenant", type=int, help="id of one school or bureau; otherwise the whole platform")
    parser.add_argument("--out", type=Path, default=Path(), help="folder for the two files")
    arguments = parser.parse_args(argv)
    if not 2000 <= arguments.year <= 2100:
        parser.error("--year: 2000–2100")
    with boot.ready(migrated=False):
        from zhiwei.kernel import clock
        from zhiwei.kernel.models import Organisation
        from zhiwei.kernel.services import compliance

        if arguments.tenant and not Organisation.objects.filter(pk=arguments.tenant).exists():
            print(f"没有编号为 {arguments.tenant} 的单位 / no such organisation", file=sys.stderr)
            return 2
        facts = compliance.report(year=arguments.year, tenant_id=arguments.tenant, now=clock.now())
    try:
        return _written(facts, arguments.out / f"audit-{arguments.year}")
    except OSError as error:
        print(f"{arguments.out}: {error.strerror}", file=sys.stderr)
        return 2


def _written(facts: dict[str, object], stem: Path) -> int:
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    stem.with_suffix(".json").write_text(text, "utf-8")
    stem.with_suffix(".pdf").write_bytes(as_pdf(facts))
    trail = facts["trail"]
    assert isinstance(trail, dict)
    print(f"{stem}.pdf, {stem}.json；审计校验发现 / findings in the trail: {trail['findings']}")
    return 1 if trail["findings"] else 0


def as_pdf(facts: dict[str, object]) -> bytes:
    """Return the report as PDF."""
    from zhiwei.engines.sheets import typeset

    program = files("zhiwei.kernel").joinpath("prints/audit_pack.typ").read_text("utf-8")
    return typeset(program, json.loads(json.dumps(facts)))
