"""Background work of the class picture."""

from __future__ import annotations

from zhiwei.assessment.services import picture_files
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, jobs


@jobs.task(picture_files.TASK, queue="slow")
def picture_file(
    context: jobs.JobContext, work_uuid: str, class_id: int, form: str, account_id: int, person_id: int
) -> dict[str, object]:
    """Make a file of a class picture in the name of who asked, with the rights they have now."""
    now = clock.now()
    actor = kernel.acting_person(account_id=account_id, person_id=person_id, now=now)
    made = picture_files.make_file(actor=actor, now=now, work_uuid=work_uuid, class_id=class_id, form=form)
    name = f"{picture_files.TITLES[form]}.{picture_files.ENDINGS[form]}"
    return {
        "file_id": made.id,
        "name": name,
        "url": f"/assessment/picture/file/{jobs.uuid_of(context.job_id)}/",
    }
