"""Reading requests in OpenAI's form: bounded, named errors, only parameters that are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Level

JsonMap = Mapping[str, object]
MOST_MESSAGES = 400
MOST_CHARACTERS = 1_000_000
MOST_INPUTS = 256
MOST_IMAGES = 16
PASSED = frozenset(
    {"temperature", "top_p", "stop", "seed", "response_format", "tools", "tool_choice", "presence_penalty",
     "frequency_penalty", "logprobs", "top_logprobs", "parallel_tool_calls", "reasoning_effort"}
)  # fmt: skip
"""Parameters handed on as they are; all others are left out."""
ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A chat as asked for. ``level`` is the least level its content has, by the caller's word."""

    model: str
    messages: tuple[JsonMap, ...]
    stream: bool = False
    most_output: int = 0
    parameters: JsonMap = field(default_factory=dict)
    level: Level = Level.INTERNAL
    about_id: int | None = None
    usage_wanted: bool = False

    @property
    def images(self) -> int:
        """How many pictures the messages hold."""
        return sum(part.get("type") == "image_url" for one in self.messages for part in _parts(one))


def read_chat(body: object) -> ChatRequest:
    """Return a chat request.

    Raises:
        InvalidInputError: Names the field that cannot be used.
    """
    if not isinstance(body, dict):
        raise _wrong("请求应为 JSON 对象 / the body must be a JSON object", "body")
    messages = body.get("messages")
    if not isinstance(messages, list) or not 1 <= len(messages) <= MOST_MESSAGES:
        raise _wrong(f"messages 应为 1–{MOST_MESSAGES} 条 / 1–{MOST_MESSAGES} messages", "messages")
    options = body.get("stream_options")
    found = ChatRequest(
        model=_model(body),
        messages=tuple(_message(one, place) for place, one in enumerate(messages)),
        stream=body.get("stream") is True,
        most_output=_most_output(body),
        parameters={key: body[key] for key in PASSED if body.get(key) is not None},
        level=_level(body),
        usage_wanted=isinstance(options, dict) and options.get("include_usage") is True,
    )
    if sum(map(len, texts_of(found.messages))) > MOST_CHARACTERS:
        raise _wrong(f"内容超过 {MOST_CHARACTERS} 字 / content is too long", "messages")
    if found.images > MOST_IMAGES:
        raise _wrong(f"图片超过 {MOST_IMAGES} 张 / too many images", "messages")
    if body.get("n") not in (None, 1):
        raise _wrong("n 只能为 1 / n must be 1", "n")
    return found


def read_embeddings(body: object) -> tuple[str, tuple[str, ...], Level]:
    """Return model, texts and level of an embeddings request.

    Raises:
        InvalidInputError: Names the field that cannot be used.
    """
    if not isinstance(body, dict):
        raise _wrong("请求应为 JSON 对象 / the body must be a JSON object", "body")
    given = body.get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not 1 <= len(texts) <= MOST_INPUTS:
        raise _wrong(f"input 应为 1–{MOST_INPUTS} 段文字 / 1–{MOST_INPUTS} texts", "input")
    if not all(isinstance(one, str) and one for one in texts) or sum(map(len, texts)) > MOST_CHARACTERS:
        raise _wrong("input 应为非空文字且不过长 / texts, not empty, not too long", "input")
    return _model(body), tuple(texts), _level(body)


def texts_of(messages: tuple[JsonMap, ...]) -> Iterator[str]:
    """Yield every text of messages: content, parts, tool calls' arguments."""
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    for one in messages:
        mapped(one, keep)
    yield from found


def mapped(message: JsonMap, change: Callable[[str], str]) -> dict[str, object]:
    """Return a message with every text of it changed."""
    out = dict(message)
    content = message.get("content")
    if isinstance(content, str):
        out["content"] = change(content)
    elif isinstance(content, list):
        out["content"] = [
            {**part, "text": change(str(part.get("text", "")))} if part.get("type") == "text" else part
            for part in content
        ]
    calls = message.get("tool_calls")
    if isinstance(calls, list):
        out["tool_calls"] = [
            {**call, "function": {**call["function"], "arguments": change(call["function"]["arguments"])}}
            for call in calls
        ]
    return out


def _message(one: object, place: int) -> JsonMap:
    where = f"messages[{place}]"
    if not isinstance(one, dict) or one.get("role") not in ROLES:
        raise _wrong(f"{where}.role 应为 {'、'.join(sorted(ROLES))} 之一 / unknown role", where)
    content = one.get("content")
    if isinstance(content, list):
        for part in content:
            _check_part(part, where)
    elif not isinstance(content, str) and not (content is None and one.get("tool_calls")):
        raise _wrong(f"{where}.content 应为文字 / content must be text", where)
    for call in one.get("tool_calls") or ():
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict) or not isinstance(function.get("arguments"), str):
            raise _wrong(f"{where}.tool_calls 的格式不对 / malformed tool call", where)
    known = ("role", "content", "name", "tool_calls", "tool_call_id")
    return {key: one[key] for key in known if key in one}


def _check_part(part: object, where: str) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if isinstance(part, dict) and kind == "text" and isinstance(part.get("text"), str):
        return
    image = part.get("image_url") if isinstance(part, dict) and kind == "image_url" else None
    url = image.get("url") if isinstance(image, dict) else None
    if not isinstance(url, str) or not url.startswith(("data:image/png;base64,", "data:image/jpeg;base64,")):
        raise _wrong(
            f"{where}: 图片须以 data:image/png 或 jpeg 内嵌，不接受外部地址 / images must be inline PNG or JPEG",
            where,
        )


def _parts(message: JsonMap) -> list[dict[str, object]]:
    content = message.get("content")
    return content if isinstance(content, list) else []


def _model(body: Mapping[str, object]) -> str:
    model = body.get("model")
    if not isinstance(model, str) or not 1 <= len(model) <= 80:
        raise _wrong("model 应为模型名称 / model must be the name of a model", "model")
    return model


def _most_output(body: Mapping[str, object]) -> int:
    value = body.get("max_completion_tokens", body.get("max_tokens"))
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000_000:
        raise _wrong("max_tokens 应为正整数 / must be a positive whole number", "max_tokens")
    return value


def _level(body: Mapping[str, object]) -> Level:
    own = body.get("zhiwei")
    value = own.get("level", Level.INTERNAL) if isinstance(own, dict) else Level.INTERNAL
    if value not in tuple(Level):
        raise _wrong("zhiwei.level 应为 1–4 / must be 1–4", "zhiwei.level")
    return Level(int(str(int(value))))


def _wrong(message: str, field_name: str) -> InvalidInputError:
    from zhiwei.kernel.values import Problem

    return InvalidInputError(
        message, code="ai.request", problems=[Problem("ai.request", message, field=field_name)]
    )
