"""Gates of the AI room: what one set up, oversees or called oneself; "absent" and "not yours" are one answer."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhiwei.ai.models import Alert, Budget, Call, GatewayKey, GatewayModel, Provider
from zhiwei.kernel import api as kernel
from zhiwei.kernel.access import one, reach_q
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import Actor, Level, Verb


def administered(actor: Actor, verb: Verb, kind: str = "ai_provider") -> int:
    """Return the organisation whose models the actor sets up: one's own.

    Raises:
        NotFoundError: The actor sets up nothing.
    """
    place = kernel.get_organisation(actor.tenant_id)
    if not policy.reach(actor, verb, kind, level=Level.INTERNAL).covers(path=place.path):
        raise NotFoundError
    return place.id


def access_provider(actor: Actor, provider_id: int, *, verb: Verb = Verb.UPDATE) -> Provider:
    """Return one of one's own organisation's servers.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(Provider.objects.filter(tenant_id=administered(actor, verb)), pk=provider_id)


def access_model(actor: Actor, model_id: int, *, verb: Verb = Verb.UPDATE) -> GatewayModel:
    """Return one of one's own organisation's models.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    rows = GatewayModel.objects.filter(tenant_id=administered(actor, verb)).select_related("provider")
    return one(rows, pk=model_id)


def access_budget(actor: Actor, budget_id: int, *, verb: Verb = Verb.UPDATE) -> Budget:
    """Return one of one's own organisation's budgets.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(Budget.objects.filter(tenant_id=administered(actor, verb, "ai_budget")), pk=budget_id)


def keys_in_reach(actor: Actor, verb: Verb) -> QuerySet[GatewayKey]:
    """Return one's own keys."""
    reach = policy.reach(actor, verb, "ai_key", level=Level.PERSONAL)
    return GatewayKey.objects.filter(person_id__in=reach.people)


def calls_in_reach(actor: Actor, verb: Verb = Verb.LIST, level: Level = Level.PERSONAL) -> QuerySet[Call]:
    """Return one's own calls, and for overseers those of their organisation."""
    reach = policy.reach(actor, verb, "ai_call", level=level)
    place = kernel.get_organisation(actor.tenant_id)
    found = Q(person_id__in=reach.people)
    if reach.covers(path=place.path):
        found |= Q(tenant_id=place.id)
    return Call.objects.filter(found)


def access_alert(actor: Actor, alert_uuid: object, *, verb: Verb = Verb.READ) -> Alert:
    """Return a crisis signal the actor was told of, or oversees.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(alerts_in_reach(actor, verb), uuid=alert_uuid)


def alerts_in_reach(actor: Actor, verb: Verb = Verb.LIST) -> QuerySet[Alert]:
    """Return crisis signals of people in the actor's places."""
    reach = policy.reach(actor, verb, "ai_alert", level=Level.SENSITIVE)
    rows = Alert.objects.filter(reach_q(reach, place="person__holdings__organisation__path"))
    return rows.select_related("person").distinct()
