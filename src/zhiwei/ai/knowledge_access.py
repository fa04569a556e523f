"""Gates of knowledge bases: who may see a base, a document of it, and who may change it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhiwei.ai.models import KnowledgeBase, KnowledgeDocument
from zhiwei.ai.values import Audience, DocumentState
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.kernel.access import NOTHING, one
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import Actor, Level, Role, Verb

KIND = "knowledge_base"


def bases_in_reach(actor: Actor, verb: Verb = Verb.READ) -> QuerySet[KnowledgeBase]:
    """Return the bases of the actor's own school on which they may do ``verb``."""
    rows = KnowledgeBase.objects.filter(tenant_id=actor.tenant_id)
    if verb in {Verb.UPDATE, Verb.DELETE}:
        return rows.filter(_changeable(actor, verb))
    return rows.filter(_seen(actor, verb) | _changeable(actor, Verb.UPDATE))


def access_base(actor: Actor, base_uuid: object, *, verb: Verb = Verb.READ) -> KnowledgeBase:
    """Return one base.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(bases_in_reach(actor, verb), uuid=base_uuid)


def documents_in_reach(actor: Actor, verb: Verb = Verb.READ) -> QuerySet[KnowledgeDocument]:
    """Return the documents on which the actor may do ``verb``; readers see only what was read in."""
    rows = KnowledgeDocument.objects.filter(tenant_id=actor.tenant_id).select_related("base")
    mine = Q(base__in=bases_in_reach(actor, Verb.UPDATE))
    if verb in {Verb.UPDATE, Verb.DELETE}:
        return rows.filter(mine)
    seen = Q(base__in=bases_in_reach(actor, verb), state=DocumentState.READY)
    return rows.filter(mine | (seen & _opened(actor)))


def access_document(actor: Actor, document_uuid: object, *, verb: Verb = Verb.READ) -> KnowledgeDocument:
    """Return one document.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(documents_in_reach(actor, verb), uuid=document_uuid)


def may_make(actor: Actor) -> bool:
    """Tell whether the actor may found a base."""
    return bool(policy.reach(actor, Verb.CREATE, KIND, level=Level.INTERNAL))


def _changeable(actor: Actor, verb: Verb) -> Q:
    reach = policy.reach(actor, verb, KIND, level=Level.INTERNAL)
    if reach.places and reach.covers(path=kernel.get_organisation(actor.tenant_id).path):
        return Q()
    return Q(owner_id__in=reach.people)


def _seen(actor: Actor, verb: Verb) -> Q:
    if not policy.reach(actor, verb, KIND, level=Level.INTERNAL):
        return NOTHING
    found = Q(audience=Audience.SCHOOL)
    if actor.is_staff:
        found |= Q(audience__in=[Audience.STAFF, Audience.CLASSES])
        found |= Q(audience=Audience.SUBJECT, subject__in=kernel.subjects_taught(actor))
    if Role.PUPIL in actor.roles:
        found |= Q(audience=Audience.CLASSES, classes__overlap=_classes(actor))
    return found


def _opened(actor: Actor) -> Q:
    """Which documents of a base that is seen are seen too."""
    found = Q(audience=Audience.BASE)
    if actor.is_staff:
        found |= Q(audience__in=[Audience.STAFF, Audience.CLASSES])
    if Role.PUPIL in actor.roles:
        found |= Q(audience=Audience.CLASSES, classes__overlap=_classes(actor))
    return found


def _classes(actor: Actor) -> list[int]:
    found = kernel.classes_of_pupils([actor.person_id], clock.today(clock.now()))
    return found.get(actor.person_id, [])
