"""Taking turns: answers of many pupils together, a recalibration of the whole school alone."""

from __future__ import annotations

from django.db import connection

_FAMILY = 7_202_609
"""First key of this room's advisory locks; the second is the school."""


def together(tenant_id: int) -> None:
    """Wait while the school is being recalibrated; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s, %s)", [_FAMILY, tenant_id % 2**31])


def alone(tenant_id: int) -> None:
    """Wait until nobody's answers are being taken in and keep others waiting; to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_FAMILY, tenant_id % 2**31])
