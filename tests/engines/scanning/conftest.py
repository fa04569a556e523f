from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from benchmarks.paper_pages import Filled, Pixels, fill_page, render_pdf

from zhiwei.engines.scanning import PageImage, PageResult, Reader, read_page
from zhiwei.engines.sheets import Pupil, Question, SheetSpec, Template, lay_out, render_sheets

KEY = b"0123456789abcdef"


@dataclass(frozen=True)
class Scanned:
    """A printed class of two, the first pupil's first page filled in."""

    template: Template
    pages: list[Pixels]
    filled: Filled
    roster: dict[str, str]

    def read(self, pixels: Pixels, key: bytes = KEY, roster: dict[str, str] | None = None) -> PageResult:
        who = self.roster if roster is None else roster
        return read_page(PageImage("scan.pdf", "", 1, pixels), Reader(self.template, key, None, who))


@pytest.fixture(scope="session")
def scanned() -> Scanned:
    questions = [Question(str(i), "choice", multiple=i > 8) for i in range(1, 13)]
    questions += [Question("13", "digits", size=4), Question("14", "blank"), Question("15", "free", points=8)]
    questions += [Question("16", "grid", size=300)]
    pupils = (Pupil("P1", "甲", "20260001"), Pupil("P2", "乙", "20260002"))
    spec = SheetSpec("W1", "期中练习", tuple(questions), pupils, blank_copies=1)
    template = lay_out(spec).template
    pages = render_pdf(render_sheets(spec, KEY))
    filled = fill_page(pages[0], template.pages[0], "20260001", np.random.default_rng(5))
    return Scanned(template, pages, filled, {pupil.number: pupil.code for pupil in pupils})
