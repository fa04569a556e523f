"""The corpus engine: demands, spread, agreement, copies, noise, splits, pictures, marks."""

from __future__ import annotations

import hashlib
import random
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from sklearn.metrics import cohen_kappa_score

from zhiwei.engines import corpora

ESSAYS = (
    "春天来了，校园里的玉兰花一夜之间全开了，我和同学们站在树下数花瓣，风一吹，白色的雨落了满头。",
    "周末我和外婆一起去菜市场，她教我怎样挑新鲜的鱼，看眼睛亮不亮，摸鳞片滑不滑，回家路上我提着袋子很骄傲。",
    "那场接力赛我们输了，可是掉棒的人一直没有停下来，他捡起棒子继续跑，全班都站起来为他鼓掌，我永远记得。",
)


def test_demands_refuse_what_cannot_be_checked() -> None:
    assert corpora.demands_from({"answers_per_item": "50"}).answers_per_item == 50
    for wrong, told in (
        ({"colour": 1}, "colour"),
        ({"k": "many"}, "k is 'many'"),
        ({"sample": 1}, "between 2 and 2000"),
        ({"low_below": 0.9, "high_from": 0.8}, "low_below"),
        ({"train_share": 0.9, "dev_share": 0.2}, "more than 1"),
    ):
        with pytest.raises(corpora.CorpusError, match=told):
            corpora.demands_from(wrong)


def test_spread_tells_a_missing_band_from_a_small_sample() -> None:
    lopsided = corpora.spread_of(
        [1.0] * 190 + [0.7] * 9 + [0.2], low_below=0.6, high_from=0.85, least_share=0.1
    )
    assert lopsided.missing == ("low", "middle")
    assert lopsided.skewness < -2
    assert lopsided.uniform_p is not None and lopsided.uniform_p < 1e-6
    few = corpora.spread_of([1.0, 0.7, 0.9], low_below=0.6, high_from=0.85, least_share=0.1)
    assert few.missing == ()
    assert few.normal_p is None
    bell = np.clip(np.random.default_rng(1).normal(0.6, 0.15, 500), 0, 1).tolist()
    shaped = corpora.spread_of(bell, low_below=0.6, high_from=0.85, least_share=0.02)
    assert shaped.normal_p is not None and shaped.normal_p > 0.01
    assert sum(shaped.histogram) == 500
    with pytest.raises(ValueError, match="no scores"):
        corpora.spread_of([], low_below=0.6, high_from=0.85, least_share=0.1)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=5, max_size=40))
def test_kappa_is_the_published_one(pairs: list[tuple[int, int]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    found = corpora.agreement([float(a) for a in first], [float(b) for b in second])
    if len(set(first) | set(second)) == 1:
        assert found.kappa is None
        return
    assert found.kappa == pytest.approx(cohen_kappa_score(first, second))
    assert found.qwk == pytest.approx(
        cohen_kappa_score(first, second, weights="quadratic", labels=list(range(5)))
    )


def test_agreement_steps_and_refusals() -> None:
    found = corpora.agreement([0, 0.5, 1, 1.5, 2] * 6, [0, 0.5, 1, 2, 2] * 6, step=0.5)
    assert found.exact == pytest.approx(0.8)
    assert found.close == 1.0
    assert found.low is not None and found.qwk is not None and found.low < found.qwk
    assert corpora.agreement([1, 1], [1, 1]).qwk is None
    with pytest.raises(ValueError, match="equally long"):
        corpora.agreement([1], [1, 2])


def test_copies_are_found_through_small_changes_and_short_answers_are_none() -> None:
    texts = [
        *ESSAYS, ESSAYS[0].replace("，", " ， ") + "！", ESSAYS[0].replace("满头", "一头"), "B", "B", "x=5", "x=5",
    ]  # fmt: skip
    groups = corpora.clusters(texts, threshold=0.8, long_from=30)
    assert groups[:5] == [0, 1, 2, 0, 0]
    assert groups[5:] == [5, 6, 7, 8]
    assert corpora.text_hash(ESSAYS[0]) == corpora.text_hash(texts[3])


def test_noise_finds_slipped_scores_and_spares_honest_ones() -> None:
    draw = random.Random(3)
    right = ["因为压力不变受力面积变小所以压强变大", "受力面积减小，压强增大", "压力一定，面积越小压强越大"]
    wrong = ["因为重力变小了", "速度越快越大", "和颜色有关系"]
    texts, shares = [], []
    for number in range(120):
        good = draw.random() < 0.5
        texts.append(
            draw.choice(right if good else wrong) + "".join(draw.choices("的了呢吧嘛哦啊", k=number % 5))
        )
        shares.append(1.0 if good else 0.0)
    assert len(corpora.doubtful_labels(texts, shares)) <= 2
    poisoned = sorted(draw.sample(range(120), 6))
    for place in poisoned:
        shares[place] = 1.0 - shares[place]
    found = {one.place for one in corpora.doubtful_labels(texts, shares)}
    assert len(found & set(poisoned)) >= 5
    assert len(found - set(poisoned)) <= 3


def test_equal_answers_with_another_score_are_doubted() -> None:
    found = corpora.doubtful_labels(["x = 5"] * 5 + ["x=5", "x=4"], [1.0] * 5 + [0.0, 0.0])
    assert [(one.place, one.why, one.expected) for one in found] == [(5, "same_text", 1.0)]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 8))), min_size=1, max_size=120)
)
def test_no_pupil_and_no_copy_is_on_two_sides(rows: list[tuple[int, int | None]]) -> None:
    pupils, copies = [a for a, _ in rows], [b for _, b in rows]
    splits = corpora.assign_splits(pupils, copies, salt="s", train_share=0.6, dev_share=0.2)
    assert corpora.leaks(pupils, splits) == set()
    assert corpora.leaks(copies, splits) == set()


