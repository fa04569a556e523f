"""Models as pages and callers see them: one's own organisation's and those of the places above it."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiwei.ai.models import GatewayModel
from zhiwei.kernel import api as kernel
from zhiwei.kernel import scope
from zhiwei.kernel.values import Actor


def chain_of(tenant_id: int) -> list[int]:
    """Return the ids of an organisation and all above it, the nearest first."""
    path = kernel.get_organisation(tenant_id).path
    return [int(one) for one in reversed(path.strip("/").split("/")) if one]


def models_in_chain(chain: list[int]) -> QuerySet[GatewayModel]:
    """Return the models offered by these organisations; only inside a scope that holds them."""
    return GatewayModel.objects.filter(
        tenant_id__in=chain, enabled=True, provider__enabled=True
    ).select_related("provider")


def models_for(actor: Actor) -> list[GatewayModel]:
    """Return the models an actor may use, the nearest organisation's first."""
    chain = chain_of(actor.tenant_id)
    with scope.everywhere("models of the places above"):
        rows = list(models_in_chain(chain))
    rows.sort(key=lambda row: (chain.index(row.tenant_id), row.name))
    return [row for row in rows if not row.roles or set(row.roles) & actor.roles]
