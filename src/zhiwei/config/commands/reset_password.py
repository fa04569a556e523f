"""``zhiwei reset-password LOGIN``: print a one-time sign-in link for an account."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from zhiwei.config.commands import boot


def main(argv: Sequence[str]) -> int:
    """Print a link that lets the account in once; the password is then changed on the account page."""
    parser = argparse.ArgumentParser(prog="zhiwei reset-password")
    parser.add_argument("login")
    arguments = parser.parse_args(argv)
    with boot.ready():
        link = link_for(arguments.login)
    if link is None:
        print(f"没有登录名为「{arguments.login}」的账号 / no such account", file=sys.stderr)
        return 1
    print(link)
    return 0


def link_for(login: str) -> str | None:
    """Return a fresh one-time link, or ``None`` when no account has this login."""
    from django.conf import settings
    from django.urls import reverse

    from zhiwei.kernel import clock
    from zhiwei.kernel.models import Account
    from zhiwei.kernel.services import accounts

    account = Account.objects.filter(login=login.strip().lower()).first()
    if account is None:
        return None
    token = accounts.make_link(account_id=account.pk, now=clock.now())
    return f"{settings.ORIGIN}{reverse('kernel:use_link', args=[token])}"