def test_splits_keep_their_sides_when_answers_come_and_their_sizes() -> None:
    pupils = list(range(2_000))
    before = corpora.assign_splits(pupils, [None] * 2_000, salt="a", train_share=0.8, dev_share=0.1)
    after = corpora.assign_splits(
        [*pupils, *range(2_000, 2_400)], [None] * 2_400, salt="a", train_share=0.8, dev_share=0.1
    )
    assert after[:2_000] == before
    assert 0.77 < before.count("train") / 2_000 < 0.83
    assert corpora.leaks(["p", "p"], ["train", "test"]) == {"p"}


def _page(text: str = "解：设 x = 5，则 3x - 6 = 9", *, width: int = 700, height: int = 160) -> Image.Image:
    page = Image.new("L", (width, height), 245)
    pen = ImageDraw.Draw(page)
    for line in range(2):
        pen.text((40, 30 + 50 * line), text, fill=40, font=ImageFont.load_default(28))
    return page


def _png(page: Image.Image) -> bytes:
    out = BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _faults(page: Image.Image) -> tuple[str, ...]:
    return corpora.picture_faults(corpora.measure_picture(_png(page)), corpora.Demands())


def test_clear_and_whole_pictures_pass_and_others_say_why() -> None:
    page = _page()
    assert _faults(page) == ()
    framed = page.copy()
    ImageDraw.Draw(framed).rectangle((0, 0, 699, 159), outline=30, width=3)
    assert _faults(framed) == ()
    assert _faults(page.filter(ImageFilter.GaussianBlur(5))) == ("blurred",)
    assert "faint" in _faults(page.point(lambda value: 215 + value // 12))
    assert _faults(Image.new("L", (700, 160), 245)) == ("blank",)
    assert _faults(page.crop((0, 42, 700, 160))) == ("cut",)
    assert "small" in _faults(page.resize((120, 30)))
    with pytest.raises(corpora.CorpusError, match="not a readable picture"):
        corpora.measure_picture(b"\x89PNG\r\n\x1a\n nothing")


def test_pages_of_one_answer_become_one_picture() -> None:
    joined = Image.open(BytesIO(corpora.join_pictures([_png(_page()), _png(_page(width=400, height=90))])))
    assert joined.size == (700, 160 + 12 + 90)
    with pytest.raises(corpora.CorpusError, match="0 pages"):
        corpora.join_pictures([])


def test_the_content_hash_does_not_depend_on_order_but_on_everything_else() -> None:
    lines = [corpora.record_line({"id": str(one), "text": "答"}) for one in range(20)]

    def whole(rows: list[str]) -> str:
        total = corpora.ContentHash()
        for one in rows:
            total.add(corpora.record_hash(one))
        return total.hexdigest()

    assert whole(lines) == whole(lines[::-1])
    assert whole(lines) != whole(lines[1:])
    assert whole(lines) != whole([*lines[1:], lines[1]])
    assert corpora.record_line({"b": 1, "a": "文"}) == '{"a":"文","b":1}'


def test_the_order_of_a_leaked_part_names_its_recipient() -> None:
    keys = {name: hashlib.sha256(name.encode()).digest() for name in ("甲", "乙", "丙")}
    ids = [f"a{one:04d}" for one in range(300)]
    copy = [ids[place] for place in corpora.marked_order(ids, keys["乙"])]
    part = [one for one in copy if int(one[1:]) % 7 == 0]
    (name, tau, p), (_other, second, _p), _third = corpora.trace(part, keys)
    assert name == "乙"
    assert tau > 0.999
    assert p < 1e-9
    assert second < 0.4
    assert corpora.trace(sorted(ids), keys)[0][1] < 0.2
    with pytest.raises(ValueError, match="at least 12"):
        corpora.trace(ids[:5], keys)


def test_public_ids_cannot_be_joined_across_versions() -> None:
    one, other = b"k" * 32, b"l" * 32
    assert corpora.public_id("p", one, 7) == corpora.public_id("p", one, 7)
    assert corpora.public_id("p", one, 7) != corpora.public_id("p", other, 7)
    assert corpora.public_id("p", one, 7) != corpora.public_id("a", one, 7)
