"""What lives from released marks can be made again from the events alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.cast import NOW, Cast

from zhiwei.assessment.models import Response, Work
from zhiwei.assessment.services import answering, judging, marking, releasing, setting
from zhiwei.kernel import scope
from zhiwei.kernel.models import Event
from zhiwei.kernel.values import Actor

NUMBER: dict[str, Any] = {
    "type": "numeric",
    "max_score": 3,
    "stem": "3 m = ? cm",
    "reference_answers": ["300 cm"],
}


def projected(events: list[tuple[str, dict[str, Any]]]) -> dict[int, float]:
    """Fold events into each sitting's score: a higher revision takes the place of a lower, a recall forgets."""
    known: dict[int, tuple[int, float | None]] = {}
    for kind, told in events:
        if told["revision"] <= known.get(told["sitting_id"], (0, None))[0]:
            continue
        score = sum(one["score"] for one in told["responses"]) if kind.endswith("released") else None
        known[told["sitting_id"]] = (told["revision"], score)
    return {sitting: score for sitting, (_revision, score) in known.items() if score is not None}


def _handed_in(actor: Actor, work: Work, text: str) -> int:
    sitting = answering.begin_sitting(actor=actor, now=NOW, work_uuid=work.uuid)
    answering.save_response(
        now=NOW, sitting=sitting, item_uuid=work.items.get().uuid, value={"text": text}, sequence=1
    )
    answering.hand_in(actor=actor, now=NOW, sitting=sitting)
    judging.judge_sitting(sitting_id=sitting.pk, now=NOW)
    return sitting.pk


def test_a_projection_is_made_again_from_events(cast: Cast) -> None:
    teacher = cast.actor("teacher")
    with scope.entered(teacher.tenants):
        work = setting.create_work(
            actor=teacher, now=NOW, title="甲", subject="math", due_at=NOW + timedelta(days=1)
        )
        setting.add_typed_item(actor=teacher, now=NOW, work=work, content=NUMBER)
        setting.set_targets(actor=teacher, now=NOW, work=work, class_ids=[cast.class_one])
        setting.open_work(actor=teacher, now=NOW, work=work)
        one = _handed_in(cast.actor("pupil"), work, "300 cm")
        two = _handed_in(cast.actor("classmate"), work, "3")
        releasing.release_marks(actor=teacher, now=NOW, work=work, allow_doubtful=True)
        row = Response.objects.get(sitting_id=two)
        marking.give_mark(actor=teacher, now=NOW, response=row, score=1)
        releasing.release_marks(actor=teacher, now=NOW, work=work, allow_doubtful=True)
        events = list(Event.objects.order_by("pk").values_list("kind", "payload"))
        assert projected(events) == {one: 3.0, two: 1.0}
        assert projected([*events, *events]) == projected(events)
        releasing.recall_marks(actor=teacher, now=NOW, work=work)
        assert projected(list(Event.objects.order_by("pk").values_list("kind", "payload"))) == {}
        releasing.release_marks(actor=teacher, now=NOW, work=work, allow_doubtful=True)
        assert projected(list(Event.objects.order_by("pk").values_list("kind", "payload"))) == {
            one: 3.0,
            two: 1.0,
        }
