"""Who handed in what: pages of one pupil joined in order, everything else named, nothing lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from zhiwei.engines.scanning.values import PageResult


@dataclass(frozen=True)
class PageFact:
    """What assignment needs of one page; ``id`` is the caller's."""

    id: str
    work: str
    pupil: str
    sheet: str
    page: int
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class PupilPages:
    """One pupil on the board: page number to page id, and the numbers that are not there."""

    pupil: str
    pages: tuple[tuple[int, str], ...]
    missing: tuple[int, ...]


@dataclass(frozen=True)
class Tray:
    """Every page in exactly one place.

    Attributes:
        pupils: one entry for everyone on the roster, in its order.
        unknown: pages whose pupil or number is not known.
        duplicate: pages that came in more than once, all copies, for a person to choose.
        extra: pages of another work, of pupils not on the roster, or beyond the template.
        doubtful: pages with a contradiction.
    """

    pupils: tuple[PupilPages, ...]
    unknown: tuple[str, ...]
    duplicate: tuple[tuple[str, ...], ...]
    extra: tuple[str, ...]
    doubtful: tuple[str, ...]


_UNKNOWN = {"unknown_page", "unknown_pupil", "not_registered", "blank"}


def fact(page_id: str, result: PageResult) -> PageFact:
    """What assignment needs of a page result."""
    return PageFact(page_id, result.work, result.pupil, result.sheet, result.page, result.doubts)


def assemble(facts: Sequence[PageFact], work: str, roster: Sequence[str], pages: int) -> Tray:
    """Put every page in its place.

    A page goes to a pupil only on what is on that page, or, for sheets printed without a name, on the
    number filled in on another page of the same serial. The order of scanning is never used, so a lost
    page shifts nothing.

    Args:
        facts: every page of every scan of this work; ids are unique.
        work: code of the work.
        roster: pupil codes.
        pages: pages of the template.
    """
    owners = _sheet_owners(facts)
    known = set(roster)
    places: dict[tuple[str, int], list[str]] = defaultdict(list)
    trays: dict[str, list[str]] = {"unknown": [], "extra": [], "doubtful": []}
    for page in facts:
        pupil = page.pupil or owners.get(page.sheet, "")
        tray = _tray_for(page, pupil, work, known, pages)
        if tray:
            trays[tray].append(page.id)
        else:
            places[pupil, page.page].append(page.id)
    duplicate = tuple(tuple(ids) for ids in places.values() if len(ids) > 1)
    board = tuple(_pupil_pages(pupil, places, pages) for pupil in dict.fromkeys(roster))
    return Tray(board, tuple(trays["unknown"]), duplicate, tuple(trays["extra"]), tuple(trays["doubtful"]))


def _sheet_owners(facts: Sequence[PageFact]) -> dict[str, str]:
    """Serial of a blank sheet to the one pupil who signed it; photocopies with two owners have none."""
    claims: dict[str, set[str]] = defaultdict(set)
    seen: dict[tuple[str, int], int] = defaultdict(int)
    for page in facts:
        if page.sheet:
            seen[page.sheet, page.page] += 1
            if page.pupil and not page.doubts:
                claims[page.sheet].add(page.pupil)
    copied = {sheet for (sheet, _), count in seen.items() if count > 1}
    return {
        sheet: owners.pop() for sheet, owners in claims.items() if len(owners) == 1 and sheet not in copied
    }


def _tray_for(page: PageFact, pupil: str, work: str, known: set[str], pages: int) -> str:
    doubts = set(page.doubts)
    if page.sheet and pupil:
        doubts.discard("unknown_pupil")
    if doubts - _UNKNOWN - {"other_work"}:
        return "doubtful"
    if "other_work" in doubts or (page.work and page.work != work):
        return "extra"
    if doubts or not pupil or page.page < 1 or not page.work:
        return "unknown"
    return "extra" if pupil not in known or page.page > pages else ""


def _pupil_pages(pupil: str, places: dict[tuple[str, int], list[str]], pages: int) -> PupilPages:
    held = [(number, places.get((pupil, number), [])) for number in range(1, pages + 1)]
    return PupilPages(
        pupil,
        tuple((number, ids[0]) for number, ids in held if len(ids) == 1),
        tuple(number for number, ids in held if not ids),
    )
