"""Items as a file for other systems."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO

from zhiwei.curriculum import access
from zhiwei.curriculum.queries.cards import contents_in_use
from zhiwei.curriculum.values import ItemState
from zhiwei.engines.exchange import Written, write_moodle, write_qti
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.values import Actor

MOST = 500
WRITERS: Mapping[str, tuple[str, str, Callable[[Sequence[dict[str, object]]], Written]]] = {
    "qti": ("application/zip", "zip", write_qti),
    "moodle": ("application/xml", "xml", write_moodle),
}


def pack_items(actor: Actor, uuids: Sequence[str], form: str) -> tuple[str, str, bytes]:
    """Return media type, file ending and content; what the format could not say stands in the file's notes.

    Raises:
        InvalidInputError: Nothing was picked, or over 500 items.
        NotFoundError: No such format, or none of the items is to be seen.
    """
    if form not in WRITERS:
        raise NotFoundError
    if not 0 < len(uuids) <= MOST:
        raise InvalidInputError(f"请选 1 到 {MOST} 道题再导出。", code="exchange.picked")
    rows = access.items_in_reach(actor).filter(uuid__in=uuids, state=ItemState.PUBLISHED)
    found = contents_in_use(list(rows.order_by("pk")))
    if not found:
        raise NotFoundError
    media_type, ending, write = WRITERS[form]
    written = write([{"id": str(row.uuid), **content} for row, content in found])
    notes = "\n".join(f"{name}: {note}" for name, note in written.notes)
    return media_type, ending, _with_notes(written.data, notes, form)


def _with_notes(data: bytes, notes: str, form: str) -> bytes:
    if not notes:
        return data
    if form == "moodle":
        comment = f"\n<!-- {notes.replace('--', '- -')} -->\n"
        return data + comment.encode()
    out = BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("notes.txt", notes)
    return out.getvalue()
