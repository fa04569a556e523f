"""The compiled counting gives the very numbers of the readable one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines.privacy import detect
from zhiwei.engines.privacy.compiled import as_words, codes_of, cut, load_tables
from zhiwei.engines.privacy.lexicon import load_lexicon

TEXTS = st.text(alphabet="我们今天王小明和李老师一起去北京大学附属中学读书abc，。𠮷", min_size=1, max_size=30)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_words_weigh_and_cut_the_same(text: str) -> None:
    lexicon, tables = load_lexicon(), load_tables()
    assert as_words(codes_of(text), 0, len(text), *tables.words) == pytest.approx(lexicon.as_words(text))
    assert sum(map(lexicon.as_words, cut(text))) == pytest.approx(lexicon.as_words(text))
    assert "".join(cut(text)) == text


@pytest.mark.parametrize("text", ["", "王", "王\U00020bb7", "\ud800王明同学", "、" * 70 + "王小明同学迟到了"])
def test_odd_texts_do_not_break_it(text: str) -> None:
    assert all(text[one.start : one.end] for one in detect(text))
