"""The tray: every scanned page of a work in exactly one place, and who handed in what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from zhiwei.assessment.models import ScanPage, SheetTemplate, Sitting, Work
from zhiwei.assessment.queries import paper
from zhiwei.assessment.rules.paper_codes import pupil_code, work_code
from zhiwei.engines import scanning
from zhiwei.engines.sheets import Template
from zhiwei.kernel.api import PersonInfo


@dataclass(frozen=True)
class BoardRow:
    """One pupil on the board.

    Attributes:
        pages: Page number to the page that counts, in order; ``None`` where it is missing or there are several.
        missing: Numbers of pages that must come and did not.
        repeated: Numbers of pages of which several copies came.
        sitting: The answers taken in, if they were.
    """

    pupil: PersonInfo
    pages: tuple[tuple[int, ScanPage | None], ...]
    missing: tuple[int, ...]
    repeated: tuple[int, ...]
    sitting: Sitting | None

    @property
    def state(self) -> str:
        """``online``, ``taken``, ``complete``, ``partial`` or ``absent``."""
        if self.sitting is not None:
            return "taken" if self.sitting.medium == "paper" else "online"
        if any(page for _number, page in self.pages) or self.repeated:
            return "partial" if self.missing or self.repeated else "complete"
        return "absent"


@dataclass(frozen=True)
class BoardClass:
    """One class on the board."""

    id: int
    name: str
    rows: tuple[BoardRow, ...]

    @property
    def handed_in(self) -> int:
        """How many pupils' pages are all there."""
        return sum(row.state in {"taken", "complete", "online"} for row in self.rows)


@dataclass(frozen=True)
class TrayView:
    """Every page of a work in exactly one place."""

    classes: tuple[BoardClass, ...]
    unknown: tuple[ScanPage, ...] = ()
    duplicate: tuple[tuple[ScanPage, ...], ...] = ()
    extra: tuple[ScanPage, ...] = ()
    doubtful: tuple[ScanPage, ...] = ()
    aside: tuple[ScanPage, ...] = ()
    page_count: int = 1
    has_pages: bool = False
    owners: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    """Page id to ``(person id, class id)`` for pages that belong to somebody."""

    @property
    def waiting(self) -> int:
        """How many pages wait for a person."""
        return len(self.unknown) + len(self.extra) + len(self.doubtful) + sum(map(len, self.duplicate))

    def row_of(self, person_id: int) -> tuple[BoardClass, BoardRow] | None:
        """Return a pupil's place on the board."""
        return next(
            ((group, row) for group in self.classes for row in group.rows if row.pupil.id == person_id), None
        )


def tray_of(work: Work, today: date, class_ids: Iterable[int] | None = None) -> TrayView:
    """Assemble the tray of a work as it stands.

    Args:
        class_ids: Only these classes on the board, and no page that belongs to a pupil of another.
    """
    groups = paper.classes_of(work, today)
    pages = list(
        ScanPage.objects.filter(work=work).select_related("file", "template", "person").order_by("pk")
    )
    template = _template_of(work, pages)
    count = 0 if template is None else len(template.pages)
    lying = {str(one.pk): one for one in pages if not one.is_aside}
    roster = [pupil_code(one.id) for group in groups for one in group.pupils]
    found = scanning.assemble([_fact(one, work) for one in lying.values()], work_code(work.pk), roster, count)
    wanted = None if class_ids is None else set(class_ids)
    return _View(work, lying, groups, found, _asked_pages(template)).view(
        [one for one in pages if one.is_aside], wanted, count
    )


def _template_of(work: Work, pages: list[ScanPage]) -> Template | None:
    row: SheetTemplate | None = pages[-1].template if pages else paper.newest_template(work)
    return scanning.template_from_json(row.body) if row is not None and row.body else None


def _asked_pages(template: Template | None) -> tuple[int, ...]:
    """Numbers of the pages on which something is asked; empty backs need not come in."""
    if template is None:
        return ()
    return tuple(page.number for page in template.pages if any(one.question for one in page.regions))


def _fact(page: ScanPage, work: Work) -> scanning.PageFact:
    read = page.read
    if page.decided_at is not None and page.person_id is not None:
        number = page.page_number or int(read["page"])
        return scanning.PageFact(
            str(page.pk), work_code(work.pk), pupil_code(page.person_id), str(read["sheet"]), number, ()
        )
    return scanning.PageFact(
        str(page.pk), read["work"], read["pupil"], read["sheet"], read["page"], tuple(read["doubts"])
    )


class _View:
    def __init__(
        self,
        work: Work,
        lying: Mapping[str, ScanPage],
        groups: list[paper.PaperClass],
        found: scanning.Tray,
        asked: tuple[int, ...],
    ) -> None:
        self.lying, self.groups, self.found, self.asked = lying, groups, found, asked
        self.board = {one.pupil: one for one in found.pupils}
        rows = Sitting.objects.filter(work=work).order_by("attempt")
        self.sittings = {row.person_id: row for row in rows}

    def view(self, aside: list[ScanPage], wanted: set[int] | None, count: int) -> TrayView:
        shown = [group for group in self.groups if wanted is None or group.id in wanted]
        owners = {
            int(page_id): (one.id, group.id)
            for group in self.groups
            for one in group.pupils
            for _number, page_id in self.board[pupil_code(one.id)].pages
        }
        return TrayView(
            classes=tuple(
                BoardClass(group.id, group.name, tuple(map(self._row, group.pupils))) for group in shown
            ),
            unknown=self._pages(self.found.unknown),
            duplicate=tuple(self._pages(group) for group in self.found.duplicate),
            extra=self._pages(self.found.extra),
            doubtful=self._pages(self.found.doubtful),
            aside=tuple(aside),
            page_count=count,
            has_pages=bool(self.lying or aside),
            owners=owners,
        )

    def _row(self, pupil: PersonInfo) -> BoardRow:
        held = self.board[pupil_code(pupil.id)]
        there = {number: self.lying[page_id] for number, page_id in held.pages}
        missing = tuple(number for number in held.missing if number in self.asked)
        repeated = tuple(one for one in self.asked if one not in there and one not in held.missing)
        pages = tuple((number, there.get(number)) for number in sorted({*self.asked, *there}))
        return BoardRow(pupil, pages, missing, repeated, self.sittings.get(pupil.id))

    def _pages(self, ids: Iterable[str]) -> tuple[ScanPage, ...]:
        return tuple(self.lying[one] for one in ids)
