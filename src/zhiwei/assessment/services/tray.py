"""A person's decisions about pages: whose a page is, which copy counts, what is put aside; each can be undone."""

from __future__ import annotations

from datetime import datetime

from zhiwei.assessment.models import ScanPage
from zhiwei.assessment.queries.tray import TrayView, tray_of
from zhiwei.assessment.services.collecting import check_free, collect
from zhiwei.kernel import audit, clock
from zhiwei.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from zhiwei.kernel.values import Actor, Level, Verb


def place_page(*, actor: Actor, now: datetime, page: ScanPage, person_id: int, page_number: int = 0) -> None:
    """Say whose page this is; the pupil's answers are taken in as soon as all pages are there.

    Args:
        page_number: Page of the sheet; 0 keeps what was read (or takes the only page).

    Raises:
        NotFoundError: The work is not set for this pupil.
        InvalidInputError: The page number is not known and was not given, or there is no such page.
        ConflictError: Answers involved are marked by a person or released already.

    Effects:
        One audit row; sittings as in ``collecting.collect``.
    """
    row = _locked(page)
    tray = _tray(row, now)
    if tray.row_of(person_id) is None:
        raise NotFoundError("这份作业没有布置给这名学生。")
    number = page_number or int(row.read["page"]) or (1 if tray.page_count == 1 else 0)
    if not 1 <= number <= tray.page_count:
        raise InvalidInputError(f"请选择这是第几页（1 到 {tray.page_count}）。", code="tray.which_page")
    _check_owner(row, tray)
    check_free(row.work, person_id)
    _decide(actor, now, row, person_id=person_id, page_number=number, is_aside=False)


def set_aside(*, actor: Actor, now: datetime, page: ScanPage) -> None:
    """Put a page aside: it stays kept and listed but counts for nobody.

    Raises:
        ConflictError: Answers on it are marked by a person or released already.
    """
    row = _locked(page)
    _check_owner(row, _tray(row, now))
    _decide(actor, now, row, person_id=None, page_number=0, is_aside=True)


def keep_copy(*, actor: Actor, now: datetime, page: ScanPage) -> int:
    """Of several copies of a page let this one count; the others are put aside. Returns how many were.

    Raises:
        ConflictError: There are no copies of it.
    """
    row = _locked(page)
    group = next((one for one in _tray(row, now).duplicate if any(copy.pk == row.pk for copy in one)), ())
    others = [copy for copy in group if copy.pk != row.pk]
    if not others:
        raise ConflictError("这一页已经没有重复的了。", code="tray.no_copies")
    for copy in others:
        _decide(
            actor, now, _locked(copy), person_id=None, page_number=0, is_aside=True, last=copy is others[-1]
        )
    return len(others)


def undo(*, actor: Actor, now: datetime, page: ScanPage) -> None:
    """Take back the newest decision about a page; the one before it, or what was read, stands again.

    Raises:
        ConflictError: No decision was made, or answers involved are marked or released already.
    """
    row = _locked(page)
    if row.decided_at is None:
        raise ConflictError("这一页没有可撤销的操作。", code="tray.nothing_to_undo")
    _check_owner(row, _tray(row, now))
    before = row.history.pop() if row.history else None
    row.person_id = before["person"] if before else None
    row.page_number = int(before["page_number"]) if before else 0
    row.is_aside = bool(before["is_aside"]) if before else False
    row.decided_by_id = before["by"] if before else None
    row.decided_at = datetime.fromisoformat(before["at"]) if before else None
    row.save()
    _note(actor, now, row, "undone")
    collect(actor=actor, now=now, work=row.work)


def last_decided(*, actor: Actor, page_work_id: int) -> ScanPage | None:
    """Return the page the actor decided about last in a work, for "undo"."""
    rows = ScanPage.objects.filter(work_id=page_work_id, decided_by_id=actor.person_id)
    return rows.order_by("-decided_at").first()


def _locked(page: ScanPage) -> ScanPage:
    rows = ScanPage.objects.select_for_update(of=("self",)).select_related("work", "template")
    return rows.get(pk=page.pk)


def _tray(row: ScanPage, now: datetime) -> TrayView:
    return tray_of(row.work, clock.today(now))


def _check_owner(row: ScanPage, tray: TrayView) -> None:
    owner = tray.owners.get(row.pk)
    if owner is not None:
        check_free(row.work, owner[0])


def _decide(
    actor: Actor,
    now: datetime,
    row: ScanPage,
    *,
    person_id: int | None,
    page_number: int,
    is_aside: bool,
    last: bool = True,
) -> None:
    if row.decided_at is not None:
        before = {
            "person": row.person_id,
            "page_number": row.page_number,
            "is_aside": row.is_aside,
            "by": row.decided_by_id,
            "at": row.decided_at.isoformat(),
        }
        row.history = [*row.history, before][-20:]
    row.person_id, row.page_number, row.is_aside = person_id, page_number, is_aside
    row.decided_by_id, row.decided_at = actor.person_id or None, now
    row.save()
    _note(actor, now, row, "aside" if is_aside else "placed")
    if last:
        collect(actor=actor, now=now, work=row.work)


def _note(actor: Actor, now: datetime, row: ScanPage, what: str) -> None:
    audit.record(
        actor=actor,
        verb=Verb.UPDATE,
        kind="scan",
        object_id=row.pk,
        about_id=row.person_id,
        now=now,
        level=Level.PERSONAL,
        tenant_id=row.tenant_id,
        detail={"page": what},
    )
