"""English words find each other in every inflected form, and nothing else."""

from __future__ import annotations

import time

import pytest

from zhiwei.engines.indexing import terms_of, wanted_terms


def finds(search: str, text: str) -> bool:
    """Whether every piece of the search fits the text."""
    terms = terms_of(text)
    return all(any(way <= terms for way in piece.ways) for piece in wanted_terms(search))


@pytest.mark.parametrize(
    ("search", "text"),
    [("equation", "Solve the equations."), ("equations", "an equation"), ("solve", "solving it"),
     ("studies", "She studied hard."), ("pupil", "the pupils' work"), ("pupil", "the pupil's work"),
     ("Running dog", "dogs run fast"), ("classes", "a class"), ("is", "it is")],
)  # fmt: skip
def test_inflected_forms_find_each_other(search: str, text: str) -> None:
    assert finds(search, text)


@pytest.mark.parametrize(
    ("search", "text"),
    [("universe", "a unit"), ("equal", "equity"), ("is", "his"), ("a4", "a"), ("run", "runway")],
)
def test_other_words_do_not(search: str, text: str) -> None:
    assert not finds(search, text)


def test_chinese_and_pinyin_are_as_they_were() -> None:
    assert finds("fangcheng", "解方程") and finds("方程", "解方程") and not finds("程方", "解方程")


def test_stems_are_cheap() -> None:
    words = [
        f"{word}{end}" for word in ("solv", "equat", "measur", "compar") for end in ("e", "ed", "ing", "es")
    ]
    text = " ".join(words * 4) + "，解方程并检验。" * 5
    terms_of(text)
    began = time.process_time()
    for _again in range(200):
        terms_of(text)
    assert 200 / (time.process_time() - began) > 600
