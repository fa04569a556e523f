"""One picture in, one page result out: find, flatten, check, identify, read."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from zhiwei.engines.scanning.advice import advice
from zhiwei.engines.scanning.fields import read_regions
from zhiwei.engines.scanning.flatten import flatten
from zhiwei.engines.scanning.identity import Identity, identify, page_number
from zhiwei.engines.scanning.intake import PageImage
from zhiwei.engines.scanning.locate import Location, grey, locate_by_marks
from zhiwei.engines.scanning.print_agree import CLEARLY, ENOUGH, print_agreement
from zhiwei.engines.scanning.print_match import features_of, locate_by_print
from zhiwei.engines.scanning.qrcode import codes_in, read_code
from zhiwei.engines.scanning.quality import ink_share, picture_problems, tilt_degrees, unfound_problems
from zhiwei.engines.scanning.values import PageResult, Pixels, Reading, Recogniser, Roster
from zhiwei.engines.sheets import PageTemplate, Template

_BLANK_INK = 0.0025


@dataclass(frozen=True)
class Reader:
    """What reading needs besides the picture.

    Attributes:
        template: the work's template.
        key: the school's secret for checking codes; empty leaves signatures unchecked.
        recogniser: reads handwriting, or None to return crops only.
        roster: pupil numbers to pupil codes.
    """

    template: Template
    key: bytes
    recogniser: Recogniser | None
    roster: Roster


def read_page(picture: PageImage, reader: Reader) -> PageResult:
    """Read one decoded page.

    Args:
        picture: the page.
        reader: template, key, recogniser and roster.

    Returns:
        The result; a picture that is not one of this template's pages comes back unknown with what to do.
    """
    return read_and_flatten(picture, reader)[0]


def read_and_flatten(picture: PageImage, reader: Reader) -> tuple[PageResult, Pixels | None]:
    """Read one decoded page and also hand over the page drawn flat, for marking it up; None when not found."""
    image = grey(picture.pixels)
    found = find_page(image, reader.template)
    if found is None:
        return _not_found(picture, image, reader), None
    return _read_found(picture, Found(image, *found), reader), found[2]


@dataclass(frozen=True)
class Found:
    """A page found in a picture: the grey picture, its template, where it lies, and the page drawn flat."""

    image: Pixels
    page: PageTemplate
    location: Location
    flat: Pixels


FoundPage = tuple[PageTemplate, Location, Pixels]


def find_page(image: Pixels, template: Template) -> FoundPage | None:
    """Which page of the template a grey picture shows, where it lies, and the page drawn flat."""
    first = template.pages[0]
    if first.markers:
        location = locate_by_marks(image, first)
        if location is None:
            return None
        page = template.page(location.page_mark) or first
        return page, location, flatten(image, page, location)
    seen = features_of(image)
    places = [(page, place) for page in template.pages if (place := locate_by_print(image, page, seen))]
    return _best_by_print(image, [(page, place, flatten(image, page, place)) for page, place in places])


def _best_by_print(image: Pixels, found: list[FoundPage]) -> FoundPage | None:
    """Of the pages whose rules or features were found, the one whose whole print is there.

    In doubt when two fit about as well, and when the best one's print is not mostly there: a strange picture may
    have rules like a page's; then the page of the picture's shape is proposed. The only page of a template
    without print to compare is taken as it is.
    """
    if not found:
        return None
    agreed = [print_agreement(flat, page) for page, _, flat in found]
    if len(found) == 1 and agreed[0] is None:
        return found[0]
    rated = sorted(((share or 0.0, index) for index, share in enumerate(agreed)), reverse=True)
    next_best = rated[1][0] if len(rated) > 1 else 0.0
    if rated[0][0] < ENOUGH:
        page, place, flat = min(found, key=lambda one: _shape_apart(image, one[0]))
        return page, replace(place, sure_page=False), flat
    page, place, flat = found[rated[0][1]]
    return page, replace(place, sure_page=rated[0][0] - next_best >= CLEARLY), flat


def _shape_apart(image: Pixels, page: PageTemplate) -> float:
    """How far the picture's shape is from a page's, as the logarithm of their ratio; 0 when alike."""
    return abs(math.log(image.shape[1] * page.height_mm / (image.shape[0] * page.width_mm)))


def _read_found(picture: PageImage, found: Found, reader: Reader) -> PageResult:
    template = reader.template
    page, flat = found.page, found.flat
    code = read_code(flat, found.image, page, reader.key) if page.qr else None
    number = page_number(code, found.location.page_mark if page.markers else page.number, template)
    page = template.page(number) or page
    problems = picture_problems(found.image, page, found.location, flat)
    wanted = number > 0 and not (code and code.code.work != template.work)
    readings = read_regions(flat, page, reader.recogniser) if wanted else []
    identity = identify(code, number, readings, template, reader.roster)
    if wanted and page.regions and _is_blank(flat, page, readings):
        problems.append("blank")
    if page.qr and identity.how == "number" and code is None:
        problems.append("no_code")
    return _result(picture, identity, problems, readings, found.location)


def _result(
    picture: PageImage, identity: Identity, problems: list[str], readings: list[Reading], location: Location
) -> PageResult:
    doubts = identity.doubts + (("two_pages",) if "two_pages" in problems else ())
    doubts += () if location.sure_page or "unknown_page" in doubts else ("unknown_page",)
    codes = dict.fromkeys([*doubts, *problems])
    return PageResult(
        picture.file,
        picture.member,
        picture.number,
        identity.work,
        identity.pupil,
        identity.sheet,
        identity.page,
        identity.how,
        doubts,
        (*picture.notes, *map(advice, codes)),
        tuple(readings),
        round(tilt_degrees(location), 2),
        round(location.error_mm, 3),
    )


def _not_found(picture: PageImage, image: Pixels, reader: Reader) -> PageResult:
    """No marks: perhaps an empty back, two sheets, or something else; the code alone never assigns."""
    codes = codes_in(image, reader.key) if reader.template.pages[0].qr else set()
    if len(codes) > 1:
        doubts = ["two_pages"]
    elif _is_empty(image):
        doubts = ["blank", "not_registered"]
    else:
        doubts = ["not_registered"]
    findings = (*picture.notes, *map(advice, [*doubts, *unfound_problems(image)]))
    return PageResult(
        picture.file, picture.member, picture.number, "", "", "", 0, "none", tuple(doubts), findings, ()
    )


def _is_blank(flat: Pixels, page: PageTemplate, readings: list[Reading]) -> bool:
    """No bubble chosen and no ink in any writing space (outlines and rules excepted)."""
    if any(reading.values for reading in readings):
        return False
    writing = [region for region in page.regions if region.kind not in {"bubbles", "number"}]
    boxes = [cell.box for region in writing for cell in region.cells]
    open_spaces = [region.box for region in writing if not region.cells]
    return all(ink_share(flat, box) < _BLANK_INK * 4 for box in boxes) and all(
        ink_share(flat, box) < _BLANK_INK for box in open_spaces
    )


def _is_empty(image: Pixels) -> bool:
    inside = image[image.shape[0] // 20 :: 4, image.shape[1] // 20 :: 4]
    return float(np.percentile(inside, 99.8) - np.percentile(inside, 0.2)) < 40.0
