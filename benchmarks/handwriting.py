"""Real pupils' scanned answers through the whole platform: ``python -m benchmarks.handwriting [--truth T.csv]``.

Types four questions with their keys, sets them as a work on paper for a class, draws a template of four strips on
blanks (a clean pupil's strips with the writing erased), takes every strip in as one batch, gives each to its pupil as
a teacher does in the tray, judges, has what was flagged confirmed by a person, marks the pictures and releases: all
by the platform's own services on a throwaway database. The data (``../shared/data/handwriting_zh``, or
``ZHIWEI_SHARED_DATA``) stay outside; a transcription ``question,pupil,text`` (blanks joined by ``；``) may stand beside
them as ``truth.csv``. Without one, what is right is not counted and nothing is corrected.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
Truth = Mapping[tuple[str, int], str]
STRIPS = {"02": (12, ("2",)), "08": (4, ("7", "8")), "12": (10, ("12",)), "18": (4, ("18",))}
"""Folder to the pupil whose strip is erased for the blank, and the questions on the strip."""
CONTENTS: dict[str, dict[str, Any]] = {
    "2": {
        "type": "blank",
        "max_score": 4,
        "stem": "发射电磁波要进行____，做法可分为____和调频；选出需要的信号是____；取出声音信号是____。",
        "reference_answers": [["调制"], ["调幅"], ["调谐"], ["解调"]],
        "settings": {"blanks": [{"id": f"b{i}", "score": 1.0, "kind": "text"} for i in range(4)]},
    },
    "7": {
        "type": "numeric",
        "max_score": 2,
        "stem": "红光在水滴中的折射率为____。",
        "reference_answers": ["1.3"],
        "settings": {"tolerance": {"absolute": 0.04}},
    },
    "8": {
        "type": "numeric",
        "max_score": 2,
        "stem": "红光在水滴中运动的时间是____s。",
        "reference_answers": ["3.18×10^-11"],
        "settings": {"tolerance": {"relative": 0.01}, "unit_required": False},
    },
    "12": {
        "type": "short_answer",
        "max_score": 2,
        "stem": "LC 振荡电路中的能量转化情况是____。",
        "reference_answers": ["电场能在增加，磁场能在减小", "磁场能转化为电场能"],
    },
    "18": {
        "type": "solution",
        "max_score": 10,
        "stem": "单摆：求周期、摆长、质量与最大速度。",
        "reference_answers": [["T=4π/7", "L=0.8"]],
    },
}
KINDS = {"2": "short", "7": "amount", "8": "amount", "12": "short", "18": "free"}


@dataclass(frozen=True)
class Strip:
    """One scanned strip: folder, pupil from 1, grey pixels."""

    folder: str
    pupil: int
    pixels: Pixels


def load(root: Path) -> list[Strip]:
    """Every strip of the set, transparent paper as white."""
    found = []
    for folder in STRIPS:
        for path in sorted((root / f"question_{folder}" / "students").iterdir()):
            number = re.search(r"(\d+)\.\w+$", path.name)
            with Image.open(path) as image:
                layer = image.convert("RGBA")
                paper = Image.new("RGBA", layer.size, "white")
                paper.alpha_composite(layer)
            if number:
                found.append(Strip(folder, int(number[1]), np.array(paper.convert("L"))))
    return found


def blank_of(strip: Strip) -> tuple[Pixels, list[tuple[float, float, float, float]]]:
    """A strip without its writing, and where answers stand, as shares of it."""
    from zhiwei.engines.scanning.rules import find_rules

    height, width = strip.pixels.shape
    blank = strip.pixels.copy()
    if strip.folder == "18":
        blank[20 : height - 20, 110 : width - 20] = 255
        return blank, [(0.02, 0.05, 0.96, 0.9)]
    rules = sorted((r for r in find_rules(strip.pixels) if r.y > 0.4 * height), key=lambda rule: rule.x0)
    for rule in rules:
        left, right, line = max(0, int(rule.x0) - 2), int(rule.x1) + 3, int(rule.y)
        blank[12 : line - 5, left:right] = 255
        blank[line + 6 :, left:right] = 255
    boxes = []
    for index, rule in enumerate(rules):
        label = 80 if strip.folder == "08" else 20
        end = rules[index + 1].x0 - label if index + 1 < len(rules) else width - 4
        boxes.append((rule.x0 - 15, 14.0, min(rule.x1 + 120, end) - rule.x0 + 15, max(20.0, rule.y - 8)))
    return blank, [(x / width, y / height, w / width, h / height) for x, y, w, h in boxes]


def png(pixels: Pixels) -> bytes:
    """The strip as a PNG file."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


