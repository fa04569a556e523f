"""The AI room's door: ask a model in somebody's name, whole or piece by piece; ask first whether there is one.

Callers go on without a model: ``can_ask`` tells beforehand, and every call may raise a ``ZhiweiError``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from zhiwei.ai.errors import NoModelError
from zhiwei.ai.queries.pilots import PilotView, pilot_view
from zhiwei.ai.queries.task_sources import register_tasks, register_wrong_ideas
from zhiwei.ai.rules.marking import LEAST_PAPERS, messages_for, schema_for
from zhiwei.ai.rules.pricing import Usage
from zhiwei.ai.rules.requests import ChatRequest, JsonMap
from zhiwei.ai.services.answers import Answer, read_json
from zhiwei.ai.services.grants import Grant
from zhiwei.ai.services.marker import (
    Marked,
    ModelGrader,
    grader_after_pilot,
    item_of,
    passed_pilot,
    run_pilot,
    stop_if_drifted,
)
from zhiwei.ai.services.shared import the_gateway
from zhiwei.ai.services.streaming import Streamed
from zhiwei.ai.values import Capability, Purpose
from zhiwei.engines.judging import Response
from zhiwei.kernel.values import Actor, Level, Role

__all__ = [
    "Marked", "ModelGrader", "PilotView", "LEAST_PAPERS", "grader_after_pilot", "marking_prompt",
    "marking_schema", "newest_pilot", "run_pilot", "watch_marker",
    "Answer", "ModelCard", "Streamed", "Usage", "ask", "ask_json", "ask_stream", "call_address", "can_ask",
    "models_for", "read_json", "register_tasks", "register_wrong_ideas",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model somebody may use."""

    name: str
    capabilities: frozenset[str]
    ceiling: Level


def models_for(
    actor: Actor, purpose: Purpose, *, now: datetime, role: str = "", capability: Capability = Capability.CHAT
) -> list[ModelCard]:
    """Return the models an actor may use for a purpose, the nearest organisation's first."""
    offered = _grant(actor, purpose, role, now).models.values()
    return [
        ModelCard(one.name, one.capabilities, one.ceiling)
        for one in offered
        if capability in one.capabilities
    ]


def can_ask(actor: Actor, purpose: Purpose, *, now: datetime, role: str = "") -> bool:
    """Tell whether there is any chat model for this."""
    return bool(models_for(actor, purpose, now=now, role=role))


def ask(
    actor: Actor,
    purpose: Purpose,
    messages: Sequence[JsonMap],
    *,
    now: datetime,
    model: str = "",
    role: str = "",
    about_id: int | None = None,
    level: Level = Level.INTERNAL,
    most_output: int = 0,
    parameters: JsonMap | None = None,
) -> Answer:
    """Return a whole answer. Waits for the model: never inside a request, use a job or ``ask_stream``.

    Args:
        model: Name of the model; the nearest that fits when not given.
        role: In which of the actor's roles; the first when not given.
        about_id: Whom it is about, for the record.
        level: The least level the content has.
        parameters: ``temperature``, ``response_format`` and the like.

    Raises:
        NoModelError: No model for this actor and purpose.
        BlockedError: A guard stopped it (``ai.crisis``: its message is what to show).
        LevelError: Too sensitive for the model.
        BudgetError: A limit is reached.
        BusyError: Too many calls at once.
        UpstreamError: No server answered properly.
    """
    grant = _grant(actor, purpose, role, now)
    asked = ChatRequest(
        model or _first(grant),
        tuple(messages),
        most_output=most_output,
        parameters=parameters or {},
        level=level,
        about_id=about_id,
    )
    return the_gateway().chat(grant, asked, now=now)


def ask_json(
    actor: Actor,
    purpose: Purpose,
    messages: Sequence[JsonMap],
    *,
    now: datetime,
    name: str,
    schema: Mapping[str, object],
    model: str = "",
    role: str = "",
    about_id: int | None = None,
    level: Level = Level.INTERNAL,
    most_output: int = 0,
    temperature: float = 0.0,
) -> tuple[dict[str, Any], Answer]:
    """Return an answer that is a JSON object, asked for by a strict schema; the caller checks what is in it.

    Raises:
        UpstreamError: ``ai.answer_json`` when the model does not keep to JSON; else as ``ask``.
    """
    form = {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}
    answer = ask(
        actor,
        purpose,
        messages,
        now=now,
        model=model,
        role=role,
        about_id=about_id,
        level=level,
        most_output=most_output,
        parameters={"response_format": form, "temperature": temperature},
    )
    return read_json(answer.text), answer


def ask_stream(
    actor: Actor,
    purpose: Purpose,
    messages: Sequence[JsonMap],
    *,
    now: datetime,
    model: str = "",
    role: str = "",
    about_id: int | None = None,
    level: Level = Level.INTERNAL,
    most_output: int = 0,
) -> Streamed:
    """Return an answer in pieces (OpenAI's form); ``close`` it when the reader leaves.

    Raises:
        ZhiweiError: As ``ask``.
    """
    grant = _grant(actor, purpose, role, now)
    asked = ChatRequest(
        model or _first(grant), tuple(messages), True, most_output, level=level, about_id=about_id
    )
    return the_gateway().stream(grant, asked, now=now)


def newest_pilot(item_key: str) -> PilotView | None:
    """Return the newest trial of a model as marker of one question, in scope."""
    return pilot_view(item_key)


def marking_prompt(content: Mapping[str, object], response: Response) -> list[dict[str, str]]:
    """Return what a model is sent to mark one answer."""
    return messages_for(item_of(content), response)


def marking_schema(content: Mapping[str, object]) -> dict[str, object]:
    """Return the form its verdict must have."""
    return schema_for(item_of(content))


def watch_marker(
    *,
    actor: Actor,
    now: datetime,
    item_key: str,
    content: Mapping[str, object],
    watched: Sequence[tuple[float, float]],
) -> bool:
    """Stop the model that marks a question when it has drifted from the teacher; tells whether it did."""
    row = passed_pilot(item_key, content)
    return row is not None and stop_if_drifted(actor=actor, now=now, pilot=row, watched=watched)


def call_address(call: UUID | str) -> str:
    """Return where the record of a call is shown."""
    from django.urls import reverse

    return reverse("ai:call", args=[call])


def _grant(actor: Actor, purpose: Purpose, role: str, now: datetime) -> Grant:
    chosen = role or (Role.PUPIL if Role.PUPIL in actor.roles else next(iter(sorted(actor.roles)), ""))
    return the_gateway().grants.of_person(actor, chosen, purpose, now)


def _first(grant: Grant) -> str:
    for one in grant.models.values():
        if Capability.CHAT in one.capabilities:
            return one.name
    raise NoModelError("还没有可用的模型。")
