"""Files of the class picture: Excel, PDF and slips for parents, made by a job in the name of who asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from zhiwei.assessment.access import access_work
from zhiwei.assessment.models import Response
from zhiwei.assessment.queries.picture import class_picture, classes_of
from zhiwei.assessment.queries.picture_rows import Taken, done_sittings
from zhiwei.assessment.queries.picture_values import Picture
from zhiwei.assessment.services import picture_prints, picture_sheets
from zhiwei.assessment.values import SittingState
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, files, jobs
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor, FileRef, Level, Verb

TASK = "assessment.picture_file"
ENDINGS = {"excel": "xlsx", "pdf": "pdf", "slips": "pdf"}
TITLES = {"excel": "学情表格", "pdf": "学情报告", "slips": "家长单"}
MOST_BYTES = 60 * 1024 * 1024


def plan_file(*, actor: Actor, now: datetime, work_uuid: object, class_id: int, form: str) -> str:
    """Plan the job and return its address.

    Args:
        form: ``excel``, ``pdf`` or ``slips``.

    Raises:
        NotFoundError: No such form; or the work or class is absent, or not the actor's to take away.
    """
    work = access_work(actor, work_uuid, verb=Verb.EXPORT, level=Level.PERSONAL)
    if form not in ENDINGS or class_id not in dict(classes_of(actor, work_uuid)):
        raise NotFoundError
    job_id = jobs.enqueue(
        TASK,
        tenant_id=actor.tenant_id,
        key=f"{work.pk}-{class_id}-{form}-{actor.person_id}",
        now=now,
        arguments={
            "work_uuid": str(work.uuid),
            "class_id": class_id,
            "form": form,
            "account_id": actor.account_id,
            "person_id": actor.person_id,
        },
        title=f"{TITLES[form]}：{work.title}"[:160],
        owner_id=actor.person_id,
    )
    return jobs.uuid_of(job_id)


def make_file(*, actor: Actor, now: datetime, work_uuid: str, class_id: int, form: str) -> FileRef:
    """Make and keep the file.

    Effects:
        One audit row for each pupil whose results it carries, and one for the export.
    """
    work = access_work(actor, work_uuid, verb=Verb.EXPORT, level=Level.PERSONAL)
    picture = class_picture(actor, work_uuid, class_id)
    sittings = [one for one in done_sittings(actor, work) if one.organisation_id == class_id]
    if form == "pdf":
        content = picture_prints.picture_pdf(picture)
    else:
        if form == "slips":
            sittings = [one for one in sittings if one.state == SittingState.RELEASED]
        content = _with_names(picture, sittings, form)
        audit.record_reads(
            actor=actor,
            kind="picture",
            now=now,
            about_ids=[one.person_id for one in sittings],
            tenant_id=work.tenant_id,
            level=Level.PERSONAL,
            object_id=work.pk,
        )
    audit.record(
        actor=actor,
        verb=Verb.EXPORT,
        kind="picture",
        object_id=work.pk,
        now=now,
        detail={"class": class_id, "form": form},
    )
    return files.store(
        content, tenant_id=actor.tenant_id, now=now, max_bytes=MOST_BYTES, name=f"picture.{ENDINGS[form]}"
    )


def file_of(*, actor: Actor, now: datetime, job_uuid: UUID | str) -> tuple[FileRef, str]:
    """Return a file that a job of one's own made, and its name as a quoted header value.

    Raises:
        NotFoundError: Absent, somebody else's, or not made yet.
    """
    made = jobs.outcome(job_uuid, task=TASK, owner_id=actor.person_id)
    audit.record(actor=actor, verb=Verb.EXPORT, kind="picture_file", object_id=str(job_uuid), now=now)
    return files.describe(int(made["file_id"])), quote(str(made["name"]))


def _with_names(picture: Picture, sittings: Sequence[Taken], form: str) -> bytes:
    names = kernel.people_by_id(one.person_id for one in sittings)
    scores = _scores(sittings)
    ordered = sorted(sittings, key=lambda one: names[one.person_id].number)
    if form == "slips":
        slips = [_slip(picture, names[one.person_id].name, one, scores.get(one.pk, {})) for one in ordered]
        return picture_prints.slips_pdf(picture.title, picture.class_name, slips)
    rows = [
        (
            names[one.person_id].name,
            names[one.person_id].number,
            one.score,
            one.max_score,
            *(scores.get(one.pk, {}).get(item.id) for item in picture.items),
        )
        for one in ordered
    ]
    return picture_sheets.picture_xlsx(picture, rows)


def _scores(sittings: Sequence[Taken]) -> dict[int, dict[int, float]]:
    found: dict[int, dict[int, float]] = {}
    rows = Response.objects.filter(sitting__in=[one.pk for one in sittings], score__isnull=False)
    for sitting_id, item_id, score in rows.values_list("sitting_id", "item_id", "score"):
        found.setdefault(sitting_id, {})[item_id] = float(score or 0)
    return found


def _slip(
    picture: Picture, name: str, sitting: Taken, scores: dict[int, float]
) -> dict[str, picture_prints.Json]:
    titles = {one.key: one.title for one in picture.points}
    rows: list[picture_prints.Json] = []
    good: list[str] = []
    weak: list[str] = []
    for item in picture.items:
        score = scores.get(item.id)
        points = [titles.get(key, key) for key in item.points]
        shown = "—" if score is None else f"{score:g} / {item.max_score:g}"
        rows.append({"n": item.position, "score": shown, "point": "、".join(points)})
        if score is not None and score >= item.max_score:
            good += points
        elif score is not None and score < item.max_score * 0.6:
            weak += points
    return {
        "name": name,
        "score": "—" if sitting.score is None else f"{sitting.score:g} / {sitting.max_score:g}",
        "rows": rows,
        "good": "、".join(dict.fromkeys(one for one in good if one not in weak)),
        "practise": "、".join(dict.fromkeys(weak)),
    }
