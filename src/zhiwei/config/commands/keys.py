"""``zhiwei keys``: how the keys stand, change the master key or a school's, remove old ones, shred a school."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from zhiwei.config import env
from zhiwei.config.commands import boot
from zhiwei.config.place import Place


def main(argv: Sequence[str]) -> int:
    """Run one of the key commands; exit 1 when it could not be done."""
    arguments = _parser().parse_args(argv)
    from zhiwei.kernel.errors import ZhiweiError

    with boot.ready(migrated=False) as place:
        from zhiwei.kernel.keys import WrongMasterKeyError

        try:
            return _ACTIONS[arguments.what](arguments, place)
        except ZhiweiError as error:
            print(error.message, file=sys.stderr)
        except (WrongMasterKeyError, env.SettingError) as error:
            print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zhiwei keys", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("status", help="versions, what lies under older ones, which master key wraps them")
    rotate = what.add_parser("rotate", help="change the master key, or the data keys of schools")
    which = rotate.add_mutually_exclusive_group(required=True)
    which.add_argument("--master", action="store_true", help="a new master key; every key is wrapped anew")
    which.add_argument("--tenant", help="id or name of the school")
    which.add_argument("--all", action="store_true", help="the data keys of all schools")
    what.add_parser("retire", help="remove older keys that nothing needs any more")
    shred = what.add_parser("shred", help="destroy a school's keys: its data are unreadable for good")
    shred.add_argument("--tenant", required=True, help="id or name of the school")
    shred.add_argument("--confirm", required=True, metavar="NAME", help="the school's full name")
    shred.add_argument("--files", action="store_true", help="delete the encrypted files as well")
    return parser


def _status(arguments: argparse.Namespace, place: Place) -> int:
    del arguments
    from zhiwei.kernel import keys
    from zhiwei.kernel.services import rekeying

    marks = " ".join(keys.fingerprint(key) for key in place.master_keys())
    print(f"主密钥 / master keys (current first): {marks}")
    for one in rekeying.states():
        versions = ",".join(map(str, one.versions))
        said = (
            "已销毁 / shredded"
            if one.shredded
            else f"v{versions}, {one.behind} behind, {one.foreign} foreign"
        )
        print(f"{one.tenant_id:>8}  {one.name}: {said}")
    return 0


def _rotate(arguments: argparse.Namespace, place: Place) -> int:
    from zhiwei.kernel import clock
    from zhiwei.kernel.services import rekeying
    from zhiwei.kernel.values import system_actor

    if arguments.master:
        return _rotate_master(place)
    tenants = [one.tenant_id for one in rekeying.states() if not one.shredded]
    for tenant_id in tenants if arguments.all else [_tenant(arguments.tenant)]:
        version = rekeying.rotate(actor=system_actor(tenant_id), now=clock.now(), tenant_id=tenant_id)
        print(f"{tenant_id}: v{version}；后台任务正在重新加密 / a job encrypts what is there anew")
    return 0


def _rotate_master(place: Place) -> int:
    """Put a new key before the old ones, then wrap anew: a crash in between leaves both, and running it again helps."""
    from zhiwei.kernel import clock, keys
    from zhiwei.kernel.services import rekeying
    from zhiwei.kernel.values import system_actor

    if not place.keys.command:
        place.keys.write([keys.fresh(), *place.master_keys()][:2])
    keys.read_masters_anew()
    count = rekeying.wrap_anew(actor=system_actor(), now=clock.now())
    print(f"{count} 个密钥已用新主密钥封装 / keys wrapped by the new master key")
    print("请把新密钥抄到安全处，另做一次备份；重启各进程后运行 ./zhiwei keys retire")
    print(
        "Copy the new key to a safe place, make a backup, restart all processes, then run ./zhiwei keys retire"
    )
    return 0


def _retire(arguments: argparse.Namespace, place: Place) -> int:
    del arguments
    from zhiwei.kernel import clock, keys
    from zhiwei.kernel.services import rekeying

    print(f"{rekeying.retire(now=clock.now())} 个旧数据密钥已移除 / older data keys removed")
    older = place.master_keys()[1:]
    if older and not place.keys.command:
        if rekeying.wrapped_otherwise():
            print(
                "仍有密钥由旧主密钥封装：请先运行 ./zhiwei keys rotate --master / still wrapped by the old one"
            )
            return 1
        place.keys.write(place.master_keys()[:1])
        keys.read_masters_anew()
        print(f"{len(older)} 个旧主密钥已移除 / older master keys removed")
    return 0


def _shred(arguments: argparse.Namespace, place: Place) -> int:
    del place
    from zhiwei.kernel import clock
    from zhiwei.kernel.services import rekeying
    from zhiwei.kernel.values import system_actor

    tenant_id = _tenant(arguments.tenant)
    count = rekeying.shred(
        actor=system_actor(tenant_id), now=clock.now(), tenant_id=tenant_id,
        confirmed_name=arguments.confirm, contents=arguments.files,
    )  # fmt: skip
    print(
        f"{count} 个密钥已销毁；更早的备份仍含有它们，请一并销毁 / keys destroyed; older backups still hold them"
    )
    return 0


def _tenant(text: str) -> int:
    from zhiwei.kernel.errors import NotFoundError
    from zhiwei.kernel.models import Organisation
    from zhiwei.kernel.values import TENANT_KINDS

    rows = Organisation.objects.filter(kind__in=[kind.value for kind in TENANT_KINDS])
    found = rows.filter(pk=int(text)) if text.isdigit() else rows.filter(name=text)
    if found.count() != 1:
        raise NotFoundError(
            f"没有（或不止一个）名为「{text}」的单位，请用编号 / no single organisation, use its id"
        )
    return found[0].pk


_ACTIONS = {"status": _status, "rotate": _rotate, "retire": _retire, "shred": _shred}