class Run:
    """The way of the strips through the platform."""

    def __init__(self, strips: Sequence[Strip], truth: Truth) -> None:
        from benchmarks.homework import _School

        self.strips, self.truth = strips, truth
        self.school = _School()
        self.tenant, self.teacher, self.now = self.school.school, self.school.teacher, self.school.now
        self.figures: dict[str, Any] = {"strips": len(strips)}

    def rows(self) -> list[dict[str, Any]]:
        """Do it all; one row a question."""
        from zhiwei.kernel import scope

        with scope.entered([self.tenant]):
            count = max(strip.pupil for strip in self.strips)
            self.pupils = self.school._people(count, "h")
            self._set()
            self._draw()
            self._take()
        self._jobs()
        with scope.entered([self.tenant]):
            self._sort()
        self._jobs()
        with scope.entered([self.tenant]):
            before = self._answers()
            self._review()
        self._jobs()
        with scope.entered([self.tenant]):
            after = self._answers()
            self._mark_and_release()
        return [self._row(key, before, after) for key in CONTENTS]

    def _set(self) -> None:
        from zhiwei.assessment.services import setting
        from zhiwei.assessment.values import Medium

        common: dict[str, Any] = {"actor": self.teacher, "now": self.now}
        self.work = setting.create_work(
            **common, title="真实手写", subject="physics", medium=Medium.PAPER, opens_at=self.now
        )
        for content in CONTENTS.values():
            setting.add_typed_item(**common, work=self.work, content=content)
        setting.set_targets(**common, work=self.work, class_ids=[self.school.place])
        setting.open_work(**common, work=self.work)
        items = self.work.items.order_by("position")
        self.items = dict(zip(CONTENTS, (str(item.pk) for item in items), strict=True))

    def _draw(self) -> None:
        from zhiwei.assessment.rules.drawn_regions import Drawn
        from zhiwei.assessment.services import templating
        from zhiwei.assessment.services.scanning_in import Upload

        archive, drawn = io.BytesIO(), []
        with zipfile.ZipFile(archive, "w") as out:
            for page, (folder, (pupil, questions)) in enumerate(STRIPS.items(), start=1):
                strip = next(one for one in self.strips if (one.folder, one.pupil) == (folder, pupil))
                blank, boxes = blank_of(strip)
                out.writestr(f"{page}.png", png(blank))
                for index, box in enumerate(boxes):
                    question = questions[min(index, len(questions) - 1)]
                    drawn.append(Drawn(page, self.items[question], KINDS[question], *box))
        archive.seek(0)
        row = templating.begin_template(
            actor=self.teacher,
            now=self.now,
            work=self.work,
            upload=Upload("空白.zip", archive),
            name="答题条",
        )
        templating.save_regions(actor=self.teacher, now=self.now, template=row, drawn=drawn)

    def _take(self) -> None:
        from zhiwei.assessment.services import scanning_in

        uploads = [
            scanning_in.Upload(f"{one.folder}-{one.pupil}.png", io.BytesIO(png(one.pixels)))
            for one in self.strips
        ]
        scanning_in.take_files(actor=self.teacher, now=self.now, work=self.work, uploads=uploads)

    def _jobs(self) -> None:
        from zhiwei.kernel import jobs, scope
        from zhiwei.kernel.models import Job

        for _round in range(3):
            with scope.everywhere("what waits"):
                waiting = list(Job.objects.filter(state="queued", task__startswith="assessment."))
            for row in waiting:
                jobs.run(row.pk, self.tenant)

    def _sort(self) -> None:
        """Give every strip to its pupil; count what the machine made of it first."""
        from zhiwei.assessment.models import ScanPage
        from zhiwei.assessment.queries.tray import tray_of
        from zhiwei.assessment.services import collecting, tray
        from zhiwei.kernel import clock

        told = dict.fromkeys(("right", "right_but_doubtful", "wrong", "wrong_but_doubtful", "not_found"), 0)
        view = tray_of(self.work, clock.today(self.now))
        self.figures["assigned_silently"] = len(view.owners)
        for page in ScanPage.objects.filter(work=self.work).select_related("file"):
            folder, pupil = page.file.name.removesuffix(".png").split("-")
            number = list(STRIPS).index(folder) + 1
            doubtful = "_but_doubtful" if "unknown_page" in page.read["doubts"] else ""
            name = "right" if page.read["page"] == number else "wrong"
            told[name + doubtful if page.read["flat"] else "not_found"] += 1
            person = self.pupils[int(pupil) - 1]
            tray.place_page(actor=self.teacher, now=self.now, page=page, person_id=person, page_number=number)
        self.figures["strip_told_by_its_print"] = told
        for person in self.pupils:
            found = tray_of(self.work, clock.today(self.now)).row_of(person)
            if found and found[1].state == "partial" and not found[1].repeated:
                collecting.accept_incomplete(
                    actor=self.teacher, now=self.now, work=self.work, person_id=person
                )

    def _answers(self) -> dict[tuple[str, int], Any]:
        from zhiwei.assessment.models import Response

        names = {int(pk): key for key, pk in self.items.items()}
        rows = Response.objects.filter(sitting__work=self.work).select_related("sitting", "item")
        return {
            (names[row.item_id], self.pupils.index(row.sitting.person_id) + 1): row
            for row in rows
            if row.files
        }

    def _review(self) -> None:
        """Say what each answer with a transcription says, as a person who checks all of them would."""
        from zhiwei.assessment.services import reading_check

        for key, row in self._answers().items():
            if key in self.truth:
                reading_check.confirm_reading(
                    actor=self.teacher, now=self.now, response=row, text=self.truth[key]
                )

    def _mark_and_release(self) -> None:
        from zhiwei.assessment.models import Response
        from zhiwei.assessment.services import marking, releasing

        waiting = Response.objects.filter(sitting__work=self.work, state__in=("waiting", "doubtful"))
        for row in waiting.select_related("item"):
            marking.give_mark(actor=self.teacher, now=self.now, response=row, score=row.score or 0)
        self.figures["released_sittings"] = releasing.release_marks(
            actor=self.teacher, now=self.now, work=self.work
        )

    def _row(self, key: str, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> dict[str, Any]:
        from zhiwei.assessment.rules.paper_reading import is_picture_only, is_unsure, shown

        mine = {pupil: row for (question, pupil), row in before.items() if question == key}
        known = {pupil: row for pupil, row in mine.items() if (key, pupil) in self.truth}
        read = {pupil: row for pupil, row in known.items() if not is_picture_only(row.value)}
        right = [p for p, row in read.items() if _plain(shown(row.value)) == _plain(self.truth[key, p])]
        same = [p for p, row in read.items() if row.score == after[key, p].score]
        silent = [p for p, row in read.items() if p not in right and not is_unsure(row.value)]
        return {
            "question": key,
            "answers": len(mine),
            "pictures_for_the_desk": sum(is_picture_only(row.value) for row in mine.values()),
            "flagged": sum(is_unsure(row.value) for row in mine.values()),
            "read_and_transcribed": len(read),
            "right": len(right),
            "silent_wrong": len(silent),
            "score_as_of_the_transcription": len(same),
        }


def _plain(text: str) -> str:
    return re.sub(r"[\s.。,，]+(?=；|$)|\s", "", text)


def transcription(path: Path) -> dict[tuple[str, int], str]:
    """The answers as a person reads them; none when there is no such file."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["question"], int(row["pupil"])): row["text"] for row in csv.DictReader(file)}


def main(argv: Sequence[str]) -> int:
    """Run and print one table; 1 when a wrong reading counted without a flag or a page was assigned silently."""
    shared = Path(os.environ.get("ZHIWEI_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
    parser = argparse.ArgumentParser(prog="benchmarks.handwriting", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=shared / "handwriting_zh")
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--pupils", type=int, default=99, help="only the first so many")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(list(argv))
    if not options.data.is_dir():
        print(f"{options.data}: not there; put the set handwriting_zh there or name its folder with --data")
        return 3
    strips = [one for one in load(options.data) if one.pupil <= max(12, options.pupils)]
    truth = transcription(options.truth or options.data / "truth.csv")
    with tempfile.TemporaryDirectory(prefix="zhiwei-bench-") as folder:
        Path(folder).chmod(0o711)
        os.environ["ZHIWEI_DATA"] = folder
        os.environ.pop("ZHIWEI_DATABASE_URL", None)
        from zhiwei.config.commands import boot

        with boot.ready():
            run = Run(strips, truth)
            rows = run.rows()
    report = {"questions": rows, **run.figures}
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for row in rows:
            print("  ".join(f"{name} {value}" for name, value in row.items()))
        print("\n".join(f"{name}: {value}" for name, value in run.figures.items()))
    return 1 if run.figures["assigned_silently"] or any(row["silent_wrong"] for row in rows) else 0


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
