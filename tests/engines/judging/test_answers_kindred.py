"""Marks on other questions: answers beside one another, and like answers to like questions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor

from zhiwei.engines.judging import Item, ItemType, Marked, Response, grader_for
from zhiwei.engines.judging.short_answer import kindred
from zhiwei.engines.judging.short_answer.beside import COLUMNS, beside_others, consensus
from zhiwei.engines.judging.short_answer.kindred import Kindred, Sight
from zhiwei.engines.judging.short_answer.likeness import MEASURES

Floats = NDArray[np.float64]


def _drawn(count: int, seed: int = 0) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(count, 12))
    return rng.random((count, len(MEASURES))), vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_few_answers_tell_nothing_of_one_another() -> None:
    measures, vectors = _drawn(4)
    assert not consensus(measures, vectors).any()
    assert beside_others(measures, vectors).shape == (4, 2 * (len(MEASURES) + COLUMNS))


def test_the_order_of_answers_changes_nothing() -> None:
    measures, vectors = _drawn(15)
    turned = np.random.default_rng(1).permutation(15)
    straight = beside_others(measures, vectors)[turned]
    np.testing.assert_allclose(beside_others(measures[turned], vectors[turned]), straight, atol=1e-12)


def _sight(count: int) -> tuple[Sight, Floats, Floats]:
    measures, vectors = _drawn(count)
    questions = (np.arange(count) // 5).astype(float)
    _, references = _drawn(count // 5, 1)
    shares = (measures[:, 0] + 0.1 * vectors[:, 0] > 0.5).astype(float)
    return Sight(measures, vectors, references[questions.astype(int)]), shares, questions


def test_what_was_learned_carries_to_new_answers() -> None:
    seen, shares, questions = _sight(300)
    model = Kindred(seen.take(np.arange(250)), shares[:250], questions[:250], 0)
    chances = model.chances(seen.take(np.arange(250, 300)))
    assert ((chances > 0) & (chances < 1)).all()
    assert np.mean((chances > 0.5) == shares[250:]) > 0.8


def test_leaving_a_question_out_is_exact() -> None:
    rng = np.random.default_rng(3)
    root = rng.normal(size=(20, 20)).astype(np.float32)
    total = root @ root.T + 5 * np.eye(20, dtype=np.float32)
    target, questions = rng.normal(size=20).astype(np.float32), (np.arange(20) // 4).astype(float)
    weights = np.linalg.solve(total, target)
    for rows, missed in kindred._left_out(cho_factor(total, lower=True), weights, questions, rng):
        rest = np.setdiff1d(np.arange(20), rows)
        said = total[np.ix_(rows, rest)] @ np.linalg.solve(total[np.ix_(rest, rest)], target[rest])
        np.testing.assert_allclose(missed, target[rows] - said, atol=1e-3)


def test_a_question_nobody_marked_is_judged_and_left_to_a_person() -> None:
    things = ["iron", "copper", "glass", "rubber", "wood", "silver", "paper", "plastic"]
    marks = []
    for thing in things:
        item = Item(
            ItemType.SHORT_ANSWER,
            1.0,
            stem=f"What does {thing} do?",
            reference_answers=(f"{thing} carries current well",),
        )
        for n in range(4):
            marks.append(
                Marked(Response(f"{thing}{n}", text=f"{thing} carries current {'well ' * n}"), 1.0, item=item)
            )
            marks.append(
                Marked(Response(f"{thing}-{n}", text=f"i have seen a dog {'today ' * n}"), 0.0, item=item)
            )
    new = Item(
        ItemType.SHORT_ANSWER,
        1.0,
        stem="What does gold do?",
        reference_answers=("gold carries current well",),
    )
    right, wrong = grader_for(new, marks).judge_many(
        [Response("1", text="gold carries current"), Response("2", text="i have seen a cat")]
    )
    assert (right.score, wrong.score) == (1.0, 0.0)
    assert right.defer
    assert wrong.defer
    assert min(right.confidence, wrong.confidence) > 0.5
