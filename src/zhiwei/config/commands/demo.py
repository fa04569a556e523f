"""``zhiwei demo``: the platform with a living demo county, and a sign-in link for each role."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from zhiwei.config.commands import boot, supervise


def main(argv: Sequence[str]) -> int:
    """Show the demo county, or with ``--check`` do the whole main job without a browser."""
    parser = argparse.ArgumentParser(prog="zhiwei demo", description="the platform with a demo county")
    parser.add_argument(
        "--check", action="store_true", help="do the main job on a throwaway folder and report"
    )
    parser.add_argument("--seconds", type=float, help="stop by itself after this long")
    arguments = parser.parse_args(argv)
    os.environ.setdefault("ZHIWEI_SECOND_FACTOR", "off")
    if arguments.check:
        return _check()
    with boot.ready():
        doors = _prepare()
        return supervise.keep(supervise.children(), seconds=arguments.seconds, announce=lambda: _open(doors))


def _check() -> int:
    with tempfile.TemporaryDirectory(prefix="zhiwei-check-") as folder:
        Path(folder).chmod(0o711)
        os.environ["ZHIWEI_DATA"] = folder
        os.environ.pop("ZHIWEI_DATABASE_URL", None)
        with boot.ready():
            from zhiwei.config.demo.check import run

            return run()


def _prepare() -> list[tuple[str, int]]:
    from zhiwei.config.demo import living
    from zhiwei.kernel import clock

    print("正在准备示范县（首次约一分钟）/ preparing the demo county …", flush=True)
    return living.prepare(now=clock.now())


def _open(doors: list[tuple[str, int]]) -> None:
    """Print the links, once somebody who presses one is answered."""
    from django.conf import settings
    from django.urls import reverse

    from zhiwei.kernel import clock
    from zhiwei.kernel.services import accounts

    print(f"\n知微 Zhiwei 示范县: {settings.ORIGIN}\n一次性登录链接 / one-time sign-in links:")
    for title, account_id in doors:
        token = accounts.make_link(account_id=account_id, now=clock.now())
        print(f"  {title}\t{settings.ORIGIN}{reverse('kernel:use_link', args=[token])}")
    print("", flush=True)
