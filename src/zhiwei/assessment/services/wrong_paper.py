"""A paper of one's own wrong answers, answers on a separate sheet: ordered, printed by a job, fetched by its owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core import signing

from zhiwei.assessment.models import WrongEntry
from zhiwei.assessment.queries.answer_text import reference_texts
from zhiwei.assessment.rules.visibility import may_see_solution
from zhiwei.engines import papers
from zhiwei.engines.exchange import drawing_of
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, files, jobs
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.values import Actor, FileRef

MOST = 60
SALT = "zhiwei.wrong-paper"
_ROOM = {"solution": 60.0, "short_answer": 45.0, "essay": 200.0, "composite": 80.0, "file": 90.0}
_PDF = "application/pdf"


def order_paper(*, actor: Actor, now: datetime, entries: Sequence[WrongEntry]) -> int:
    """Plan the printing of one's own entries; returns the job's id.

    Raises:
        InvalidInputError: None chosen, or more than 60.
    """
    ids = [entry.pk for entry in entries if entry.person_id == actor.person_id]
    if not ids:
        raise InvalidInputError("请至少选一道题。", code="wrong.paper_empty")
    if len(ids) > MOST:
        raise InvalidInputError(f"一次最多打印 {MOST} 道题。", code="wrong.paper_long")
    return jobs.enqueue(
        "assessment.wrong_paper",
        tenant_id=actor.tenant_id,
        key=f"paper-{actor.person_id}-{now.timestamp():.0f}",
        now=now,
        arguments={"person_id": actor.person_id, "entry_ids": ids},
        title=f"打印错题（{len(ids)} 题）",
        owner_id=actor.person_id,
    )


def paper_address(person_id: int, file_id: int) -> str:
    """Return where a person fetches their paper; the address is good for nobody else."""
    key = signing.dumps([person_id, file_id], salt=SALT)
    return f"/assessment/wrong/paper/{file_id}/?key={key}"


def own_paper(actor: Actor, file_id: int, key: str) -> FileRef:
    """Return a paper that the actor had printed.

    Raises:
        NotFoundError: Not the actor's.
    """
    try:
        named = signing.loads(key, salt=SALT)
    except signing.BadSignature:
        raise NotFoundError from None
    if named != [actor.person_id, file_id]:
        raise NotFoundError
    return files.describe(file_id)


def print_paper(*, now: datetime, person_id: int, entry_ids: Sequence[int]) -> FileRef:
    """Print the paper and keep the PDF."""
    rows = WrongEntry.objects.filter(pk__in=entry_ids, person_id=person_id)
    rows = rows.select_related("response__item", "response__sitting__work")
    place = {pk: n for n, pk in enumerate(entry_ids)}
    entries = sorted(rows, key=lambda entry: place[entry.pk])
    person = kernel.get_person(person_id)
    day = clock.today(now)
    pdf = papers.render_paper(
        papers.Paper(
            title="错题练习",
            subtitle=f"{person.name}　{day:%Y年%m月%d日}　共 {len(entries)} 题",
            answers_title="参考答案",
            questions=tuple(_question(entry, n, now) for n, entry in enumerate(entries, start=1)),
        )
    )
    return files.store(
        pdf, tenant_id=entries[0].tenant_id, now=now, max_bytes=50 * 1024 * 1024, media_types=[_PDF]
    )


def _question(entry: WrongEntry, number: int, now: datetime) -> papers.PaperQuestion:
    item, sitting = entry.response.item, entry.response.sitting
    content = item.content
    shown = may_see_solution(sitting.work.rules, now=now, closes_at=sitting.due_at)
    return papers.PaperQuestion(
        number=str(number),
        source=f"{sitting.work.title} · 第 {item.position} 题 · {item.max_score:g} 分",
        stem=str(content.get("stem", "")),
        choices=_choices(content.get("options")),
        parts=tuple(str(part.get("stem", "")) for part in content.get("parts", [])),
        drawing=drawing_of(content),
        room_mm=_ROOM.get(item.type, 12.0),
        answer=tuple(reference_texts(content)) if shown else (),
        note=str(content.get("explanation", "")) if shown else "",
    )


def _choices(options: object) -> tuple[str, ...]:
    if isinstance(options, dict):
        sides = [*options.get("left", []), *options.get("right", [])]
        return tuple(str(one.get("text", "")) for one in sides if isinstance(one, dict))
    rows = options if isinstance(options, list) else []
    return tuple(
        f"{one.get('id', '')}. {one.get('text', '')}" if isinstance(one, dict) else f"{chr(65 + n)}. {one}"
        for n, one in enumerate(rows)
    )
