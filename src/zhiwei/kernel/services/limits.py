"""Rate limits: counters in the database, shared by all processes; keys are hashed, never names."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from zhiwei.kernel.errors import TooManyAttemptsError


@dataclass(frozen=True)
class Limit:
    """At most ``count`` times in ``seconds``."""

    name: str
    count: int
    seconds: int


SIGN_IN_BY_LOGIN = Limit("login", 6, 900)
SIGN_IN_BY_ADDRESS = Limit("address", 60, 300)
API_BY_TOKEN = Limit("api", 1200, 60)
LINK_BY_ADDRESS = Limit("link", 30, 300)


def spend(limit: Limit, key: str, now: datetime) -> None:
    """Count one attempt.

    Raises:
        TooManyAttemptsError: The limit of this window is used up; says when to come back.
    """
    window = int(now.timestamp()) // limit.seconds
    digest = hashlib.sha256(key.encode()).hexdigest()[:40]
    with connection.cursor() as cursor:
        cursor.execute(
            'insert into kernel_ratecount (key, "window", count) values (%s, %s, 1) '
            'on conflict (key, "window") do update set count = kernel_ratecount.count + 1 returning count',
            [f"{limit.name}:{digest}", window],
        )
        used = cursor.fetchone()[0]
    if used > limit.count:
        wait = (window + 1) * limit.seconds - int(now.timestamp())
        raise TooManyAttemptsError(f"尝试次数过多，请在 {max(wait // 60, 1)} 分钟后再试。", retry_after=wait)


def address_key(address: str) -> str:
    """Return the key of an address: IPv6 by its /64, since one household holds that many addresses."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)
