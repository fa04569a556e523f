"""From what a caller asks to what a model is sent: level, guard, de-identification, reservation."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from zhiwei.ai.errors import LevelError, NoModelError
from zhiwei.ai.rules.levels import level_of
from zhiwei.ai.rules.placeholders import Veil
from zhiwei.ai.rules.pricing import Usage, cost, estimate_tokens, most_tokens
from zhiwei.ai.rules.requests import ChatRequest, JsonMap, mapped, texts_of
from zhiwei.ai.services.grants import Grant, Offered
from zhiwei.ai.services.ledger import Reservation
from zhiwei.ai.values import Capability
from zhiwei.engines.privacy import Roster, Span, detect
from zhiwei.kernel.values import Level

LEVEL_NAMES = {1: "公开", 2: "内部", 3: "个人", 4: "敏感"}
IMAGE_TOKENS = 1500
MARGIN = timedelta(seconds=60)
MOST_KEPT = 2048


@dataclass(frozen=True, slots=True)
class Prepared:
    """A call ready to go out."""

    offered: Offered
    body: dict[str, object]
    veil: Veil
    level: Level
    prompt_hash: str
    input_estimate: int
    most_input: int
    most_output: int
    images: int


def prepare_chat(grant: Grant, asked: ChatRequest, offered: Offered) -> Prepared:
    """Return the chat as the model will see it.

    Raises:
        NoModelError: The model cannot chat, or cannot see pictures.
        LevelError: The content is above the model's ceiling and cannot be brought below it.
    """
    _need(offered, Capability.CHAT)
    if asked.images:
        _need(offered, Capability.VISION)
    texts = list(texts_of(asked.messages))
    level = asked.level if not asked.images else max(asked.level, Level.PERSONAL)
    veil, found = _veiled(texts, offered, grant.roster, level)
    messages: list[JsonMap] = list(asked.messages)
    if veil:
        messages = [_hidden(one, veil, found) for one in asked.messages]
    most_output = min(asked.most_output or offered.output_tokens, offered.output_tokens)
    body = {
        **asked.parameters,
        "model": offered.upstream_name,
        "messages": messages,
        "max_tokens": most_output,
        **({"stream": True, "stream_options": {"include_usage": True}} if asked.stream else {}),
    }
    spans = (span for spans in found.values() for span in spans)
    return Prepared(
        offered,
        body,
        veil,
        level_of(spans, least=level),
        _digest(asked.messages),
        estimate_tokens(texts) + asked.images * IMAGE_TOKENS,
        most_tokens(texts) + asked.images * IMAGE_TOKENS * 4,
        most_output,
        asked.images,
    )


def prepare_embeddings(grant: Grant, texts: Sequence[str], level: Level, offered: Offered) -> Prepared:
    """Return texts to be embedded as the model will see them.

    Raises:
        NoModelError: The model makes no vectors.
        LevelError: As ``prepare_chat``.
    """
    _need(offered, Capability.EMBEDDINGS)
    veil, found = _veiled(texts, offered, grant.roster, level)
    sent = [veil.hide(one, found[one]) for one in texts] if veil else list(texts)
    spans = (span for spans in found.values() for span in spans)
    return Prepared(
        offered,
        {"model": offered.upstream_name, "input": sent},
        veil,
        level_of(spans, least=level),
        _digest(texts),
        estimate_tokens(texts),
        most_tokens(texts),
        0,
        0,
    )


def reservation(grant: Grant, ready: Prepared, call: UUID, now: datetime) -> Reservation:
    """Return what to reserve for a call: the estimated input and all the output it may have."""
    expected = Usage(ready.input_estimate, ready.most_output, pages=ready.images)
    return Reservation(
        call=call,
        tenant_id=grant.actor.tenant_id,
        scope=grant.scope,
        key_id=grant.key_id,
        person_id=grant.actor.person_id,
        model_id=ready.offered.id,
        price_id=ready.offered.rates.price_id,
        micro=cost(ready.offered.rates, expected),
        tokens=expected.tokens,
        expires_at=now + timedelta(seconds=ready.offered.endpoint.total_seconds) + MARGIN,
        key_most=grant.key_most,
        model_most=ready.offered.most_at_once,
        shares=tuple(line.share(now) for line in grant.lines),
    )


class Findings:
    """What was found in texts lately: a chat sends its earlier messages again with each new one."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, bytes], tuple[Span, ...]] = OrderedDict()
        self._lock = Lock()

    def of(self, text: str, roster: Roster) -> tuple[Span, ...]:
        """Return the personal data in a text."""
        key = (id(roster), hashlib.blake2b(text.encode(), digest_size=16).digest())
        with self._lock:
            known = self._kept.get(key)
        if known is None:
            known = detect(text, roster)
            with self._lock:
                self._kept[key] = known
                if len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return known


_FINDINGS = Findings()


def _veiled(
    texts: Sequence[str], offered: Offered, roster: Roster, declared: Level
) -> tuple[Veil, dict[str, tuple[Span, ...]]]:
    veil = Veil()
    if declared > offered.ceiling:
        raise _too_sensitive(offered, declared)
    found = {text: _FINDINGS.of(text, roster) for text in texts}
    held = level_of((span for spans in found.values() for span in spans), least=declared)
    if held <= offered.ceiling:
        return veil, found
    if not offered.deidentify:
        raise _too_sensitive(offered, held)
    for text in texts:
        veil.avoid(text)
    for text, spans in found.items():
        veil.hide(text, spans)
    return veil, found


def _hidden(message: JsonMap, veil: Veil, found: Mapping[str, tuple[Span, ...]]) -> dict[str, object]:
    return mapped(message, lambda text: veil.hide(text, found[text]))


def _need(offered: Offered, capability: Capability) -> None:
    if capability not in offered.capabilities:
        raise NoModelError(f"模型「{offered.name}」不支持 {capability.value}。", code="ai.capability")


def _too_sensitive(offered: Offered, level: Level) -> LevelError:
    return LevelError(
        f"内容为{LEVEL_NAMES[level]}级，模型「{offered.name}」最高只接收{LEVEL_NAMES[offered.ceiling]}级数据，未发送。"
    )


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
