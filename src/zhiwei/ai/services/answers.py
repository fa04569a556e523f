"""What came back from a model: text and usage read with suspicion, labelled as the rules ask."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from zhiwei.ai.errors import UpstreamError
from zhiwei.ai.rules.pricing import Usage, believable, estimate_tokens
from zhiwei.ai.services.preparing import Prepared

PRODUCER = "zhiwei"
LABEL_HEADER = "X-AI-Generated"


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer, as callers in the house get it."""

    call: UUID
    text: str
    model: str
    answered_by: str
    micro: int
    usage: Usage
    finish: str = "stop"
    body: Mapping[str, object] = field(default_factory=dict)


def label(call: UUID, producer: str = PRODUCER) -> dict[str, str]:
    """Return the implicit label of generated content (GB 45438-2025): generated, by whom, under which number."""
    return {"Label": "1", "ContentProducer": producer, "ProduceID": str(call)}


def choice_of(body: Mapping[str, object]) -> dict[str, object]:
    """Return the one choice of an answer.

    Raises:
        UpstreamError: The answer has none of the expected form.
    """
    choices = body.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    if not isinstance(first, dict) or not isinstance(message, dict):
        raise UpstreamError("模型服务的回答缺少 choices。", code="ai.upstream_shape")
    if not isinstance(message.get("content"), str | None) or not (
        isinstance(message.get("content"), str) or message.get("tool_calls")
    ):
        raise UpstreamError("模型服务的回答缺少文字。", code="ai.upstream_shape")
    return first


def usage_of(told: object, ready: Prepared, said: str) -> Usage:
    """Return what was used: as the server counted when that can be true, else an estimate."""
    if isinstance(told, dict):
        counted = Usage(
            _whole(told.get("prompt_tokens")),
            _whole(told.get("completion_tokens")),
            _cached(told),
            ready.images,
        )
        most_output = max(ready.most_output, 1) + 64
        if _whole(told.get("prompt_tokens")) > 0 and believable(
            counted, most_input=ready.most_input, most_output=most_output
        ):
            return counted
    return Usage(
        ready.input_estimate, estimate_tokens([said]) if said else 0, 0, ready.images, estimated=True
    )


def read_json(text: str) -> dict[str, Any]:
    """Return the JSON object of an answer; a fence of code around it is forgiven, nothing else.

    Raises:
        UpstreamError: ``ai.answer_json``.
    """
    plain = text.strip()
    if plain.startswith("```"):
        plain = plain.split("\n", 1)[-1].rsplit("```", 1)[0]
    try:
        found = json.loads(plain)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise UpstreamError("模型没有按要求的格式回答。", code="ai.answer_json")
    return found


def restored(message: Mapping[str, object], change: Callable[[str], str]) -> dict[str, object]:
    """Return an answer's message with every text changed (placeholders turned back)."""
    out = dict(message)
    for name in ("content", "reasoning_content"):
        text = message.get(name)
        if isinstance(text, str):
            out[name] = change(text)
    calls = message.get("tool_calls")
    if isinstance(calls, list):
        out["tool_calls"] = [_restored_call(one, change) for one in calls]
    return out


def _restored_call(one: object, change: Callable[[str], str]) -> object:
    function = one.get("function") if isinstance(one, dict) else None
    if not isinstance(one, dict) or not isinstance(function, dict):
        return one
    return {**one, "function": {**function, "arguments": change(str(function.get("arguments", "")))}}


def _cached(told: Mapping[str, object]) -> int:
    details = told.get("prompt_tokens_details")
    found = details.get("cached_tokens") if isinstance(details, dict) else told.get("prompt_cache_hit_tokens")
    return _whole(found)


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
