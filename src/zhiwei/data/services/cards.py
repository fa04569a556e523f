"""What describes a version: the data card (Markdown and HTML), Croissant, data package, licence, quality, sums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from zhiwei.data.models import Version
from zhiwei.data.rules.shape import TABLES
from zhiwei.data.services.card_text import card_of
from zhiwei.engines import corpora as engine
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock
from zhiwei.ui import markdown

_TYPES = {
    ".jsonl": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
    ".zip": "application/zip",
    ".md": "text/markdown",
    ".html": "text/html",
    ".json": "application/json",
    ".txt": "text/plain",
}
_MADE_LAST = ("croissant.json", "datapackage.json", "SHA256SUMS")
"""Files that tell of other files: a copy's own take the place of the version's."""
_BUFFER = 1024 * 1024


def described_files(version: Version, folder: Path, now: datetime, *, recipient: str = "") -> None:
    """Write the describing files beside the records that are already in ``folder``.

    Args:
        recipient: Text of ``RECIPIENT.txt`` for one person's copy; "" for the version itself.
    """
    for name in _MADE_LAST:
        (folder / name).unlink(missing_ok=True)
    corpus = version.corpus
    creator = kernel.get_organisation(version.tenant_id).name
    card = card_of(version, creator=creator, day=clock.today(now))
    _write(folder, "README.md", card)
    _write(folder, "card.html", _page(corpus.name, markdown.to_html(card)))
    _write(folder, "LICENCE.txt", f"{version.licence}\n\n{version.terms}\n")
    _write(folder, "quality.json", _json({"quality": version.quality, "risk": version.risk}))
    if recipient:
        _write(folder, "RECIPIENT.txt", recipient)
    present = [one for one in sorted(folder.iterdir()) if one.is_file()]
    files = [_file(one) for one in present]
    about = _about(version, creator, now)
    _write(folder, "croissant.json", _json(engine.croissant(about, TABLES, files)))
    _write(folder, "datapackage.json", _json(engine.frictionless(about, TABLES, files)))
    sums = [(_file(one).sha256, one.name) for one in sorted(folder.iterdir()) if one.is_file()]
    _write(folder, "SHA256SUMS", "".join(f"{digest}  {name}\n" for digest, name in sums))


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(_BUFFER):
            digest.update(piece)
    return digest.hexdigest()


def _about(version: Version, creator: str, now: datetime) -> engine.Description:
    corpus = version.corpus
    return engine.Description(
        name=f"corpus-{corpus.uuid.hex[:12]}",
        title=corpus.name,
        text=f"{corpus.direction}；{corpus.subject}；{corpus.stage}。已去标识化。",
        version=f"{version.number}.0.0",
        licence=version.licence,
        published=clock.today(now).isoformat(),
        creator=creator,
        keywords=tuple(filter(None, (corpus.task_class, corpus.subject, corpus.stage, corpus.scene))),
    )


def _file(path: Path) -> engine.File:
    kind = _TYPES.get(path.suffix, "application/octet-stream")
    return engine.File(path.name, sha256_of(path), path.stat().st_size, kind)


def _json(value: Mapping[str, Any] | Sequence[Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        f"<title>{escape(title)}</title><body>{body}</body></html>\n"
    )


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
