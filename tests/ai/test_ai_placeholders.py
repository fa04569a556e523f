"""Personal data out and back: reversible, consistent in a call, also where a stream cuts a placeholder."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.ai.rules.levels import level_of
from zhiwei.ai.rules.placeholders import Unveiling, Veil
from zhiwei.ai.rules.pricing import Rates, Usage, believable, cost, estimate_tokens, most_tokens
from zhiwei.engines.privacy import Span, build_roster, detect
from zhiwei.kernel.values import Level

TEXT = "学生张小明（手机13812345678）和李雪，张小明的家长想问成绩。"
ROSTER = build_roster(["张小明", "李雪"])


def veiled(text: str) -> tuple[Veil, str]:
    veil = Veil()
    veil.avoid(text)
    return veil, veil.hide(text, detect(text, ROSTER))


def test_values_become_the_same_placeholder_and_return() -> None:
    veil, sent = veiled(TEXT)
    assert "张小明" not in sent and "13812345678" not in sent and "李雪" not in sent
    assert sent.count("【姓名1】") == 2 and "【姓名2】" in sent and "【手机号1】" in sent
    assert veil.restore(sent) == TEXT and veil.replaced == 3


def test_a_placeholder_written_by_the_caller_is_left_alone() -> None:
    veil, sent = veiled("【姓名1】是张小明吗")
    assert sent == "【姓名1】是【姓名2】吗"
    assert veil.restore("【姓名1】不是【姓名2】") == "【姓名1】不是张小明"


def test_what_a_model_makes_of_a_placeholder_is_understood_and_others_stay() -> None:
    veil, _sent = veiled(TEXT)
    assert veil.restore("[姓名1] 和 【 姓名 2 】 见【姓名9】") == "张小明 和 李雪 见【姓名9】"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_stream_cut_anywhere_says_the_same(data: st.DataObject) -> None:
    veil, sent = veiled(TEXT)
    said = f"回答：{sent}【注】[1]完【"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(said)), max_size=12)))
    unveiling, out = Unveiling(veil), ""
    for start, end in zip([0, *cuts], [*cuts, len(said)], strict=True):
        out += unveiling.feed(said[start:end])
    assert out + unveiling.rest() == veil.restore(said)


def test_levels_follow_from_what_is_found() -> None:
    assert level_of([]) is Level.INTERNAL
    assert level_of([Span(0, 2, "name", 1.0, "")]) is Level.PERSONAL
    assert level_of([Span(0, 2, "name", 1.0, ""), Span(3, 9, "citizen_id", 1.0, "")]) is Level.SENSITIVE
    assert level_of([], least=Level.SENSITIVE) is Level.SENSITIVE


WHOLE = st.integers(0, 10**9)


@settings(max_examples=60, deadline=None)
@given(WHOLE, WHOLE, WHOLE, WHOLE)
def test_costs_are_exact_and_rounded_up_once(
    tokens_in: int, tokens_out: int, price_in: int, price_out: int
) -> None:
    rates = Rates(1, input_per_million=price_in, output_per_million=price_out)
    exact = tokens_in * price_in + tokens_out * price_out
    found = cost(rates, Usage(tokens_in, tokens_out))
    assert 0 <= found * 1_000_000 - exact < 1_000_000


def test_pages_seconds_calls_and_cached_input_have_their_own_prices() -> None:
    rates = Rates(1, 2_000_000, 500_000, 8_000_000, per_page=3000, per_second=200, per_call=7)
    used = Usage(input_tokens=100, cached_tokens=40, output_tokens=10, pages=2, milliseconds=1500)
    assert cost(rates, used) == 60 * 2 + 20 + 80 + 6000 + 300 + 7


def test_estimates_lie_between_nothing_and_a_token_a_byte() -> None:
    for text in ("你好，世界", "hello world", "a" * 1000, ""):
        assert 0 < estimate_tokens([text]) <= most_tokens([text])
    assert not believable(Usage(10, 10, 11), most_input=100, most_output=100)
    assert not believable(Usage(101, 1), most_input=100, most_output=100)
