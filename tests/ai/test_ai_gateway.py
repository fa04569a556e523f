"""The address ``/v1`` against a scripted server: what passes, what is refused, and that the books are right."""

from __future__ import annotations

from tests.ai.gateway_stage import SECRET, Stage
from tests.ai.scripted_provider import Talk, answer, says, streams

from zhiwei.ai.models import Call, CallContent, Hold, LedgerEntry
from zhiwei.ai.services.sealing import unseal_of
from zhiwei.kernel import scope


def entries() -> list[tuple[str, int, int, int]]:
    with scope.everywhere("test"):
        rows = LedgerEntry.objects.order_by("pk")
        return [(row.kind, row.micro, row.input_tokens, row.output_tokens) for row in rows]


def only_call() -> Call:
    with scope.everywhere("test"):
        return Call.objects.get()


def test_a_chat_is_answered_labelled_and_charged_to_the_last_unit(stage: Stage) -> None:
    budget = stage.budget(unit="micro", hard=10_000_000)
    reply = stage.chat("讲讲光合作用", max_tokens=100)
    assert reply.status == 200 and reply.json["choices"][0]["message"]["content"] == "好的。"
    assert reply.json["usage"]["total_tokens"] == 15
    assert reply.json["zhiwei"] == {"micro_yuan": 60, "estimated": False}
    assert reply.headers["X-AI-Generated"] == "true" and reply.json["aigc"]["Label"] == "1"
    assert [one[0] for one in entries()] == ["hold", "settle"] and entries()[1] == ("settle", 60, 10, 5)
    assert stage.account(budget) == (60, 0)
    call = only_call()
    assert (call.person_id, call.role, call.purpose) == (stage.cast.people["teacher"], "teacher", "program")
    assert (call.model_name, call.answered_by, call.state) == ("通用", "scripted-1", "done")
    assert stage.server.seen[0]["model"] == "up-通用" and stage.server.seen[0]["max_tokens"] == 100


def test_what_was_said_is_kept_sealed_and_removing_it_changes_no_usage(stage: Stage) -> None:
    budget = stage.budget(unit="tokens", hard=100_000)
    stage.chat("一个秘密的问题")
    with scope.everywhere("test"):
        row = CallContent.objects.get()
        assert "秘密".encode() not in bytes(row.sealed)
        assert "一个秘密的问题" in unseal_of(row.tenant_id, row.key_version, row.sealed, "call")
        row.delete()
    assert stage.account(budget) == (15, 0) and len(entries()) == 2


def test_a_stream_is_passed_on_and_settled_with_the_counted_usage(stage: Stage) -> None:
    stage.server.then(streams(["你", "好", "呀"], tokens=(7, 3)))
    reply = stage.chat("问好", stream=True, stream_options={"include_usage": True})
    assert reply.text == "你好呀" and reply.raw.endswith(b"data: [DONE]\n\n")
    assert reply.events[-1]["usage"]["total_tokens"] == 10
    assert reply.events[0]["aigc"]["ContentProducer"] == "zhiwei"
    assert entries()[1] == ("settle", 7 * 2 + 3 * 8, 7, 3)
    assert only_call().streamed


def test_a_stream_without_usage_is_estimated(stage: Stage) -> None:
    stage.server.then(streams(["一二三四五"], tokens=None))
    stage.chat("数数", stream=True)
    with scope.everywhere("test"):
        entry = LedgerEntry.objects.get(kind="settle")
    assert entry.estimated and entry.output_tokens > 0


def test_a_cancelled_stream_is_settled_for_what_was_said(stage: Stage) -> None:
    from zhiwei.ai.rules.requests import read_chat
    from zhiwei.kernel import clock

    stage.server.then(streams(["一" * 30, "二" * 30, "三" * 30], pause=0.05))
    grant = stage.gateway.grants.by_key(SECRET, clock.now())
    asked = read_chat({"model": "通用", "messages": [{"role": "user", "content": "数"}], "stream": True})
    streamed = stage.gateway.stream(grant, asked, now=clock.now())
    next(streamed)
    next(streamed)
    streamed.close()
    assert only_call().state == "cancelled" and entries()[1][3] == 40
    with scope.everywhere("test"):
        assert not Hold.objects.exists()


def test_a_stream_closed_before_its_first_piece_leaves_no_reservation(stage: Stage) -> None:
    from zhiwei.ai.rules.requests import read_chat
    from zhiwei.kernel import clock

    budget = stage.budget(unit="calls", hard=5)
    grant = stage.gateway.grants.by_key(SECRET, clock.now())
    asked = read_chat({"model": "通用", "messages": [{"role": "user", "content": "数"}], "stream": True})
    stage.gateway.stream(grant, asked, now=clock.now()).close()
    assert stage.account(budget)[1] == 0 and only_call().state == "cancelled"


def cut(talk: Talk) -> None:
    talk.begin_stream()
    talk.event({"choices": [{"delta": {"content": "半句"}}]})


def test_a_cut_stream_ends_with_an_error_and_is_settled_for_its_half(stage: Stage) -> None:
    stage.server.then(cut)
    reply = stage.chat("说", stream=True)
    assert reply.events[-1]["error"]["code"] == "ai.upstream_cut" and reply.text == "半句"
    assert only_call().state == "failed" and entries()[1][0] == "settle"


def test_nonsense_from_a_server_is_an_error_and_reserves_nothing(stage: Stage) -> None:
    budget = stage.budget(unit="micro", hard=10_000_000)
    stage.server.then(lambda talk: talk.say(200, b"<html>"))
    reply = stage.chat("问")
    assert reply.status == 502 and reply.json["error"]["code"] == "ai.upstream_json"
    assert stage.account(budget)[1] == 0 and only_call().state == "failed"


