"""Background work of the wrong-answer book: it lives from released marks; judging and printing take a moment."""

from __future__ import annotations

import json

from zhiwei.assessment.events import MarksRecalled, MarksReleased
from zhiwei.assessment.models import WrongEntry
from zhiwei.assessment.services import retrying, wrong_book, wrong_paper
from zhiwei.kernel import clock, jobs, outbox


@outbox.subscribe(MarksReleased.kind, "assessment.wrong_book")
def keep_wrong_answers(news: outbox.News) -> None:
    """Bring the pupil's book up to a release."""
    wrong_book.take_release(news.payload, now=clock.now())


@outbox.subscribe(MarksRecalled.kind, "assessment.wrong_book_recall")
def hide_wrong_answers(news: outbox.News) -> None:
    """Hide what was taken back."""
    wrong_book.take_recall(news.payload)


@jobs.task("assessment.judge_try")
def judge_try(context: jobs.JobContext, entry_id: int, value: str, item_uuid: str) -> dict[str, object]:
    """Judge a pupil's new try where the engine takes longer."""
    del context
    entry = WrongEntry.objects.select_related("response__item").get(pk=entry_id)
    done = retrying.judge_try(now=clock.now(), entry=entry, value=json.loads(value), item_uuid=item_uuid)
    return {"state": done.state}


@jobs.task("assessment.wrong_paper", queue="slow")
def print_wrong_paper(context: jobs.JobContext, person_id: int, entry_ids: list[int]) -> dict[str, object]:
    """Print a paper of one's own wrong answers."""
    del context
    kept = wrong_paper.print_paper(now=clock.now(), person_id=person_id, entry_ids=entry_ids)
    return {"url": wrong_paper.paper_address(person_id, kept.id), "questions": len(entry_ids)}
