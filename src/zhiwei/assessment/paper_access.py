"""Gates of paper: works whose sheets and scans an actor may handle, and what belongs to them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from zhiwei.assessment.models import PaperFile, Response, ScanBatch, ScanPage, SheetTemplate, Target, Work
from zhiwei.kernel.access import NOTHING, one
from zhiwei.kernel.rules import policy
from zhiwei.kernel.values import Actor, Level, Verb

KIND = "scan"


def paper_works(actor: Actor, verb: Verb) -> QuerySet[Work]:
    """Return works set by the actor, or for classes where the actor teaches the work's subject."""
    reach = policy.reach(actor, verb, KIND, level=Level.PERSONAL)
    found = Q(author_id__in=reach.people)
    for path, subject in reach.places:
        here = Q(targets__organisation__path__startswith=path)
        found |= here & Q(subject=subject) if subject else here
    rows = Work.objects.filter(removed_at__isnull=True, is_template=False)
    return rows.filter(pk__in=Work.objects.filter(found if reach else NOTHING).values("pk"))


def access_paper(actor: Actor, work_uuid: object, *, verb: Verb) -> Work:
    """Return one work whose paper the actor may handle.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(paper_works(actor, verb), uuid=work_uuid)


def classes_in_hand(actor: Actor, work: Work) -> list[int]:
    """Return the ids of the work's classes whose pupils the actor may see: all for the author, else those taught."""
    targets = Target.objects.filter(work=work).select_related("organisation")
    reach = policy.reach(actor, Verb.READ, KIND, level=Level.PERSONAL)
    own = work.author_id in reach.people
    found = [
        target.organisation_id
        for target in targets
        if own or reach.covers(path=target.organisation.path, subject=work.subject)
    ]
    return list(dict.fromkeys(found))


def access_page(actor: Actor, page_uuid: object, *, verb: Verb) -> ScanPage:
    """Return one scanned page of a work in hand.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    rows = ScanPage.objects.filter(work__in=paper_works(actor, verb)).select_related("work", "template")
    return one(rows, uuid=page_uuid)


def access_batch(actor: Actor, batch_uuid: object) -> ScanBatch:
    """Return one batch of a work in hand.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    return one(ScanBatch.objects.filter(work__in=paper_works(actor, Verb.READ)), uuid=batch_uuid)


def access_template(actor: Actor, template_uuid: object, *, verb: Verb) -> SheetTemplate:
    """Return one template of a work in hand.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    rows = SheetTemplate.objects.filter(work__in=paper_works(actor, verb)).select_related("work")
    return one(rows, uuid=template_uuid)


def access_paper_file(actor: Actor, file_uuid: object) -> PaperFile:
    """Return one file made from a work's paper.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    rows = PaperFile.objects.filter(work__in=paper_works(actor, Verb.EXPORT)).select_related("work")
    return one(rows, uuid=file_uuid)


def paper_responses(actor: Actor, work: Work, verb: Verb) -> QuerySet[Response]:
    """Return the answers read from a work's paper, of pupils in hand."""
    rows = Response.objects.filter(sitting__work__in=paper_works(actor, verb), sitting__work=work)
    rows = rows.filter(sitting__medium="paper", sitting__organisation_id__in=classes_in_hand(actor, work))
    return rows.select_related("item", "sitting", "sitting__person")


def access_paper_response(actor: Actor, response_uuid: object, *, verb: Verb) -> Response:
    """Return one answer read from paper.

    Raises:
        NotFoundError: Absent or not the actor's.
    """
    row = one(Response.objects.filter(sitting__work__in=paper_works(actor, verb)), uuid=response_uuid)
    return one(paper_responses(actor, row.sitting.work, verb), uuid=response_uuid)
