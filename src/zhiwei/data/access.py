"""Gates of the data room: corpora, versions, entries to review and grants through the policy's reach."""

from __future__ import annotations

from django.db.models import QuerySet

from zhiwei.data.models import Corpus, CorpusEntry, Grant, Version
from zhiwei.kernel.access import one, reach_q
from zhiwei.kernel.errors import NotFoundError
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


def reviewable_corpora(actor: Actor) -> QuerySet[Corpus]:
    """Return corpora whose samples the actor may review: in reach, and in the subject where the role names one."""
    reach = policy.reach(actor, Verb.MARK, "corpus_review", level=Level.PERSONAL)
    return Corpus.objects.filter(reach_q(reach, place="tenant__path", subject="subject"))


def access_review(actor: Actor, corpus_uuid: object) -> Corpus:
    """Return a corpus whose sample the actor may review.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(reviewable_corpora(actor), uuid=corpus_uuid)


def access_entry(corpus: Corpus, entry_id: int) -> CorpusEntry:
    """Return one entry of a corpus the actor has been let to.

    Raises:
        NotFoundError: The corpus has no such entry.
    """
    return one(CorpusEntry.objects.filter(corpus=corpus), pk=entry_id)


def access_version(actor: Actor, version_uuid: object, *, verb: Verb) -> Version:
    """Return one version of a corpus in reach; to approve, where the actor may approve.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    rows = Version.objects.select_related("corpus", "requested_by", "decided_by", "job")
    if verb is Verb.APPROVE:
        reach = policy.reach(actor, verb, "corpus_release", level=Level.INTERNAL)
        return one(rows.filter(reach_q(reach, place="tenant__path")), uuid=version_uuid)
    return one(rows.filter(corpus__in=corpora_in_reach(actor, verb)), uuid=version_uuid)


def own_grants(actor: Actor) -> QuerySet[Grant]:
    """Return what was granted to the actor."""
    reach = policy.reach(actor, Verb.READ, "corpus_grant", level=Level.INTERNAL)
    return Grant.objects.filter(person_id__in=reach.people).select_related("version__corpus")


def access_grant(version: Version, grant_uuid: object) -> Grant:
    """Return one grant of a version the actor has been let to.

    Raises:
        NotFoundError: The version has no such grant.
    """
    return one(Grant.objects.filter(version=version).select_related("person"), uuid=grant_uuid)


def sampled(entry: CorpusEntry) -> CorpusEntry:
    """Return an entry that was drawn for review.

    Raises:
        NotFoundError: It was not drawn: reviewers see nothing else.
    """
    if not entry.sample:
        raise NotFoundError
    return entry
