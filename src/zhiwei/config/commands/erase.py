"""``zhiwei erase``: take one person's data out, list what was taken out, do it again after a restore."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from zhiwei.config.commands import boot

if TYPE_CHECKING:
    from zhiwei.kernel.models import Person


def main(argv: Sequence[str]) -> int:
    """Run one of the commands; exit 1 when something is left or could not be done, 2 when called wrongly."""
    arguments = _parser().parse_args(argv)
    from zhiwei.kernel.errors import ZhiweiError

    with boot.ready(migrated=False):
        try:
            return _ACTIONS[arguments.what](arguments)
        except ZhiweiError as error:
            print(error.message, file=sys.stderr)
            return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zhiwei erase", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    person = what.add_parser("person", help="erase one person (without --confirm: show what is there)")
    person.add_argument("uuid", type=UUID, help="the person's outward id (on their page)")
    person.add_argument("--reason", default="", help="what the erasure rests on")
    person.add_argument("--confirm", default="", metavar="CODE", help="the code that the first run printed")
    what.add_parser("ledger", help="print the erasures done, to be kept beside the backups")
    replay = what.add_parser("replay", help="erase again whom a restored backup brought back")
    replay.add_argument("file", type=Path, help="a ledger")
    return parser


def _person(arguments: argparse.Namespace) -> int:
    """Two steps on purpose: nobody erases the wrong person by one slip."""
    from zhiwei.kernel import clock, scope
    from zhiwei.kernel.errors import NotFoundError
    from zhiwei.kernel.models import Person
    from zhiwei.kernel.services import erasing

    with scope.everywhere("erase a person"):
        person = Person.objects.filter(uuid=arguments.uuid).first()
        if person is None:
            raise NotFoundError(f"没有编号为 {arguments.uuid} 的人 / nobody has this id")
        code = _code(person)
        if arguments.confirm != code:
            for table, count in sorted(erasing.preview(person).items()):
                print(f"{table:<40}{count}")
            print(f"{person.name} {person.number}：确认请加 --reason 依据 --confirm {code} / to confirm")
            return 0 if not arguments.confirm else 2
        if not arguments.reason.strip():
            print("请用 --reason 写明依据 / say what it rests on", file=sys.stderr)
            return 2
    return _report(erasing.erase_now(person=person, reason=arguments.reason, now=clock.now()))


def _report(report: dict[str, object]) -> int:
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 1 if report["left"] else 0


def _code(person: Person) -> str:
    return hashlib.sha256(f"{person.uuid}/{person.pk}/erase".encode()).hexdigest()[:8]


def _ledger(arguments: argparse.Namespace) -> int:
    del arguments
    from zhiwei.kernel.services import erasing

    print(json.dumps(erasing.ledger(), ensure_ascii=False, indent=1))
    return 0


def _replay(arguments: argparse.Namespace) -> int:
    from zhiwei.kernel import clock
    from zhiwei.kernel.services import erasing

    try:
        rows = json.loads(arguments.file.read_text("utf-8"))
        wanted = [(int(row["tenant"]), UUID(row["person"]), str(row["reason"])) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"{arguments.file}: 不是删除名册 / not a ledger: {error}", file=sys.stderr)
        return 2
    done = sum(
        erasing.replay(tenant_id=tenant, person_uuid=person, reason=reason, now=clock.now())
        for tenant, person, reason in wanted
    )
    print(f"{len(wanted)} 人在册，{done} 人被备份带回、已再次删除 / on the ledger, erased again")
    return 0


_ACTIONS = {"person": _person, "ledger": _ledger, "replay": _replay}
