"""``zhiwei start``: the platform on this machine, web and worker under one parent."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from zhiwei.config.commands import boot, supervise


def main(argv: Sequence[str]) -> int:
    """Start the platform and stay until stopped."""
    parser = argparse.ArgumentParser(prog="zhiwei start", description="web and worker on this machine")
    parser.add_argument("--no-worker", action="store_true", help="web only")
    parser.add_argument("--seconds", type=float, help="stop by itself after this long")
    arguments = parser.parse_args(argv)
    with boot.ready(django=False):
        wanted = supervise.children(worker=not arguments.no_worker)
        return supervise.keep(wanted, seconds=arguments.seconds, announce=first_steps)


def first_steps() -> None:
    """Say where the platform is, and how to get in when nobody has an account yet."""
    boot.setup()
    from django.conf import settings

    from zhiwei.kernel.models import Account

    print(f"知微 Zhiwei: {settings.ORIGIN}", flush=True)
    if not Account.objects.exists():
        print(
            "尚无账号 / no account yet: ./zhiwei demo 建示范县，或 ./zhiwei found 建立自己的单位", flush=True
        )
