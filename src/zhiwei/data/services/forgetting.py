"""An erased person leaves what was brought in: the pieces that name them are written anew without those rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from zhiwei.data.models import Intake, IntakePart
from zhiwei.data.services.opening import fetched, workplace
from zhiwei.data.services.sources import destroy_unnamed
from zhiwei.data.services.taking_in import MOST_BYTES
from zhiwei.engines import intake as engine
from zhiwei.kernel import files
from zhiwei.kernel.erasure import Subject

ERASER = "data.sources"
_FILES = (("accepted_file_id", "accepted"), ("rejected_file_id", "rejected"))


def erase(subject: Subject, now: datetime) -> Mapping[str, int]:
    """Take the rows that name a person out of everything brought in; safe to run again."""
    if subject.purpose:
        return {"接入的行": 0}
    gone = 0
    for part, file, count in _pieces():
        left = _rewritten(part, file, subject, now)
        if left:
            setattr(part, count, getattr(part, count) - left)
            part.save(update_fields=[file.removesuffix("_id"), count])
            row = Intake.objects.get(pk=part.intake_id)
            setattr(row, count, max(0, getattr(row, count) - left))
            row.save(update_fields=[count])
            gone += left
    return {"接入的行": gone}


def remaining(subject: Subject) -> Mapping[str, int]:
    """Return how many rows brought in still name the person."""
    if subject.purpose:
        return {"接入的行": 0}
    found = 0
    for part, file, _count in _pieces():
        with workplace() as folder:
            piece = fetched(getattr(part, file), folder, "piece.parquet")
            found += engine.forget(piece, subject.terms, folder / "left.parquet")
    return {"接入的行": found}


def _pieces() -> Iterator[tuple[IntakePart, str, str]]:
    for part in IntakePart.objects.order_by("pk").iterator(100):
        yield from ((part, file, count) for file, count in _FILES if getattr(part, file))


def _rewritten(part: IntakePart, file: str, subject: Subject, now: datetime) -> int:
    """Keep the piece without the person's rows in place of the one there was."""
    before = getattr(part, file)
    with workplace() as folder:
        target = folder / "left.parquet"
        gone = engine.forget(fetched(before, folder, "piece.parquet"), subject.terms, target)
        if gone:
            with target.open("rb") as content:
                kept = files.store(content, tenant_id=part.tenant_id, now=now, max_bytes=MOST_BYTES)
            setattr(part, file, kept.id)
            part.save(update_fields=[file.removesuffix("_id")])
            destroy_unnamed([before])
    return gone
