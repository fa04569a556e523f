"""Sheets out: answer sheets of a work, one file a class, and the template by which they are read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zhiwei.assessment.models import PaperFile, SheetTemplate, Work
from zhiwei.assessment.queries import paper as queries
from zhiwei.assessment.rules.answer_space import question_on_paper
from zhiwei.assessment.rules.paper_codes import bubble_number, pupil_code, work_code
from zhiwei.engines import scanning, sheets
from zhiwei.kernel import audit, clock, files, jobs, keys
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Actor, Level, Verb

PAPERS = ("A4", "A3", "8K")
MOST_BLANKS = 200
_LARGEST_PDF = 200 * 1024 * 1024


@dataclass(frozen=True)
class SheetWish:
    """What a teacher asks for.

    Attributes:
        paper: ``A4``, ``A3`` or ``8K``.
        named: Names printed in advance; otherwise pupils fill in their number.
        with_text: Print the questions, not only the answer spaces.
        double_sided: ``None`` takes the paper's habit.
        spare: Blank sheets besides the named ones of each class.
    """

    paper: str = "A4"
    named: bool = True
    with_text: bool = False
    double_sided: bool | None = None
    spare: int = 2

    def __post_init__(self) -> None:
        if self.paper not in PAPERS or not 0 <= self.spare <= MOST_BLANKS:
            raise InvalidInputError(
                f"纸张应为 A4、A3 或 8K，备用张数应在 0 到 {MOST_BLANKS} 之间。", code="paper.wish"
            )


def sheet_key(tenant_id: int) -> bytes:
    """Return the secret that signs the codes on one school's sheets."""
    return keys.derived(f"sheets-{tenant_id}")


def sheet_spec(
    work: Work, wish: SheetWish, classes: Sequence[queries.PaperClass], width: int
) -> sheets.SheetSpec:
    """Return the specification of a work's sheets for these classes.

    Args:
        width: Columns of bubbles for the pupil's number; the same for all classes of a work.

    Raises:
        InvalidInputError: The work has no questions.
    """
    items = list(work.items.order_by("position"))
    if not items:
        raise InvalidInputError("这份作业还没有题目，不能打印答题纸。", code="paper.no_items")
    questions = tuple(
        question_on_paper(
            str(item.pk), str(item.position), item.content, item.max_score, with_text=wish.with_text
        )
        for item in items
    )
    pupils = tuple(
        sheets.Pupil(pupil_code(one.id), one.name, one.number, group.name)
        for group in classes
        for one in group.pupils
    )
    size = sum(len(group.pupils) for group in classes)
    return sheets.SheetSpec(
        work=work_code(work.pk),
        title=work.title,
        questions=questions,
        pupils=pupils if wish.named else (),
        paper=wish.paper,
        double_sided=wish.double_sided,
        number_digits=width,
        blank_copies=wish.spare if wish.named else max(size + wish.spare, 1),
    )


def request_sheets(
    *, actor: Actor, now: datetime, work: Work, wish: SheetWish, class_ids: Sequence[int]
) -> list[PaperFile]:
    """Plan one file of sheets a class and keep the template they will be read by.

    Raises:
        InvalidInputError: The work has no questions or no class.

    Effects:
        One audit row; a job a class.
    """
    classes = queries.classes_of(work, clock.today(now), class_ids)
    if not classes:
        raise InvalidInputError("这份作业还没有选择班级，不能打印答题纸。", code="paper.no_classes")
    width = number_width(work, now)
    template = _kept_template(actor, work, sheet_spec(work, wish, [], width), now)
    made = []
    for group in classes:
        row = PaperFile.objects.create(
            tenant_id=work.tenant_id,
            work=work,
            organisation_id=group.id,
            kind="sheets",
            name=f"{work.title} {group.name} 答题纸 {wish.paper}.pdf"[:160],
            options={
                "paper": wish.paper,
                "named": wish.named,
                "with_text": wish.with_text,
                "double_sided": wish.double_sided,
                "spare": wish.spare,
                "width": width,
            },
            made_by_id=actor.person_id or None,
            made_at=now,
        )
        plan_file(row, now, f"答题纸：{work.title} {group.name}")
        made.append(row)
    audit.record(
        actor=actor,
        verb=Verb.CREATE,
        kind="scan",
        object_id=work.pk,
        now=now,
        tenant_id=work.tenant_id,
        detail={"sheets": len(made), "template": template.pk},
    )
    return made


def plan_file(row: PaperFile, now: datetime, title: str) -> None:
    """Plan the job that makes a file."""
    jobs.enqueue(
        "assessment.make_paper_file",
        tenant_id=row.tenant_id,
        key=f"paper-file-{row.pk}",
        now=now,
        arguments={"file_id": row.pk},
        title=title[:160],
        owner_id=row.made_by_id,
    )


def make_sheets(*, row: PaperFile, now: datetime) -> None:
    """Print the sheets of one class into the file's row."""
    options = dict(row.options)
    width = int(options.pop("width"))
    classes = queries.classes_of(row.work, clock.today(now), [row.organisation_id or 0])
    spec = sheet_spec(row.work, SheetWish(**options), classes, width)
    keep_file(row, sheets.render_sheets(spec, sheet_key(row.tenant_id)), now)


def keep_file(row: PaperFile, content: bytes, now: datetime) -> None:
    """Store what was made and mark the row done."""
    ref = files.store(content, tenant_id=row.tenant_id, now=now, max_bytes=_LARGEST_PDF, name=row.name)
    row.blob_id, row.state, row.problem = ref.id, "done", ""
    row.save(update_fields=["blob", "state", "problem"])


def number_width(work: Work, now: datetime) -> int:
    """Return how many columns of bubbles the pupils' numbers need (0 when nobody has digits)."""
    classes = queries.classes_of(work, clock.today(now))
    return max((len(bubble_number(one.number)) for group in classes for one in group.pupils), default=0)


def read_file(*, actor: Actor, now: datetime, row: PaperFile) -> bytes:
    """Return a made file's content for its download.

    Raises:
        InvalidInputError: It is not made yet.

    Effects:
        One audit row.
    """
    if row.blob_id is None:
        raise InvalidInputError("文件还没有生成好，请稍候。", code="paper.not_ready")
    audit.record(
        actor=actor,
        verb=Verb.EXPORT,
        kind="scan",
        object_id=row.pk,
        now=now,
        level=Level.PERSONAL,
        tenant_id=row.tenant_id,
        detail={"file": row.kind},
    )
    return files.read(row.blob_id)


def _kept_template(actor: Actor, work: Work, spec: sheets.SheetSpec, now: datetime) -> SheetTemplate:
    template = sheets.lay_out(spec).template
    body = scanning.template_to_json(template)
    last = queries.newest_template(work)
    if last is not None and last.body == body:
        return last
    return SheetTemplate.objects.create(
        tenant_id=work.tenant_id,
        work=work,
        name=f"{spec.paper} 答题纸",
        body=body,
        page_count=len(template.pages),
        made_by_id=actor.person_id or None,
        made_at=now,
    )
