"""The watched folder: files a scanner puts into ``inbox/<school's id>`` of the data folder go to the work they name.

A school takes part by having that folder. What was taken in is kept encrypted and then removed from the folder;
what names no work of the school is moved to ``unread`` beside it, where a person finds it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings

from zhiwei.assessment.models import Work
from zhiwei.assessment.rules.paper_codes import work_of
from zhiwei.assessment.services.papering import sheet_key
from zhiwei.assessment.services.scanning_in import LARGEST_FILE, Upload, take_files
from zhiwei.engines import scanning
from zhiwei.kernel import scope
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import system_actor

SETTLED_SECONDS = 10.0
MOST_A_ROUND = 20
UNREAD = "unread"
_PAGES_LOOKED_AT = 5


def inbox_folder() -> Path:
    """Return where schools' watched folders are."""
    return Path(settings.FILES_ROOT).parent / "inbox"


def empty_inboxes(*, now: datetime) -> dict[str, int]:
    """Take in what lies in every school's folder and has stopped growing.

    Returns:
        How many files were taken in and how many were put to ``unread``.
    """
    found = {"taken": 0, "unread": 0}
    for school in _schools():
        for path in islice(_settled(school), MOST_A_ROUND):
            taken = _take(int(school.name), path, now)
            found["taken" if taken else "unread"] += 1
            if taken:
                path.unlink()
            else:
                _set_unread(path)
    return found


def _schools() -> list[Path]:
    root = inbox_folder()
    if not root.is_dir():
        return []
    return sorted(one for one in root.iterdir() if one.is_dir() and one.name.isascii() and one.name.isdigit())


def _settled(school: Path) -> Iterator[Path]:
    """Yield plain files that nobody has written to for a while; links are never followed."""
    latest = time.time() - SETTLED_SECONDS
    for path in sorted(school.iterdir()):
        if path.is_file() and not path.is_symlink() and path.stat().st_mtime < latest:
            yield path


def _take(tenant_id: int, path: Path, now: datetime) -> bool:
    if path.stat().st_size > LARGEST_FILE:
        return False
    with scope.entered([tenant_id]):
        work_id = _work_named(path, sheet_key(tenant_id))
        work = Work.objects.filter(pk=work_id or 0, tenant_id=tenant_id, removed_at__isnull=True).first()
        if work is None:
            return False
        try:
            with path.open("rb") as content:
                take_files(
                    actor=system_actor(tenant_id),
                    now=now,
                    work=work,
                    uploads=[Upload(path.name, content)],
                    source="folder",
                )
        except InvalidInputError:
            return False
    return True


def _work_named(path: Path, key: bytes) -> int | None:
    """Return the work whose signed code stands on one of the first pages."""
    for page in islice(scanning.read_pages(path, scanning.Limits(file_bytes=LARGEST_FILE)), _PAGES_LOOKED_AT):
        if isinstance(page, scanning.PageImage):
            for found in scanning.codes_in(page.pixels, key):
                if found.signature == "good":
                    return work_of(found.code.work)
    return None


def _set_unread(path: Path) -> None:
    folder = path.parent / UNREAD
    folder.mkdir(exist_ok=True)
    path.replace(folder / f"{int(path.stat().st_mtime)}-{path.name}")
