"""What the pupils of a class answered: grouped, by option, and the few worth showing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from zhiwei.assessment.models import Response, WorkItem
from zhiwei.assessment.queries import picture_words as words
from zhiwei.assessment.queries.picture_rows import LONG, Given, Table
from zhiwei.assessment.queries.picture_values import AnswerGroup, ItemPicture, Showing, TeachFirst
from zhiwei.engines import classical

MOST_ANSWERS = 8
CHOICES = frozenset({"single_choice", "multiple_choice"})


def grouped(item: WorkItem, given: Given) -> tuple[AnswerGroup, ...]:
    """Return the commonest answers to a question; spellings that mean the same are one group.

    Every different value is read once, however many pupils gave it.
    """
    if item.type in LONG:
        return ()
    alike: dict[str, list[float | None]] = {}
    for value, score in zip(given.values, given.scores, strict=True):
        alike.setdefault(value, []).append(score)
    found: dict[str, list[tuple[str, list[float | None]]]] = {}
    for value, scores in alike.items():
        answer = json.loads(value)
        text = words.answer_text(answer, item.content)
        found.setdefault(words.answer_key(answer, item.type), []).append((text, scores))
    groups = [_group(key, spelled, item.max_score) for key, spelled in found.items()]
    return tuple(sorted(groups, key=lambda one: (-one.count, one.key))[:MOST_ANSWERS])


def options(table: Table, item: WorkItem, given: Given) -> tuple[classical.OptionFigures, ...]:
    """Return how each option of a choice question was taken; empty for other questions."""
    if item.type not in CHOICES or not table.sittings:
        return ()
    names = [str(option["id"]) for option in item.content.get("options", [])]
    taken = {value: words.chosen(json.loads(value), names) for value in set(given.values)}
    chosen = [frozenset[str]()] * len(table.sittings)
    for row, value in zip(given.rows, given.values, strict=True):
        chosen[row] = taken[value]
    others = [k for k, asked in enumerate(table.items) if asked.pk != item.pk]
    rest = Table(table.sittings, tuple(table.items[k] for k in others), table.scores[:, others]).shares()
    keys = frozenset(map(str, item.content.get("reference_answers", []))) & set(names)
    return classical.option_figures(chosen, rest, names, keys)


def teach(item: ItemPicture, content: Mapping[str, object], given: Given, names: Sequence[str]) -> TeachFirst:
    """Choose a full, a partial and a wrong answer: exemplars first, then the commonest, then the shortest."""
    common = {one.key: one.count for one in item.answers}
    read: dict[str, tuple[str, int]] = {}
    best: dict[str, tuple[tuple[bool, int, int], float, str, int]] = {}
    for score, value, exemplar, pk in zip(
        given.scores, given.values, given.exemplars, given.ids, strict=True
    ):
        if score is None:
            continue
        if value not in read:
            answer = json.loads(value)
            key = words.answer_key(answer, item.type)
            read[value] = words.answer_text(answer, content), common.get(key, 0)
        text, count = read[value]
        kind = "full" if score >= item.max_score else "wrong" if score <= 0 else "partial"
        rank = (not exemplar, -count, len(text))
        if text and (kind not in best or rank < best[kind][0]):
            best[kind] = (rank, score, text, pk)
    uuids = dict(Response.objects.filter(pk__in=[one[3] for one in best.values()]).values_list("pk", "uuid"))
    showings = []
    for kind in ("full", "partial", "wrong"):
        if kind in best:
            _rank, score, text, pk = best[kind]
            plain = words.without_names(text, names)
            showings.append(Showing(kind, plain, score, item.max_score, str(uuids[pk]), item.type))
    return TeachFirst(item.position, words.mistake_of(item), tuple(showings))


def _group(key: str, spelled: Sequence[tuple[str, list[float | None]]], full: float) -> AnswerGroup:
    scores = [score for _text, earned in spelled for score in earned if score is not None]
    return AnswerGroup(
        key,
        max(spelled, key=lambda one: len(one[1]))[0],
        sum(len(earned) for _text, earned in spelled),
        sum(scores) / len(scores) / full if scores else None,
    )
