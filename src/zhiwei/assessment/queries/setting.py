"""What setting a work reads: its classes, its pupils and their accommodations."""

from __future__ import annotations

from datetime import date

from zhiwei.assessment.models import Target, Work
from zhiwei.kernel import api as kernel


def target_classes(work: Work) -> list[int]:
    """Return the ids of the classes a work is set for."""
    return list(Target.objects.filter(work=work).values_list("organisation_id", flat=True).distinct())


def accommodations(work: Work, today: date) -> list[tuple[str, str, int]]:
    """Return ``(class.person, name, extra minutes)`` of all pupils of the work's classes."""
    extra = dict(
        Target.objects.filter(work=work, person_id__isnull=False).values_list("person_id", "extra_minutes")
    )
    return [
        (f"{class_id}.{pupil.id}", f"{pupil.name} {pupil.number}", extra.get(pupil.id, 0))
        for class_id in target_classes(work)
        for pupil in kernel.pupils_of_class(class_id, today)
    ]
