"""Signs on single answers: problem paper, exemplar, tags in a marker's own words."""

from __future__ import annotations

from datetime import datetime

from zhiwei.assessment.models import Response, ResponseTag
from zhiwei.kernel import audit
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor, Level, Verb

MOST_TAGS = 8
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


def tag_response(*, actor: Actor, now: datetime, response: Response, text: str, on: bool) -> list[str]:
    """Put a tag on an answer or take it off; twice changes nothing. Pupils never see tags.

    Returns:
        The answer's tags, in the order they were put on.

    Raises:
        InvalidInputError: No text, longer than 20 characters, or eight tags already.

    Effects:
        One audit row.
    """
    word = " ".join(text.split())
    if not word or len(word) > 20 or not word.isprintable():
        raise InvalidInputError("标签应是 1 到 20 个字。", code="response.tag_text")
    rows = ResponseTag.objects.filter(response=response)
    if not on:
        rows.filter(text=word).delete()
    elif not rows.filter(text=word).exists():
        if rows.count() >= MOST_TAGS:
            raise InvalidInputError("一份作答最多 8 个标签。", code="response.tags_many")
        ResponseTag.objects.create(
            tenant_id=response.tenant_id, response=response, text=word, by_id=actor.person_id, at=now
        )
    audit.record(
        actor=actor,
        verb=Verb.MARK,
        kind="response",
        object_id=response.pk,
        about_id=response.sitting.person_id,
        now=now,
        level=Level.PERSONAL,
        detail={"tag": word, "on": on},
    )
    return list(rows.order_by("at", "pk").values_list("text", flat=True))
