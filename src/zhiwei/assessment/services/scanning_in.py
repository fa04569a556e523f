"""Scans in: originals kept as they came, every page read once, every problem told."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO, cast

from zhiwei.assessment.models import ScanBatch, ScanFile, SheetTemplate, Work
from zhiwei.assessment.queries import paper as queries
from zhiwei.assessment.rules.paper_codes import roster_by_number
from zhiwei.assessment.services.page_keeping import ReadPage, keep_page
from zhiwei.assessment.services.papering import sheet_key
from zhiwei.engines import scanning
from zhiwei.engines.sheets import Template
from zhiwei.kernel import audit, clock, files, jobs, scope
from zhiwei.kernel.errors import InvalidInputError, JobCancelledError
from zhiwei.kernel.values import Actor, Level, Verb

LARGEST_FILE = 200 * 1024 * 1024
MOST_FILES = 100
SIDE_BY_SIDE = 2
"""Pages read at once; decoding runs in a process of its own besides."""

_LIMITS = scanning.Limits(file_bytes=LARGEST_FILE)
_NEEDS_NO_RECOGNISER = {"bubbles", "number", "free"}


@dataclass(frozen=True)
class Upload:
    """One file as it came: its name, and its content or the ticket of what went straight to the object store."""

    name: str
    content: IO[bytes] = field(default_factory=BytesIO)
    ticket: str = ""


def take_files(
    *,
    actor: Actor,
    now: datetime,
    work: Work,
    uploads: Sequence[Upload],
    template: SheetTemplate | None = None,
    source: str = "upload",
) -> ScanBatch:
    """Keep originals and plan their reading. A file that cannot be kept is reported in the batch, the rest goes on.

    Args:
        template: Which of the work's templates; the newest when not given.
        source: ``upload``, ``phone``, ``folder`` or ``api``.

    Raises:
        InvalidInputError: No file, too many at once, or the work has no template yet.

    Effects:
        One audit row; a reading job.
    """
    if not 1 <= len(uploads) <= MOST_FILES:
        raise InvalidInputError(f"请一次上传 1 到 {MOST_FILES} 个文件。", code="scan.how_many")
    chosen = template or queries.newest_template(work)
    if chosen is None or not chosen.body:
        raise InvalidInputError("请先打印答题纸，或用空白卷制作模板，再收扫描件。", code="scan.no_template")
    batch = ScanBatch.objects.create(
        tenant_id=work.tenant_id,
        work=work,
        template=chosen,
        source=source,
        by_id=actor.person_id or None,
        at=now,
    )
    tickets = {str(_keep_original(batch, one, now)): one.ticket for one in uploads}
    audit.record(
        actor=actor,
        verb=Verb.CREATE,
        kind="scan",
        object_id=batch.pk,
        now=now,
        level=Level.PERSONAL,
        tenant_id=work.tenant_id,
        detail={"files": len(uploads), "source": source},
    )
    jobs.enqueue(
        "assessment.read_scans",
        tenant_id=work.tenant_id,
        key=f"scans-{batch.pk}",
        now=now,
        arguments={
            "batch_id": batch.pk,
            "tickets": {file: ticket for file, ticket in tickets.items() if ticket},
        },
        title=f"识别扫描件：{work.title}"[:160],
        owner_id=actor.person_id or None,
    )
    return batch


def read_batch(context: jobs.JobContext, batch_id: int, tickets: Mapping[str, str]) -> int:
    """Read what waits in a batch, page by page; going on after a crash reads nothing twice.

    Args:
        tickets: Of files that went straight to the object store, by the file's id: they are taken in first.

    Returns:
        How many new pages there are.
    """
    with scope.entered([context.tenant_id]):
        batch = ScanBatch.objects.select_related("work", "template").get(pk=batch_id)
        waiting = list(batch.files.exclude(state="done").order_by("pk"))
        reader = reader_for(batch.work, batch.template)
        total = batch.files.count()
        ScanBatch.objects.filter(pk=batch_id).update(state="reading")
    added = 0
    for index, file in enumerate(waiting, start=total - len(waiting)):
        try:
            context.progress(index, total, file.name)
            if not _taken_in(context.tenant_id, file, tickets.get(str(file.pk), "")):
                continue
            added += _read_file(context, batch, file, reader)
        except JobCancelledError:
            _finish(context.tenant_id, batch_id, "cancelled")
            raise
    _finish(context.tenant_id, batch_id, "done")
    return added


def reader_for(work: Work, template: SheetTemplate) -> scanning.Reader:
    """Return what reading a work's pages needs: its template, the school's secret, the class's numbers."""
    parsed = parsed_template(template.body)
    pupils = [
        (one.id, one.number)
        for group in queries.classes_of(work, clock.today(clock.now()))
        for one in group.pupils
    ]
    recogniser = _recogniser() if _is_written_on(parsed) else None
    return scanning.Reader(parsed, sheet_key(work.tenant_id), recogniser, roster_by_number(pupils))


