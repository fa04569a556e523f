"""Gates of the data room: corpora, versions and grants through the policy's reach."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiwei.data.models import Corpus
from zhiwei.kernel.access import one, reach_q
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import Actor, Level, Verb


def corpora_in_reach(actor: Actor, verb: Verb, *, level: Level = Level.INTERNAL) -> QuerySet[Corpus]:
    """Return corpora of places where the actor may do ``verb`` to them."""
    reach = policy.reach(actor, verb, "corpus", level=level)
    return Corpus.objects.filter(reach_q(reach, place="tenant__path"))


def access_corpus(actor: Actor, corpus_uuid: object, *, verb: Verb, level: Level = Level.INTERNAL) -> Corpus:
    """Return one corpus.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(corpora_in_reach(actor, verb, level=level), uuid=corpus_uuid)
