"""The adapter alone: what a hostile or broken server may do to it, and where it refuses to go."""

from __future__ import annotations

import time

import pytest
from tests.ai.scripted_provider import Scripted, Talk, answer, says

from zhiwei.ai.errors import UpstreamError
from zhiwei.ai.rules.requests import read_chat
from zhiwei.ai.upstream.breaker import FAILURES, REST_SECONDS, Breaker
from zhiwei.ai.upstream.connections import Connections
from zhiwei.ai.upstream.egress import read_allowed, resolve
from zhiwei.ai.upstream.server import Endpoint, Server
from zhiwei.kernel.errors import InvalidInputError

LOCAL = read_allowed("127.0.0.0/8")
WRONG = {
    "not json": (lambda talk: talk.say(200, b"<html>"), "ai.upstream_json"),
    "a list": (lambda talk: talk.say(200, []), "ai.upstream_json"),
    "refused": (lambda talk: talk.say(401, {}), "ai.upstream_status"),
    "moved": (lambda talk: talk.say(302, {}, {"Location": "http://127.0.0.1/"}), "ai.upstream_status"),
    "huge": (lambda talk: talk.say(200, b" " * (17 * 1024 * 1024)), "ai.upstream_large"),
    "deep": (lambda talk: talk.say(200, b"[" * 100_000), "ai.upstream_json"),
}


def server_for(scripted: Scripted, **more: float) -> Server:
    return Server(Connections(LOCAL), Endpoint(1, scripted.url, "", **{"retries": 0, **more}))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", WRONG)
def test_nonsense_is_one_named_error(model_server: Scripted, name: str) -> None:
    act, code = WRONG[name]
    model_server.then(act)
    with pytest.raises(UpstreamError) as told:
        server_for(model_server).ask("/chat/completions", {})
    assert told.value.code == code


def trickle(talk: Talk) -> None:
    talk.handler.send_response(200)
    talk.handler.send_header("Content-Length", "1000")
    talk.handler.end_headers()
    for _ in range(20):
        talk.handler.wfile.write(b" ")
        time.sleep(0.05)


def test_a_trickle_cannot_outlast_the_deadline(model_server: Scripted) -> None:
    model_server.then(trickle)
    began = time.monotonic()
    with pytest.raises(UpstreamError) as told:
        server_for(model_server, total_seconds=0.3).ask("/chat/completions", {})
    assert told.value.code == "ai.upstream_slow" and time.monotonic() - began < 0.9


def test_half_an_answer_is_no_answer(model_server: Scripted) -> None:
    def half(talk: Talk) -> None:
        talk.handler.send_response(200)
        talk.handler.send_header("Content-Length", "1000")
        talk.handler.end_headers()
        talk.handler.wfile.write(b'{"choices"')
        talk.handler.close_connection = True

    model_server.then(half)
    with pytest.raises(UpstreamError) as told:
        server_for(model_server).ask("/chat/completions", {})
    assert told.value.code == "ai.upstream_cut"


def test_a_wait_longer_than_reasonable_is_not_waited_for(model_server: Scripted) -> None:
    model_server.then(lambda talk: talk.say(429, {}, {"Retry-After": "3600"}))
    began = time.monotonic()
    with pytest.raises(UpstreamError) as told:
        server_for(model_server, retries=3).ask("/chat/completions", {})
    assert told.value.retry_after == 3600 and time.monotonic() - began < 1


def test_connections_are_used_again(model_server: Scripted) -> None:
    model_server.then(says("好"))
    connections = Connections(LOCAL)
    server = Server(connections, Endpoint(1, model_server.url, "secret"))
    for _ in range(3):
        assert server.ask("/chat/completions", {})["model"] == answer("")["model"]
    assert sum(map(len, connections._idle.values())) == 1
    assert model_server.keys[-1] == "Bearer secret"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:5432", "https://localhost/v1", "http://[::1]/", "http://169.254.169.254/latest",
        "https://10.0.0.1/v1", "http://192.168.1.5:8000/v1", "https://[::ffff:10.0.0.1]/", "http://0.0.0.0/",
        "https://100.64.0.1/", "https://[fd00::1]/", "https://224.0.0.1/",
    ],
)  # fmt: skip
def test_inner_addresses_are_refused_without_the_operator(url: str) -> None:
    with pytest.raises(InvalidInputError) as told:
        resolve(url, ())
    assert told.value.code == "ai.address_private"


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org", "https://", "https://user:pass@example.org/", "https://a/?x=1", "https://a/#f", "x",
     "https://example.org:99999/", "http://1.1.1.1/v1"],
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(InvalidInputError):
        resolve(url, ())


def test_the_operator_opens_a_network_or_just_one_port() -> None:
    assert resolve("http://127.0.0.1:9/v1", read_allowed("127.0.0.1:9")).path == "/v1"
    with pytest.raises(InvalidInputError):
        resolve("http://127.0.0.1:10/v1", read_allowed("127.0.0.1:9"))
    with pytest.raises(ValueError, match="nonsense"):
        read_allowed("nonsense")


def test_a_breaker_opens_rests_and_lets_one_try() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(FAILURES):
        assert breaker.allows()
        breaker.failed()
    assert not breaker.allows()
    now[0] = REST_SECONDS + 1
    assert breaker.allows() and not breaker.allows()
    breaker.succeeded()
    assert breaker.allows()


@pytest.mark.parametrize(
    "body",
    [
        [], {}, {"model": "m"}, {"model": "m", "messages": []},
        {"model": "m", "messages": [{"role": "boss", "content": "x"}]},
        {"model": "m", "messages": [{"role": "user", "content": 5}]},
        {"model": "m", "messages": [{"role": "user", "content": "x"}], "n": 3},
        {"model": "m", "messages": [{"role": "user", "content": "x"}], "max_tokens": -1},
        {"model": "m", "messages": [{"role": "user", "content": "x"}], "zhiwei": {"level": 9}},
        {"model": "m", "messages": [{"role": "assistant", "content": None, "tool_calls": [{"function": 1}]}]},
        {"model": "m", "messages": [
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://169.254.169.254/"}}]}]},
    ],
)  # fmt: skip
def test_a_malformed_request_is_refused(body: object) -> None:
    with pytest.raises(InvalidInputError):
        read_chat(body)


def test_unknown_parameters_stay_here_and_known_ones_pass() -> None:
    asked = read_chat(
        {
            "model": "m",
            "messages": [{"role": "user", "content": "x", "secret": 1}],
            "temperature": 0.2,
            "user": "张三",
        }
    )
    assert asked.parameters == {"temperature": 0.2} and asked.messages == ({"role": "user", "content": "x"},)
