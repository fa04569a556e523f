"""Responses as a list for those who mark them."""

from __future__ import annotations

from django.db.models import Case, IntegerField, QuerySet, Value, When

from zhiwei.assessment.access import sittings_in_reach
from zhiwei.assessment.models import Response, WorkItem
from zhiwei.assessment.values import ResponseState, SittingState
from zhiwei.kernel.values import Actor, Verb


def responses_to_mark(actor: Actor, item: WorkItem) -> QuerySet[Response]:
    """Return the handed-in responses to a question that the actor may mark, doubtful first."""
    sittings = sittings_in_reach(actor, Verb.MARK).exclude(state=SittingState.ANSWERING)
    urgency = Case(
        When(state__in=[ResponseState.DOUBTFUL, ResponseState.WAITING], then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = Response.objects.filter(item=item, sitting__in=sittings)
    return rows.select_related("item", "sitting", "mark").order_by(urgency, "order_key", "pk")
