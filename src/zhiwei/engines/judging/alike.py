"""Answers of one meaning, through the engine's face (vectors are loaded only when they are asked for)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .values import Response

if TYPE_CHECKING:
    from .short_answer.grouping import AnswerGroup


def group_answers(responses: Sequence[Response]) -> list[AnswerGroup]:
    """Group answers of the same meaning, largest group first; see ``short_answer.grouping`` for what joins.

    Cost: about 5 s for 3,000 different short answers.
    """
    from .short_answer.grouping import group_answers as group

    return group(responses)
