"""Questions from other systems: looked into first, taken in as drafts when the teacher says so."""

from __future__ import annotations

from datetime import datetime

from zhiwei.curriculum.services.bulk import Written, write_items
from zhiwei.engines.exchange import ExchangeError, Imported, read_questions
from zhiwei.kernel import files
from zhiwei.kernel.access import require
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor, FileRef, Verb

MAX_BYTES = 30 * 1024 * 1024


def look_into(*, actor: Actor, now: datetime, name: str, data: bytes) -> tuple[FileRef, Imported]:
    """Keep a file and return what can be taken from it; nothing is in the bank yet.

    Raises:
        ForbiddenError: The actor writes no items.
        InvalidInputError: The file as a whole cannot be used, with the reason.
    """
    require(actor, Verb.CREATE, "item")
    found = _read(name, data)
    kept = files.store(data, tenant_id=actor.tenant_id, now=now, max_bytes=MAX_BYTES, name=name[:200])
    return kept, found


def import_file(*, actor: Actor, now: datetime, blob_id: int, name: str, subject: str) -> Written:
    """Take a looked-into file's questions in as drafts of the actor; the same file again changes nothing.

    Whoever calls has let the actor look into the file first, which is where the permission is checked.

    Effects:
        One audit row; the index follows.
    """
    kept, found = files.describe(blob_id), _read(name, files.read(blob_id))
    mark = kept.sha256[:10]
    items = [
        {
            "subject": subject,
            "source": f"{name[:200]} · {one.place}"[:300],
            **one.content,
            "id": f"{mark}:{one.content.get('id') or number}"[:120],
        }
        for number, one in enumerate(found.taken, start=1)
    ]
    return write_items(actor=actor, now=now, tenant_id=actor.tenant_id, items=items)


def _read(name: str, data: bytes) -> Imported:
    try:
        return read_questions(name, data)
    except ExchangeError as error:
        raise InvalidInputError(f"文件不能导入：{error}", code="exchange.file") from error