@lru_cache(maxsize=16)
def parsed_template(body: str) -> Template:
    """Return a template's body as a value, checked once in a process."""
    return scanning.template_from_json(body)


def _is_written_on(template: Template) -> bool:
    kinds = {region.kind for page in template.pages for region in page.regions}
    return bool(kinds - _NEEDS_NO_RECOGNISER)


@lru_cache(maxsize=1)
def _recogniser() -> scanning.Recogniser:
    return scanning.recogniser(threads=1)


def _keep_original(batch: ScanBatch, upload: Upload, now: datetime) -> int:
    """Keep one original, or note that it waits in the inbox; returns the file's id."""
    name = upload.name.replace("\\", "/").rsplit("/", 1)[-1][:200] or "scan"
    row = ScanFile(tenant_id=batch.tenant_id, batch=batch, name=name)
    if not upload.ticket:
        with _told(row):
            row.blob_id = files.store(
                cast(BinaryIO, upload.content),
                tenant_id=batch.tenant_id,
                now=now,
                max_bytes=LARGEST_FILE,
                name=name,
            ).id
    row.save()
    return row.pk


def _taken_in(tenant_id: int, file: ScanFile, ticket: str) -> bool:
    """Take a file in from the inbox, once; tell whether there is something to read."""
    if file.blob_id is not None or not ticket:
        return True
    with scope.entered([tenant_id]):
        with _told(file):
            file.blob_id = files.collect(
                ticket, tenant_id=tenant_id, now=clock.now(), max_bytes=LARGEST_FILE, name=file.name
            ).id
        file.save(update_fields=["blob", "state", "problems"])
    return file.blob_id is not None


@contextmanager
def _told(row: ScanFile) -> Iterator[None]:
    """Note on a file why it cannot be kept; the rest of the batch goes on."""
    try:
        yield
    except InvalidInputError as error:
        row.state = "done"
        row.problems = [{"member": "", "page": 0, "zh": error.message, "en": error.message}]


def _read_file(context: jobs.JobContext, batch: ScanBatch, file: ScanFile, reader: scanning.Reader) -> int:
    with tempfile.TemporaryDirectory(prefix="zhiwei-scan-") as folder:
        path = Path(folder) / "original"
        with scope.entered([context.tenant_id]), path.open("wb") as out:
            known = {(page.member, page.number) for page in file.pages.only("member", "number")}
            for chunk in files.chunks(file.blob_id or 0):
                out.write(chunk)
        added, problems, repeated = 0, [], 0
        for result in _results(path, reader, known):
            if isinstance(result, scanning.FileProblem):
                problems.append(_problem(result))
                continue
            with scope.entered([context.tenant_id]):
                kept = keep_page(batch, file, result)
                added, repeated = added + kept, repeated + (not kept)
                ScanBatch.objects.filter(pk=batch.pk).update(done_pages=batch.done_pages + added)
    batch.done_pages += added
    with scope.entered([context.tenant_id]):
        file.page_count, file.repeated, file.problems, file.state = (
            added + len(known),
            repeated,
            problems,
            "done",
        )
        file.save(update_fields=["page_count", "repeated", "problems", "state"])
    return added


def _results(
    path: Path, reader: scanning.Reader, known: set[tuple[str, int]]
) -> Iterator[ReadPage | scanning.FileProblem]:
    """Decode and read in step, a few pages at once, in order, with few in memory."""
    flying: deque[Future[ReadPage]] = deque()
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for one in scanning.read_pages(path, _LIMITS):
            if isinstance(one, scanning.FileProblem):
                yield one
            elif (one.member, one.number) not in known:
                flying.append(pool.submit(_read, one, reader))
            while len(flying) > SIDE_BY_SIDE:
                yield flying.popleft().result()
        while flying:
            yield flying.popleft().result()


def _read(picture: scanning.PageImage, reader: scanning.Reader) -> ReadPage:
    result, flat = scanning.read_and_flatten(picture, reader)
    by_print = not reader.template.pages[0].markers
    return ReadPage(picture, scanning.page_digest(picture.pixels), result, flat, by_print)


def _problem(found: scanning.FileProblem) -> dict[str, object]:
    return {"member": found.member, "page": found.number, "zh": found.why.zh, "en": found.why.en}


def _finish(tenant_id: int, batch_id: int, state: str) -> None:
    with scope.entered([tenant_id]):
        ScanBatch.objects.filter(pk=batch_id).update(state=state, finished_at=clock.now())


def work_of_batch(batch_id: int) -> Work:
    """Return the work a batch belongs to."""
    return ScanBatch.objects.select_related("work").get(pk=batch_id).work