def test_an_answer_without_text_is_charged_as_counted_and_refused(stage: Stage) -> None:
    stage.server.then(lambda talk: talk.say(200, {**answer(""), "choices": [{"message": {"content": 7}}]}))
    assert stage.chat("问").json["error"]["code"] == "ai.upstream_shape"
    assert entries()[1][:2] == ("settle", 60)


def test_a_slow_server_is_given_up(stage: Stage) -> None:
    import time

    with scope.everywhere("test"):
        from zhiwei.ai.models import Provider

        Provider.objects.update(first_byte_seconds=1, total_seconds=1)
    stage.server.then(lambda talk: time.sleep(1.5))
    reply = stage.chat("问")
    assert reply.json["error"]["code"] == "ai.upstream_slow" and only_call().attempts == 1


def test_too_many_requests_upstream_is_tried_again_when_it_says_when(stage: Stage) -> None:
    stage.server.then(lambda talk: talk.say(429, {}, {"Retry-After": "0.1"}), says("第二次"))
    reply = stage.chat("问")
    assert reply.json["choices"][0]["message"]["content"] == "第二次" and only_call().attempts == 2


def test_a_failing_model_falls_back_to_another_and_both_calls_are_recorded(stage: Stage) -> None:
    stage.change_model(fallbacks=["后备"])
    stage.server.then(lambda talk: talk.say(500, {}), says("我来"))
    reply = stage.chat("问")
    assert reply.json["model"] == "后备" and reply.json["choices"][0]["message"]["content"] == "我来"
    with scope.everywhere("test"):
        states = list(Call.objects.order_by("pk").values_list("model_name", "state"))
    assert states == [("通用", "failed"), ("后备", "done")]


def test_after_failures_in_a_row_the_server_is_left_alone(stage: Stage) -> None:
    stage.server.then(lambda talk: talk.say(500, {}))
    for _ in range(5):
        stage.chat("问")
    asked = len(stage.server.seen)
    assert stage.chat("问").json["error"]["code"] == "ai.upstream_resting"
    assert len(stage.server.seen) == asked


def test_unbelievable_usage_is_not_believed(stage: Stage) -> None:
    stage.server.then(lambda talk: talk.say(200, answer("好", tokens=(10**12, 10**12))))
    reply = stage.chat("问")
    assert reply.json["zhiwei"]["estimated"] and reply.json["usage"]["total_tokens"] < 100


def test_the_secret_goes_out_and_the_key_does_not(stage: Stage) -> None:
    stage.chat("问")
    assert stage.server.keys == [""] and SECRET not in str(stage.server.seen)


def test_without_a_working_key_nothing_is_called(stage: Stage) -> None:
    for secret in ("", "wrong-key-0000", SECRET + "x"):
        reply = stage.call({"model": "通用", "messages": []}, secret=secret)
        assert reply.status == 401 and reply.json["error"]["type"] == "authentication_error"
    assert not stage.server.seen


def test_a_key_ends_with_the_role_it_stands_on(stage: Stage) -> None:
    from zhiwei.kernel.models import Holding

    with scope.everywhere("test"):
        Holding.objects.filter(person_id=stage.cast.people["teacher"]).delete()
    assert stage.chat("问").status == 401


def test_a_model_not_permitted_is_not_there(stage: Stage) -> None:
    stage.change_model(capabilities=["embeddings"])
    assert stage.chat("问").json["error"]["code"] == "ai.capability"
    for change in (
        {"purposes": ["marking"]},
        {"purposes": [], "roles": ["school_admin"]},
        {"roles": [], "enabled": False},
    ):
        stage.change_model(**change)
        assert stage.chat("问").json["error"]["code"] == "ai.no_model"
    assert not stage.server.seen


def test_a_malformed_request_is_refused_before_anything(stage: Stage) -> None:
    assert stage.call(b"not json").status == 400
    assert stage.call({"model": "通用", "messages": []}).json["error"]["param"] == "messages"
    assert not stage.server.seen and not entries()


def test_other_addresses_and_methods_are_refused(stage: Stage) -> None:
    assert stage.call({}, path="/v1/files").status == 404
    assert stage.call({}, method="GET").status == 405


def test_models_are_those_of_the_caller(stage: Stage) -> None:
    stage.change_model("后备", roles=["auditor"])
    reply = stage.call(b"", path="/v1/models", method="GET")
    assert [one["id"] for one in reply.json["data"]] == ["通用"]


def test_vectors_are_passed_on_and_charged_as_input(stage: Stage) -> None:
    stage.server.then(
        lambda talk: talk.say(200, {"data": [{"embedding": [0.5]}] * 2, "usage": {"prompt_tokens": 6}})
    )
    reply = stage.call({"model": "通用", "input": ["甲", "乙"]}, path="/v1/embeddings")
    assert len(reply.json["data"]) == 2 and entries()[1] == ("settle", 12, 6, 0)


def test_an_inline_picture_reaches_a_model_that_sees(stage: Stage) -> None:
    stage.change_model(ceiling=3)
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    body = {
        "model": "通用",
        "messages": [{"role": "user", "content": [{"type": "text", "text": "看"}, picture]}],
    }
    assert stage.call(body).status == 200 and stage.server.seen[0]["messages"][0]["content"][1] == picture
    assert stage.call({**body, "model": "后备"}).json["error"]["code"] == "ai.capability"
