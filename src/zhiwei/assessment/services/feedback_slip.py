"""One sitting's released feedback on paper, for pupil and guardians."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from zhiwei.assessment.models import Response
from zhiwei.assessment.queries.answer_text import printed_answer, reference_texts
from zhiwei.assessment.queries.feedback import Feedback, FeedbackLine, feedback_for
from zhiwei.engines import papers
from zhiwei.kernel import audit, clock
from zhiwei.kernel.values import Actor, Level, Verb


def feedback_slip(*, actor: Actor, now: datetime, sitting_uuid: object) -> bytes:
    """Return a sitting's released feedback as PDF: the same as on the page, without photos.

    Raises:
        NotFoundError: Absent, not the actor's (or their child's or pupil's), or not released.

    Effects:
        One audit row.
    """
    found = feedback_for(actor, sitting_uuid, now=now)
    sitting = found.sitting
    rows = Response.objects.filter(sitting=sitting).select_related("item")
    by_uuid = {str(row.uuid): row for row in rows}
    audit.record(
        actor=actor,
        verb=Verb.EXPORT,
        kind="sitting",
        object_id=sitting.pk,
        about_id=sitting.person_id,
        now=now,
        level=Level.PERSONAL,
        tenant_id=sitting.tenant_id,
    )
    return papers.render_slip(
        papers.Slip(
            title=sitting.work.title,
            subtitle=f"{found.person_name}　{clock.today(now):%Y-%m-%d}",
            score=_marks(found.score, found.max_score),
            lines=tuple(_line(line, by_uuid[line.response_uuid], found) for line in found.lines),
            words=_words(found),
        )
    )


def _words(found: Feedback) -> dict[str, str]:
    return {
        "answer": _("我的答案") if found.own else _("答案"),
        "blank": _("没有作答"),
        "good": _("做得好的"),
        "missing": _("还差一点"),
        "comment": _("老师"),
        "solution": _("参考解答"),
        "closing": _("每个孩子的进步快慢不同，请和孩子一起看看错在哪里，不与别人比较。"),
    }


def _line(line: FeedbackLine, row: Response, found: Feedback) -> papers.SlipLine:
    content = row.item.content
    explanation = [line.explanation] if line.explanation else []
    return papers.SlipLine(
        number=line.question.number,
        score=_marks(line.score, line.question.max_score),
        right=line.right,
        stem=str(content.get("stem", "")),
        answer=printed_answer(content, row.value),
        good=() if line.right else line.why,
        missing=line.missing,
        comment=line.comment,
        solution=(*reference_texts(content), *explanation) if found.solution_shown and not line.right else (),
        knowledge=line.knowledge,
    )


def _marks(score: float | None, full: float) -> str:
    return f"— / {full:g}" if score is None else f"{score:g} / {full:g}"
