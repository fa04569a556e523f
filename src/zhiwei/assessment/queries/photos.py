"""Photos of working, to whom they may be shown."""

from __future__ import annotations

from zhiwei.assessment.access import sittings_in_reach
from zhiwei.assessment.models import Response
from zhiwei.kernel import files
from zhiwei.kernel.access import one
from zhiwei.kernel.values import Actor, FileRef, Verb


def photo_of(actor: Actor, sitting_uuid: object, file_id: int) -> FileRef:
    """Return a photo of a sitting in reach.

    Raises:
        NotFoundError: No such photo there, or not the actor's to see.
    """
    sittings = sittings_in_reach(actor, Verb.READ)
    rows = Response.objects.filter(sitting__in=sittings, sitting__uuid=sitting_uuid)
    one(rows, files__contains=[file_id])
    return files.describe(file_id)
