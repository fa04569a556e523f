"""Words, spans, negation and vectors of Chinese and English text."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.text import (
    char_grams,
    clauses,
    content_words,
    contradicts,
    encode,
    fold,
    is_chinese,
    negations,
    opposite_words,
    sentences,
    stem,
    tfidf,
    word_count,
    word_grams,
    words,
)


def test_forms_of_a_word_meet() -> None:
    assert {stem(w) for w in ("separate", "separated", "separates", "separating")} == {"separat"}
    assert stem("stopping") == stem("stopped") == "stop"


def test_width_case_and_traditional_characters_fold() -> None:
    assert fold("ＡＢＣ　漢語") == "abc 汉语"
    assert words("光合作用需要光") == words("光合作用需要光")
    assert is_chinese("水在100°C沸腾") and not is_chinese("water boils")


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_spans_are_verbatim_and_in_order(text: str) -> None:
    for cut in (sentences, clauses):
        spans = cut(text)
        assert all(text[s.start : s.end] == s.text for s in spans)
        assert all(a.end <= b.start for a, b in pairwise(spans))


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("It conducts.", 0),
        ("It doesn't conduct.", 1),
        ("不导电", 1),
        ("不得不承认", 0),
        ("非常好，不但便宜", 0),
    ],
)
def test_negations_are_counted(text: str, times: int) -> None:
    assert negations(text) == times


def test_contradiction_needs_one_flip_not_two() -> None:
    assert contradicts("温度降低", "温度升高") and contradicts("温度不升高", "温度升高")
    assert not contradicts("温度不降低", "温度升高")
    assert opposite_words("it expands", "it contracts")
    assert not opposite_words("it expands and contracts", "it contracts")


def test_tfidf_rows_have_length_one_and_forgive_nothing_unseen() -> None:
    rows = tfidf(["the cat sat", "the cat ran", "a dog ran", "the dog sat", "birds sing"], word_grams)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    assert np.allclose(lengths[lengths > 0], 1.0)
    assert tfidf(["", ""], char_grams).shape[0] == 2


def test_encoder_puts_paraphrases_nearer_across_languages() -> None:
    vectors = encode(["Water boils at 100 degrees.", "水在100度沸腾。", "The king of France is bald.", ""])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert np.allclose(np.linalg.norm(vectors[:3], axis=1), 1.0, atol=1e-3)
    assert not vectors[3].any()


def test_length_counts_characters_and_words() -> None:
    assert word_count("光合作用 needs light") == 6
    assert content_words("the light of the sun") == ["light", "sun"]
