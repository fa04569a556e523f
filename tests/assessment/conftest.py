"""Stages of this room's tests: programs with tokens, and a work of one question that is open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_program import NUMBER, Program, acting, token
from tests.cast import Cast

from zhiwei.assessment.models import Work
from zhiwei.assessment.services import setting


@pytest.fixture
def program(cast: Cast) -> dict[str, Program]:
    """A client with a token for everybody of the cast, by nickname."""
    return {nickname: Program(token(cast, nickname)) for nickname in cast.people}


@pytest.fixture
def open_work(cast: Cast) -> Work:
    """A work of one number question, open to the first class until tomorrow."""
    now = timezone.now()
    with acting(cast, "teacher") as teacher:
        made = setting.create_work(
            actor=teacher, now=now, title="周三作业", subject="math", due_at=now + timedelta(days=1)
        )
        setting.add_typed_item(actor=teacher, now=now, work=made, content=NUMBER)
        setting.set_targets(actor=teacher, now=now, work=made, class_ids=[cast.class_one])
        setting.open_work(actor=teacher, now=now, work=made)
        return made
