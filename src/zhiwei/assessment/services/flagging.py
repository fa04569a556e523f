"""Signs on single answers: problem paper, exemplar."""

from __future__ import annotations

from datetime import datetime

from zhiwei.assessment.models import Response
from zhiwei.kernel import audit
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor, Level, Verb

FLAGS = {"problem": "is_problem", "exemplar": "is_exemplar"}


def flag_response(*, actor: Actor, now: datetime, response: Response, flag: str, on: bool) -> None:
    """Set or clear a sign: ``problem`` (异常卷: to be looked at by another) or ``exemplar`` (典型卷).

    Raises:
        InvalidInputError: No such sign.
    """
    if flag not in FLAGS:
        raise InvalidInputError("没有这种标记。", code="response.flag_unknown")
    setattr(response, FLAGS[flag], on)
    response.save(update_fields=[FLAGS[flag]])
    audit.record(
        actor=actor,
        verb=Verb.MARK,
        kind="response",
        object_id=response.pk,
        about_id=response.sitting.person_id,
        now=now,
        level=Level.PERSONAL,
        detail={flag: on},
    )
