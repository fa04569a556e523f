"""Bringing a source in, piece by piece: each is committed by itself, a job that was cut goes on behind the last."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

from zhiwei.data.errors import SourceInputError
from zhiwei.data.models import Intake, IntakePart, Source
from zhiwei.data.services.opening import opened, workplace
from zhiwei.data.services.sources import engine_fields, fields_of
from zhiwei.data.values import IntakeState, SourceState
from zhiwei.engines import intake as engine
from zhiwei.kernel import files, scope

PIECE = 50_000
SAMPLE = 50
MOST_BYTES = 2 * 1024 * 1024 * 1024
Progress = Callable[[int, int, str], None]


def read_head(*, source_id: int, tenant_id: int, now: datetime) -> dict[str, int]:
    """Read a source's columns and first rows, and suggest what they are; the rows are kept as an encrypted file."""
    with workplace() as folder, scope.entered([tenant_id]):
        source = Source.objects.select_related("connection").get(pk=source_id)
        try:
            reader, tables = opened(source, folder)
            rows = [list(cells) for _row, cells in islice(reader.rows(), SAMPLE)]
        except (engine.IntakeError, SourceInputError) as error:
            _failed(source, str(error))
            return {"columns": 0}
        found = engine.suggest(reader.columns, rows)
        suggestions = [[one.element, one.why, str(one.kind), one.level] for one in found]
        told = {"tables": tables, "rows": rows, "suggestions": suggestions}
        kept = files.store(
            json.dumps(told, ensure_ascii=False).encode(), tenant_id=tenant_id, now=now, max_bytes=MOST_BYTES,
            name="sample.json",
        )  # fmt: skip
        source.columns = [{"title": one.title, "type": one.type} for one in reader.columns]
        source.table = source.table or (tables[0] if tables else "")
        source.sample_id = kept.id
        source.state = SourceState.READY if source.fields and _same(source) else SourceState.DRAFT
        source.save()
    return {"columns": len(found)}


def take_in(
    *, intake_id: int, tenant_id: int, now: Callable[[], datetime], progress: Progress
) -> dict[str, int]:
    """Bring a source in; called again after a crash it goes on behind the last piece.

    Returns:
        How many rows were accepted and rejected.
    """
    with scope.entered([tenant_id]):
        row = Intake.objects.select_related("source__connection").get(pk=intake_id)
        done = row.parts.order_by("number").last()
    if row.state != IntakeState.RUNNING:
        return {"accepted": row.accepted, "rejected": row.rejected}
    with workplace() as folder:
        try:
            with scope.entered([tenant_id]):
                reader, _tables = opened(row.source, folder)
            _check_columns(row, reader)
            after, number = _resumed(row, reader, done, tenant_id)
            for piece in _pieces(iter(reader.rows(after))):
                number += 1
                _take_piece(row, reader, piece, number, folder, now())
                progress(number * PIECE, 0, f"{number * PIECE:,}")
        except (engine.IntakeError, SourceInputError) as error:
            with scope.entered([tenant_id]):
                Intake.objects.filter(pk=row.pk).update(
                    state=IntakeState.FAILED, problem=str(error)[:300], finished_at=now()
                )
            return {"accepted": 0, "rejected": 0}
    with scope.entered([tenant_id]):
        return _finish(row, now())


def mark_failed(*, intake_id: int, message: str, now: datetime) -> None:
    """Say on the source's page that bringing in was given up."""
    Intake.objects.filter(pk=intake_id, state=IntakeState.RUNNING).update(
        state=IntakeState.FAILED, problem=message[:300], finished_at=now
    )


def _check_columns(row: Intake, reader: engine.Reader) -> None:
    """Refuse a source whose columns are not those a person looked at."""
    there = [one.title for one in reader.columns]
    known = [str(one["title"]) for one in row.columns]
    if there != known:
        changed = sorted(set(there) ^ set(known)) or there
        raise engine.IntakeError(f"来源的列变了（{'、'.join(changed[:5])}），请重新确认每一列。")


def _resumed(row: Intake, reader: engine.Reader, done: IntakePart | None, tenant_id: int) -> tuple[int, int]:
    """Return the row and piece to go on behind; a table without an order of its own begins anew."""
    if done is None:
        return 0, 0
    if getattr(reader, "resumable", True):
        return done.last_row, done.number
    with scope.entered([tenant_id]):
        row.parts.all().delete()
    row.accepted, row.rejected, row.reasons = 0, 0, []
    return 0, 0


def _pieces(rows: Iterator[engine.Row]) -> Iterator[Iterator[engine.Row]]:
    while (first := next(rows, None)) is not None:
        yield chain([first], islice(rows, PIECE - 1))


def _take_piece(
    row: Intake, reader: engine.Reader, piece: Iterator[engine.Row], number: int, folder: Path, now: datetime
) -> None:
    fields = engine_fields(fields_of(row.fields), serial=hasattr(reader, "sheets"))
    made = engine.convert(piece, reader.columns, fields, work=folder, name=f"p{number}")
    with scope.entered([row.tenant_id]):
        IntakePart.objects.create(
            tenant_id=row.tenant_id,
            intake=row,
            number=number,
            last_row=made.last_row,
            accepted_file_id=_kept(made.accepted_file, row.tenant_id, now) if made.accepted else None,
            rejected_file_id=_kept(made.rejected_file, row.tenant_id, now) if made.rejected else None,
            accepted=made.accepted,
            rejected=made.rejected,
        )
        counts = Counter({(field, str(reason)): many for field, reason, many in row.reasons})
        counts.update({(field, str(reason)): many for (field, reason), many in made.reasons.items()})
        row.reasons = [[field, reason, many] for (field, reason), many in counts.most_common(50)]
        row.accepted, row.rejected = row.accepted + made.accepted, row.rejected + made.rejected
        row.save(update_fields=["reasons", "accepted", "rejected"])
    made.accepted_file.unlink()
    made.rejected_file.unlink()


def _kept(path: Path, tenant_id: int, now: datetime) -> int:
    with path.open("rb") as content:
        return files.store(content, tenant_id=tenant_id, now=now, max_bytes=MOST_BYTES, name=path.name).id


def _finish(row: Intake, now: datetime) -> dict[str, int]:
    Intake.objects.filter(pk=row.pk).update(state=IntakeState.DONE, finished_at=now)
    return {"accepted": row.accepted, "rejected": row.rejected}


def _failed(source: Source, message: str) -> None:
    source.state, source.problem = SourceState.FAILED, message[:300]
    source.save(update_fields=["state", "problem"])


def _same(source: Source) -> bool:
    """Whether every field still has its column after the head was read again."""
    return all(int(one["place"]) < len(source.columns) for one in source.fields)
