"""Negated and bare answers earn nothing; what marks note as contradiction is learned."""

from __future__ import annotations

from zhiwei.engines.judging import Flag, Item, ItemType, Marked, Response, grader_for
from zhiwei.engines.judging.short_answer.polarity import denies_all

ACCEPTED = ["Plants make oxygen and food.", "They give off oxygen.", "Plants feed animals and make oxygen."]


def test_an_answer_that_turns_accepted_answers_round_denies() -> None:
    assert denies_all("Plants do not make oxygen.", ACCEPTED)
    assert denies_all("Plants don't make oxygen and they never feed animals.", ACCEPTED)


def test_a_negating_word_that_accepted_answers_use_too_shields_no_denial() -> None:
    accepted = [*ACCEPTED, "Without plants there would be no oxygen and no food, so all animals would die."]
    assert denies_all("Plants never release oxygen and no animal eats them.", accepted)
    assert not denies_all("Without plants no animal would live.", [*accepted, "No animal would live."])


def test_an_answer_that_states_something_does_not_deny() -> None:
    assert not denies_all("Plants make oxygen but do not move.", ACCEPTED)
    assert not denies_all("Rocks are not alive.", ACCEPTED)


def test_what_accepted_answers_negate_themselves_is_no_denial() -> None:
    accepted = ["They did not tell the size.", "The size is not given.", "No size is told."]
    assert not denies_all("The size is not told.", accepted)


def test_a_heap_of_words_earns_nothing_unless_lists_are_answers() -> None:
    item = Item(ItemType.SHORT_ANSWER, 2.0, reference_answers=("Removing a bulb opens the circuit.",))
    heap = Response("1", text="bulb current circuit flow open series removed other")
    made = grader_for(item).judge(heap)
    assert made.score == 0 and Flag.KEYWORD_SALAD in made.flags and made.defer
    lists = Item(ItemType.SHORT_ANSWER, 2.0, reference_answers=(heap.text,))
    assert grader_for(lists).judge(heap).score == 2


def test_contradictions_noted_by_marks_are_told() -> None:
    item = Item(ItemType.SHORT_ANSWER, 1.0, id="q")
    right = [f"The pressure rises when gas {n} is heated." for n in range(8)]
    wrong = [f"I do not know about case {n} at all." for n in range(6)]
    denied = [f"The pressure falls when gas {n} is heated." for n in range(8)]
    marked = [Marked(Response(f"r{n}", text=t), 1.0) for n, t in enumerate(right)]
    marked += [Marked(Response(f"w{n}", text=t), 0.0) for n, t in enumerate(wrong)]
    marked += [Marked(Response(f"d{n}", text=t), 0.0, contradicts=True) for n, t in enumerate(denied)]
    made = grader_for(item, marked).judge_many(
        [Response("1", text="The pressure falls when gas 9 is heated."), Response("2", text="I do not know.")]
    )
    assert Flag.CONTRADICTS in made[0].flags
    assert Flag.CONTRADICTS not in made[1].flags
