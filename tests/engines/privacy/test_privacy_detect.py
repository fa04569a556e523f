"""What is found, what must not be, and that offsets are those of the original text."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.privacy import PRIORITY, build_roster, detect
from zhiwei.engines.privacy.accounts import passes_luhn
from zhiwei.engines.privacy.citizen_id import check_digit
from zhiwei.engines.privacy.spans import Span, settle_overlaps

HAND = Path(__file__).parents[3] / "benchmarks" / "data" / "deidentify_hand.jsonl"


def found(text: str, names: list[str] | None = None) -> list[tuple[str, str]]:
    roster = build_roster(names) if names else None
    return [(span.kind, text[span.start : span.end]) for span in detect(text, roster)]


def test_the_standards_example_has_its_check_digit() -> None:
    assert check_digit("11010519491231002") == "X"


def test_luhn_reference_value() -> None:
    assert passes_luhn("79927398713")
    assert not passes_luhn("79927398710")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("身份证11010519491231002X", "citizen_id", "11010519491231002X"),
        ("号码330106201103174528。", "citizen_id", "330106201103174528"),
        ("３３０１０６２０１１０３１７４５２８", "citizen_id", "３３０１０６２０１１０３１７４５２８"),
        ("3301 0620 1103 1745 28", "citizen_id", "3301 0620 1103 1745 28"),
        ("证号130503670401001", "citizen_id", "130503670401001"),
        ("学籍号G330106201009124417", "pupil_number", "G330106201009124417"),
        ("学号：20230617", "student_number", "20230617"),
        ("打13857160432", "mobile", "13857160432"),
        ("+86 138-5716-0432", "mobile", "+86 138-5716-0432"),
        ("一三八五七一六〇四三二", "mobile", "一三八五七一六〇四三二"),
        ("0571-88271946转802", "landline", "0571-88271946转802"),
        ("邮箱li.xin@qq.com", "email", "li.xin@qq.com"),
        ("我的QQ：1764320985", "qq", "1764320985"),
        ("微信号lxy_20110623", "wechat", "lxy_20110623"),
        ("卡号6228480402564890018", "bank_card", "6228480402564890018"),
        ("浙A·7K92M", "plate", "浙A·7K92M"),
        ("护照E83920174", "passport", "E83920174"),
        ("出生日期：2011年3月17日", "birth_date", "2011年3月17日"),
        ("家住杭州市西湖区文三路478号6幢2单元301室", "address", "杭州市西湖区文三路478号6幢2单元301室"),
        ("就读于杭州市翠苑中学", "school", "杭州市翠苑中学"),
        ("他在八年级（3）班", "class", "八年级（3）班"),
        ("来自192.168.31.207", "ip", "192.168.31.207"),
    ],
)  # fmt: skip
def test_each_class_is_found_whole(text: str, kind: str, value: str) -> None:
    assert (kind, value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "解：3x+3(x+15)=345，x=50，面积为200.96平方厘米。",
        "阿伏加德罗常数约为6.02214076×10²³。",
        "某商品编号为13912345678901，成本价120元。",
        "13800000000÷1000=13800000",
        "订单号20251103778812，请于11月8日前缴清。",
        "1840年鸦片战争，1911年10月10日武昌起义。",
        "鲁迅笔下的闰土和孔乙己，让我看到了普通人的命运。",
        "高山流水觅知音，马马虎虎成不了大事。",
        "我们学校是一所重点中学，许多大学生回来演讲。",
        "软件版本 v1.2.3.4 已发布。",
    ],
)
def test_school_texts_without_people_stay_whole(text: str) -> None:
    assert found(text) == []


def test_a_name_is_told_from_the_words_around_it() -> None:
    assert ("name", "王梓轩") in found("王梓轩同学今天迟到了。")
    assert ("name", "欧阳静姝") in found("姓名：欧阳静姝")
    assert ("name", "买买提·吐尔逊") in found("请买买提·吐尔逊到教室")
    assert ("name", "高兴") in found("我叫高兴，很高兴认识大家")
    assert found("同学们很高兴") == []


def test_a_roster_name_that_is_a_word_needs_a_sign() -> None:
    text = "夏天同学，这个夏天你打算去哪里玩？"
    assert found(text, ["夏天"]) == [("name", "夏天")]
    assert detect(text, build_roster(["夏天"]))[0].start == 0


@pytest.mark.parametrize("written", ["乐 天", "Le Tian", "tian le"])
def test_a_roster_finds_other_ways_to_write_a_name(written: str) -> None:
    assert ("name", written) in found(f"- {written} -", ["乐天"])


def test_the_higher_class_wins_an_overlap() -> None:
    spans = [Span(0, 9, "address", 0.9, ""), Span(8, 10, "name", 0.9, ""), Span(3, 8, "mobile", 0.5, "")]
    assert [span.kind for span in settle_overlaps(spans)] == ["mobile", "name"]


spans = st.builds(
    lambda start, size, kind: Span(start, start + size, kind, 0.9, ""),
    st.integers(0, 60), st.integers(1, 12), st.sampled_from(PRIORITY),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(spans, max_size=25))
def test_settled_spans_are_disjoint_and_maximal(items: list[Span]) -> None:
    kept = settle_overlaps(items)
    assert all(a.end <= b.start for a, b in itertools.pairwise(kept))
    for item in items:
        assert any(k.start < item.end and item.start < k.end for k in kept)


@settings(max_examples=60, deadline=None)
@given(
    st.text(
        alphabet="王李张同学老师姓名：0123456789Xx ·.@-年月日号路幢QQ微信\u200b\U00020000aZ（）班",
        max_size=120,
    )
)
def test_offsets_stay_inside_any_text(text: str) -> None:
    kept = detect(text)
    assert all(0 <= span.start < span.end <= len(text) for span in kept)
    assert all(a.end <= b.start for a, b in itertools.pairwise(kept))


def test_the_hand_written_set_keeps_its_level() -> None:
    hits, total, wrong = Counter[str](), Counter[str](), 0
    for line in HAND.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        got = detect(row["text"])
        for gold in row["spans"]:
            total[gold["class"]] += 1
            hits[gold["class"]] += any(
                s.kind == gold["class"] and s.start <= gold["start"] and s.end >= gold["end"] for s in got
            )
        gold_ranges = [(g["class"], g["start"], g["end"]) for g in row["spans"]]
        wrong += sum(
            not any(k == s.kind and a < s.end and s.start < b for k, a, b in gold_ranges) for s in got
        )
    for kind in ("citizen_id", "mobile", "landline", "bank_card", "pupil_number", "email"):
        assert hits[kind] == total[kind], kind
    assert hits["name"] / total["name"] > 0.78
    assert wrong <= 9
