"""Gives the demo county its curriculum: the starter graph and bank, owned by the province."""

from __future__ import annotations

from datetime import datetime

from zhiwei.curriculum.services.starter import import_starter
from zhiwei.kernel import scope
from zhiwei.kernel.models import Organisation
from zhiwei.kernel.values import OrganisationKind, system_actor


def prepare(*, now: datetime) -> None:
    """Take in the starter curriculum if it is not there yet, or what has changed of it."""
    with scope.everywhere("take in the starter curriculum"):
        province = Organisation.objects.filter(kind=OrganisationKind.PROVINCE).order_by("pk").first()
        if province is not None:
            import_starter(actor=system_actor(province.pk), now=now, tenant_id=province.pk)
