"""Scans in: decoded safely, registered, identified, read with a crop for every field, and put in order."""

from zhiwei.engines.scanning.advice import Advice, advice, all_codes
from zhiwei.engines.scanning.assign import PageFact, PupilPages, Tray, assemble, fact
from zhiwei.engines.scanning.intake import FileProblem, PageImage, read_pages
from zhiwei.engines.scanning.limits import Limits
from zhiwei.engines.scanning.markup import Mark, mark_up, marked_pdf, marked_png
from zhiwei.engines.scanning.own_paper import DrawnRegion, page_from_blank
from zhiwei.engines.scanning.pages import Reader, find_page, read_and_flatten, read_page
from zhiwei.engines.scanning.pictures import page_digest, page_jpeg, page_pixels
from zhiwei.engines.scanning.qrcode import codes_in
from zhiwei.engines.scanning.template_file import template_from_json, template_schema, template_to_json
from zhiwei.engines.scanning.values import (
    UNSURE_BELOW,
    LineReading,
    PageResult,
    Pixels,
    Reading,
    Recogniser,
    Roster,
)

__all__ = [
    "UNSURE_BELOW",
    "Advice",
    "DrawnRegion",
    "FileProblem",
    "LineReading",
    "Limits",
    "Mark",
    "PageFact",
    "PageImage",
    "PageResult",
    "Pixels",
    "PupilPages",
    "Reader",
    "Reading",
    "Recogniser",
    "Roster",
    "Tray",
    "advice",
    "all_codes",
    "assemble",
    "codes_in",
    "fact",
    "find_page",
    "mark_up",
    "marked_pdf",
    "marked_png",
    "page_digest",
    "page_from_blank",
    "page_jpeg",
    "page_pixels",
    "read_and_flatten",
    "read_page",
    "read_pages",
    "recogniser",
    "template_from_json",
    "template_schema",
    "template_to_json",
]


def recogniser(threads: int = 1) -> Recogniser:
    """The recogniser of handwriting that the platform ships; its model is loaded here, on first use.

    Args:
        threads: processor threads one reading may use.
    """
    from zhiwei.engines.scanning.ocr import RapidRecogniser

    return RapidRecogniser(threads=threads)
