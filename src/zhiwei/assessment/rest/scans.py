"""Scans in through the API: originals are posted, and the report of each file is asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from zhiwei.assessment import paper_access
from zhiwei.assessment.queries.paper import batch_report
from zhiwei.assessment.services import scanning_in
from zhiwei.kernel import clock
from zhiwei.kernel.values import Verb
from zhiwei.kernel.web.acting import actor_of
from zhiwei.kernel.web.rim import Needs

router = Router(tags=["scans"])
WRITE = Needs("scans:write")


class ScanFileOut(Schema):
    """What came of one file: its state, new pages, pages that had come in before, problems and page findings."""

    name: str
    state: str
    pages: int
    repeated: int
    problems: list[dict[str, Any]]
    findings: list[dict[str, Any]]


class BatchOut(Schema):
    """Files that came in together; ``state`` is ``waiting``, ``reading``, ``done`` or ``cancelled``."""

    batch: UUID
    state: str
    pages: int
    files: list[ScanFileOut]


@router.post(
    "/works/{uuid:work_uuid}/scans", auth=WRITE, response={202: BatchOut}, operation_id="upload_scans"
)
def upload_scans(
    request: HttpRequest,
    work_uuid: UUID,
    scans: File[list[UploadedFile]],
    template: UUID | None = None,
) -> tuple[int, BatchOut]:
    """Keep scans (PDF, JPEG, PNG, WebP, TIFF, ZIP) as they came and plan their reading.

    A page that came in before adds nothing, so sending again is safe without an idempotency key.
    """
    actor = actor_of(request)
    work = paper_access.access_paper(actor, work_uuid, verb=Verb.CREATE)
    chosen = paper_access.access_template(actor, template, verb=Verb.READ) if template else None
    uploads = [scanning_in.Upload(one.name or "", one.file) for one in scans if one.file is not None]
    batch = scanning_in.take_files(
        actor=actor, now=clock.now(), work=work, uploads=uploads, template=chosen, source="api"
    )
    return 202, BatchOut(**batch_report(batch))


@router.get("/scans/{uuid:batch_uuid}", auth=WRITE, response=BatchOut, operation_id="scan_report")
def scan_report(request: HttpRequest, batch_uuid: UUID) -> BatchOut:
    """Return what came of each file of a batch, with sentences that say what to do."""
    return BatchOut(**batch_report(paper_access.access_batch(actor_of(request), batch_uuid)))
