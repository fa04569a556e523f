"""Who may see and change which item or resource: one answer for "absent" and "not yours"."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from zhiwei.curriculum.models import Draft, Item, ItemEntry, Resource
from zhiwei.curriculum.values import ItemState
from zhiwei.kernel.access import one, reach_q, require
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import Actor, Level, Verb


def items_in_reach(actor: Actor) -> QuerySet[Item]:
    """Return the items an actor may see: published and unsealed ones in scope, one's own, and those one approves.

    Sealed items are seen before their date only by their author and by those who may approve them.

    Raises:
        ForbiddenError: The actor's roles see no items at all.
    """
    require(actor, Verb.READ, "item")
    return Item.objects.filter(_seen(actor, place="tenant__path"))


def entries_in_reach(actor: Actor) -> QuerySet[ItemEntry]:
    """Return the index's entries of just the items in ``items_in_reach``.

    Raises:
        ForbiddenError: The actor's roles see no items at all.
    """
    require(actor, Verb.READ, "item")
    return ItemEntry.objects.filter(_seen(actor, place="owner__path"))


def access_item_for_reading(actor: Actor, item_uuid: object) -> Item:
    """Return one item for looking at.

    Raises:
        NotFoundError: Absent, sealed, a stranger's draft.
    """
    return one(items_in_reach(actor), uuid=item_uuid)


def access_item_for_writing(actor: Actor, item_uuid: object) -> Item:
    """Return one item, locked, for changing: one's own, or one in the subject and place one looks after.

    Raises:
        NotFoundError: Absent or not the actor's to change.
    """
    mine = Item.objects.filter(tenant_id__in=actor.tenants).filter(may_write(actor))
    return one(mine.select_for_update(of=("self",)), uuid=item_uuid)


def access_item_for_approving(actor: Actor, item_uuid: object) -> Item:
    """Return one item, locked, for publishing or retiring.

    Raises:
        NotFoundError: Absent or not the actor's to approve.
    """
    mine = Item.objects.filter(tenant_id__in=actor.tenants).filter(_looked_after(actor, Verb.APPROVE))
    return one(mine.select_for_update(of=("self",)), uuid=item_uuid)


def may_write(actor: Actor) -> Q:
    """Return the filter of items an actor may change."""
    own = policy.reach(actor, Verb.UPDATE, "item", level=Level.INTERNAL)
    return reach_q(own, person="author_id", place="tenant__path", subject="subject")


def can_approve(actor: Actor, item: Item) -> bool:
    """Tell whether an actor may publish and retire this item."""
    return Item.objects.filter(_looked_after(actor, Verb.APPROVE), pk=item.pk).exists()


def can_write(actor: Actor, item: Item) -> bool:
    """Tell whether an actor may change this item."""
    return item.tenant_id in actor.tenants and Item.objects.filter(may_write(actor), pk=item.pk).exists()


def resources_in_reach(actor: Actor) -> QuerySet[Resource]:
    """Return the resources an actor may see.

    Raises:
        ForbiddenError: The actor's roles see no resources at all.
    """
    require(actor, Verb.READ, "resource")
    return Resource.objects.filter(Q(retired=False) | Q(author_id=actor.person_id))


def access_resource_for_writing(actor: Actor, resource_uuid: object) -> Resource:
    """Return one resource, locked, for changing.

    Raises:
        NotFoundError: Absent or not the actor's to change.
    """
    reach = policy.reach(actor, Verb.UPDATE, "resource", level=Level.INTERNAL)
    mine = reach_q(reach, person="author_id", place="tenant__path", subject="subject")
    rows = Resource.objects.filter(mine, tenant_id__in=actor.tenants)
    return one(rows.select_for_update(of=("self",)), uuid=resource_uuid)


def _seen(actor: Actor, *, place: str) -> Q:
    open_now = Q(sealed_until__isnull=True) | Q(sealed_until__lte=Now())
    usable = Q(state__in=[ItemState.PUBLISHED, ItemState.RETIRED]) & open_now
    return usable | Q(author_id=actor.person_id) | _looked_after(actor, Verb.APPROVE, place=place)


def _looked_after(actor: Actor, verb: Verb, *, place: str = "tenant__path") -> Q:
    found = policy.reach(actor, verb, "item", level=Level.INTERNAL)
    return reach_q(found, place=place, subject="subject")


def drafts_in_reach(actor: Actor, verb: Verb = Verb.LIST) -> QuerySet[Draft]:
    """Return the actor's own drafts."""
    reach = policy.reach(actor, verb, "draft", level=Level.INTERNAL)
    return Draft.objects.filter(person_id__in=reach.people)


def access_draft(actor: Actor, draft_uuid: object, *, verb: Verb = Verb.READ) -> Draft:
    """Return one of the actor's own drafts.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(drafts_in_reach(actor, verb), uuid=draft_uuid)
