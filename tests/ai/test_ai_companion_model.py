"""The companion with a model: led by the same ladder, guarded both ways, silent when in doubt."""

from __future__ import annotations

import pytest
from tests.ai.companion_stage import opened
from tests.cast import NOW, Cast

from zhiwei.ai.queries.companion import turns_of
from zhiwei.ai.services import companion as services
from zhiwei.ai.services import companion_model as model
from zhiwei.kernel import scope
from zhiwei.kernel.models import Job

ASKED = "那两条边和对角线组成什么形状呢？"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ASKED, True),
        ("对角线长是 13 m，对吗？", False),
        ("先画个图吧。", False),
        ("", False),
        ("很好。" * 300 + "？", False),
        ("你可以这样自杀：……懂了吗？", False),
    ],
)
def test_what_a_model_may_say(cast: Cast, text: str, said: bool) -> None:
    pupil = cast.actor("pupil")
    with opened(cast), scope.entered([cast.school]):
        dialogue = services.begin(actor=pupil, now=NOW, source="stage", key="open")
        here = services.situation(pupil, dialogue, NOW)
        assert model.may_be_said(text, here, ["花坛是长方形。"]) is said


def test_a_models_turn_is_planned_only_where_the_school_allows_one(cast: Cast) -> None:
    pupil = cast.actor("pupil")
    for allowed in (False, True):
        with opened(cast, uses_model=allowed), scope.entered([cast.school]):
            dialogue = services.begin(actor=pupil, now=NOW, source="stage", key="open")
            assert model.plan(actor=pupil, dialogue=dialogue, kind="hint", now=NOW) is allowed
            assert not model.plan(actor=pupil, dialogue=dialogue, kind="care", now=NOW)
            assert Job.objects.filter(task=model.TASK).exists() is allowed


def test_the_chat_holds_the_rules_and_no_answer_and_a_late_turn_is_dropped(cast: Cast) -> None:
    pupil = cast.actor("pupil")
    with opened(cast), scope.entered([cast.school]):
        dialogue = services.begin(actor=pupil, now=NOW, source="stage", key="open")
        services.say(actor=pupil, now=NOW, dialogue=dialogue, said="我不懂")
        number = dialogue.turns.count()
        ready = model.prepare(dialogue.pk, pupil.account_id, pupil.person_id, number, now=NOW)
        assert ready is not None
        _actor, _here, chat, _sources = ready
        assert chat[0]["role"] == "system"
        assert not any("13" in str(one["content"]) for one in chat)
        assert model.keep(dialogue.pk, number, ASKED, "某模型", now=NOW)
        assert not model.keep(dialogue.pk, number, ASKED, "某模型", now=NOW)
        assert model.prepare(dialogue.pk, pupil.account_id, pupil.person_id, number, now=NOW) is None
        last = turns_of(dialogue)[-1]
    assert (last.kind, last.model, last.said) == ("model", "某模型", ASKED)
