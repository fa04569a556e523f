"""What tables alone do not show of a pupil on paper: originals of scans and printed sheets hold whole classes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from zhiwei.assessment.models import PaperFile, ScanFile, ScanPage, Sitting
from zhiwei.kernel import files
from zhiwei.kernel.erasure import Subject


def erase(subject: Subject, now: datetime) -> Mapping[str, int]:
    """Destroy the originals in which a page of the pupil lies, and the printed sheets of the pupil's works.

    The other pupils' pages are kept as pictures of their own; sheets are printed anew at a click.
    """
    del now
    if subject.purpose:
        return {}
    originals = ScanFile.objects.filter(pages__person_id=subject.person_id, blob__isnull=False).distinct()
    works = Sitting.objects.filter(person_id=subject.person_id).values("work_id")
    sheets = PaperFile.objects.filter(work_id__in=works, blob__isnull=False)
    counts = {"扫描原件": 0, "打印件": 0}
    for scan in originals:
        files.destroy(scan.blob_id or 0)
        counts["扫描原件"] += 1
    for sheet in sheets:
        files.destroy(sheet.blob_id or 0)
        counts["打印件"] += 1
    sheets.update(blob=None)
    return counts


def remaining(subject: Subject) -> Mapping[str, int]:
    """Return how many scanned pages of the pupil are left."""
    return {"扫描页": ScanPage.objects.filter(person_id=subject.person_id).count()}
