"""Bringing a document in: read in a killable process, scans by the recogniser of print, cut, encoded, kept at once."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from zhiwei.ai.models import KnowledgeDocument, KnowledgePassage
from zhiwei.ai.services.knowledge import touch
from zhiwei.ai.values import DocumentState
from zhiwei.engines.documents import Block, Limits, ReadDocument, RefusedError, read_document, read_scans
from zhiwei.engines.retrieval import Entry, Passage, document_text, entries_of, passages_of
from zhiwei.engines.safety import examine
from zhiwei.kernel import files, jobs, scope

TOGETHER = 16
"""Passages encoded between two looks at whether the job was cancelled."""
_EXAMINED = 60_000


def bring_in(context: jobs.JobContext, document_id: int) -> dict[str, object]:
    """Read one document and keep its passages; reading it again puts the new passages in the place of the old.

    Returns:
        How many passages there are, or the code of why there are none.
    """
    with scope.entered([context.tenant_id]):
        document = KnowledgeDocument.objects.filter(pk=document_id).first()
        if document is None:
            return {"gone": True}
        KnowledgeDocument.objects.filter(pk=document_id).update(state=DocumentState.READING)
        content = files.read(document.blob_id)
    try:
        read, scanned = _read(context, content, document.name)
        passages = passages_of(read.blocks)
        if not passages:
            raise RefusedError("no_text")
        entries = _encoded(context, passages)
    except RefusedError as refusal:
        with scope.entered([context.tenant_id]):
            _refuse(document_id, document.blob_id, refusal.code)
        return {"refused": refusal.code}
    with scope.entered([context.tenant_id]):
        kept = _keep(document_id, document.blob_id, read, scanned, list(zip(passages, entries, strict=True)))
    return {"passages": kept}


def _read(context: jobs.JobContext, content: bytes, name: str) -> tuple[ReadDocument, int]:
    limits = Limits()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document"
        path.write_bytes(content)
        read = read_document(path, name, limits)
        if not read.pictures:
            return read, 0
        blocks, done = list(read.blocks), 0
        for number, found in read_scans(path, read.pictures, limits):
            blocks += found
            done += 1
            context.progress(done, len(read.pictures), f"第 {number} 页")
        ordered = sorted(blocks, key=lambda block: block.page)
        return ReadDocument(read.kind, tuple(ordered), read.pages, read.pictures, read.title), done


def _encoded(context: jobs.JobContext, passages: Sequence[Passage]) -> list[Entry]:
    entries: list[Entry] = []
    for start in range(0, len(passages), TOGETHER):
        part = passages[start : start + TOGETHER]
        entries += entries_of([one.text for one in part], [one.heading for one in part])
        context.progress(len(entries), len(passages))
    return entries


def _refuse(document_id: int, blob_id: int, code: str) -> None:
    rows = KnowledgeDocument.objects.filter(pk=document_id, blob_id=blob_id)
    rows.update(state=DocumentState.REFUSED, problem=code)


def _keep(
    document_id: int, blob_id: int, read: ReadDocument, scanned: int, found: list[tuple[Passage, Entry]]
) -> int:
    """Write what was read, unless the document was removed or replaced meanwhile."""
    document = KnowledgeDocument.objects.select_for_update().filter(pk=document_id, blob_id=blob_id).first()
    if document is None:
        return 0
    text = document_text(read.blocks)
    document.text, document.outline = text, _outline(read.blocks)
    document.kind, document.pages, document.scanned = read.kind, read.pages, scanned
    document.state, document.problem = DocumentState.READY, ""
    document.title = read.title.strip() or document.title
    document.suspicious = any(
        one.kind == "injection" for one in examine(text[:_EXAMINED], "lenient").findings
    )
    document.save()
    document.passages.all().delete()
    KnowledgePassage.objects.bulk_create(
        (_row(document, number, one, entry) for number, (one, entry) in enumerate(found, start=1)),
        batch_size=500,
    )
    touch(document.base_id)
    return len(found)


def _row(document: KnowledgeDocument, number: int, passage: Passage, entry: Entry) -> KnowledgePassage:
    return KnowledgePassage(
        tenant_id=document.tenant_id,
        base_id=document.base_id,
        document=document,
        number=number,
        text=passage.text,
        heading=passage.heading,
        page=passage.page,
        start=passage.start,
        end=passage.end,
        terms=entry.terms.tobytes(),
        counts=entry.counts.tobytes(),
        vector=entry.vector.tobytes(),
    )


def _outline(blocks: Sequence[Block]) -> list[list[int]]:
    found, at = [], 0
    for block in blocks:
        found.append([at, block.page, block.level])
        at += len(block.text) + 1
    return found
