"""Choosing and checking a corpus, question by question: memory holds one question's answers at a time."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from zhiwei.data.models import CheckResult, Corpus, CorpusEntry
from zhiwei.data.rules.products import Selected, readers
from zhiwei.data.services.check_results import results_of
from zhiwei.data.services.item_checks import Tally, entries_of
from zhiwei.data.values import AnswerItem, AnswerQuery, CorpusState, JudgedAnswer
from zhiwei.engines import corpora as engine
from zhiwei.kernel import api as kernel
from zhiwei.kernel import scope
from zhiwei.kernel.errors import NotFoundError

CHUNK = 1_000
T = TypeVar("T")
Progress = Callable[[int, int, str], None]


def build_corpus(
    *, corpus_id: int, tenants: Sequence[int], now: datetime, progress: Progress
) -> dict[str, int]:
    """Choose the entries of a corpus and write what every check found.

    Each question is a transaction of its own; a run that was cut begins anew.

    Args:
        tenants: Schools the person who asked may draw from now.
        progress: Called between questions with done, total and a note.

    Returns:
        How many answers were found, chosen and kept.
    """
    with scope.entered(tenants):
        corpus = _emptied(corpus_id)
    demands = engine.demands_from(corpus.demands)
    drawn = tuple(sorted(set(corpus.tenants) & set(tenants)))
    tally, found = Tally(), 0
    with_items = list(_selections(corpus, drawn, tenants))
    total = sum(len(keys) for _name, _selected, keys in with_items)
    done = 0
    for product, selected, items in with_items:
        for item in items:
            with scope.entered(tenants):
                found += _take_item(corpus, product, selected, item, demands, tally)
            done += 1
            progress(done, total, "")
    with scope.entered(tenants):
        return _finish(corpus, demands, tally, found, now)


def query_of(corpus: Corpus, tenants: Sequence[int]) -> AnswerQuery:
    """Return the query a corpus is chosen by."""
    return AnswerQuery(
        tuple(tenants),
        subject=corpus.subject,
        scene=corpus.scene,
        item_types=tuple(corpus.item_types),
        since=corpus.since,
        until=corpus.until,
        grades=tuple(corpus.grades),
    )


def mark_failed(*, corpus_id: int, message: str) -> None:
    """Say on the corpus's page that building it failed."""
    Corpus.objects.filter(pk=corpus_id).update(state=CorpusState.FAILED, problem=message[:300])


def _emptied(corpus_id: int) -> Corpus:
    corpus = Corpus.objects.filter(pk=corpus_id).first()
    if corpus is None:
        raise NotFoundError
    CorpusEntry.objects.filter(corpus=corpus).delete()
    CheckResult.objects.filter(corpus=corpus).delete()
    return corpus


def _selections(
    corpus: Corpus, drawn: Sequence[int], tenants: Sequence[int]
) -> Iterator[tuple[str, Selected, Sequence[AnswerItem]]]:
    if not drawn:
        return
    for name, reader in sorted(readers().items()):
        with scope.entered(tenants):
            selected = reader.select(query_of(corpus, drawn))
            yield name, selected, selected.items()


def _take_item(
    corpus: Corpus, product: str, selected: Selected, item: AnswerItem, demands: engine.Demands, tally: Tally
) -> int:
    answers: list[JudgedAnswer] = []
    found = refused = 0
    for batch in batched(selected.answers(item.key), CHUNK):
        consenting = kernel.consented({one.person_id for one in batch}, corpus.purpose)
        answers += [one for one in batch if one.person_id in consenting]
        found += len(batch)
        refused += sum(one.person_id not in consenting for one in batch)
    tally.tested["consent"] += found
    tally.failing["consent"] += refused
    made = entries_of(
        item, answers, data_type=corpus.data_type, demands=demands, tally=tally, product=product
    )
    for one in made:
        one.corpus = corpus
    CorpusEntry.objects.bulk_create(made, batch_size=CHUNK)
    return found


def _finish(
    corpus: Corpus, demands: engine.Demands, tally: Tally, found: int, now: datetime
) -> dict[str, int]:
    leaking = _split(corpus, demands)
    _sample(corpus, demands.sample)
    CheckResult.objects.bulk_create(results_of(corpus, demands, tally, leaking))
    kept = CorpusEntry.objects.filter(corpus=corpus, kept=True)
    figures = {
        "found": found,
        "chosen": CorpusEntry.objects.filter(corpus=corpus).count(),
        "kept": kept.count(),
        "pupils": kept.values("person_id").distinct().count(),
        "items": kept.values("item_key").distinct().count(),
    }
    Corpus.objects.filter(pk=corpus.pk).update(
        state=CorpusState.BUILT, built_at=now, figures=figures, problem=""
    )
    return figures


def _split(corpus: Corpus, demands: engine.Demands) -> int:
    """Write each entry's split; returns how many pupils or copies stand on two sides (0)."""
    rows = list(
        CorpusEntry.objects.filter(corpus=corpus).order_by("pk").values_list("pk", "person_id", "cluster")
    )
    people, copies = [person for _pk, person, _cluster in rows], [cluster for _pk, _person, cluster in rows]
    sides = engine.assign_splits(
        people,
        copies,
        salt=corpus.salt,
        train_share=demands.train_share,
        dev_share=demands.dev_share,
    )
    for side in engine.SPLITS:
        chosen = (pk for (pk, _person, _cluster), own in zip(rows, sides, strict=True) if own == side)
        for batch in batched(chosen, 10_000):
            CorpusEntry.objects.filter(pk__in=batch).update(split=side)
    return len(engine.leaks(people, sides) | engine.leaks(copies, sides))


def _sample(corpus: Corpus, size: int) -> None:
    """Draw the entries for the reviewers: from each band in turn, by a keyed hash."""
    bands: dict[str, list[tuple[bytes, int]]] = {name: [] for name in engine.BANDS}
    rows = CorpusEntry.objects.filter(corpus=corpus, kept=True).order_by().values_list("pk", "ref", "band")
    for pk, ref, band in rows.iterator(10_000):
        digest = hmac.new(corpus.salt.encode(), str(ref).encode(), hashlib.sha256).digest()
        bands[band].append((digest, pk))
    queues = [[pk for _digest, pk in sorted(rows_of)] for rows_of in bands.values()]
    order: list[int] = []
    while len(order) < size and any(queues):
        order += [queue.pop(0) for queue in queues if queue]
    for place, pk in enumerate(order[:size], start=1):
        CorpusEntry.objects.filter(pk=pk).update(sample=place)


def batched(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    """Yield lists of at most ``size``."""
    while batch := list(islice(rows, size)):
        yield batch
