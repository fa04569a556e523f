"""``zhiwei scan FILES… --template T.json``: register, read and report without the web application."""

from __future__ import annotations

import argparse
import base64
import csv
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from zhiwei.engines.scanning.advice import Advice
from zhiwei.engines.scanning.assign import Tray, assemble, fact
from zhiwei.engines.scanning.intake import FileProblem, read_pages
from zhiwei.engines.scanning.limits import Limits
from zhiwei.engines.scanning.pages import Reader, read_page
from zhiwei.engines.scanning.template_file import template_from_json
from zhiwei.engines.scanning.values import PageResult, Reading, Recogniser
from zhiwei.engines.sheets import SheetError

Json = dict[str, object]


def main(argv: Sequence[str]) -> int:
    """Read scanned sheets and print a report; 0 when everything was read, 1 with problems, 2 on bad input."""
    options = _parser().parse_args(list(argv))
    try:
        reader, roster = _reader(options)
    except (SheetError, OSError, UnicodeDecodeError, csv.Error) as error:
        print(f"zhiwei scan: {error}", file=sys.stderr)
        return 2
    pages: list[PageResult] = []
    problems: list[FileProblem] = []
    for result in _read_all(options.files, reader):
        if isinstance(result, FileProblem):
            problems.append(result)
            _say(options, _problem_json(result), _problem_line(result))
            continue
        pages.append(_without_crops(result))
        _say(options, _page_json(result, crops=options.crops), _page_line(result))
    tray = assemble(
        [fact(str(index), page) for index, page in enumerate(pages)],
        reader.template.work,
        roster or sorted({page.pupil for page in pages if page.pupil}),
        len(reader.template.pages),
    )
    _say(options, {"tray": _tray_json(tray, pages)}, _tray_line(tray))
    return 1 if problems or tray.unknown or tray.duplicate or tray.extra or tray.doubtful else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zhiwei scan", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="PDF, JPEG, PNG, WebP, TIFF or ZIP")
    parser.add_argument("--template", required=True, type=Path, help="template JSON (docs/paper.md)")
    parser.add_argument("--roster", type=Path, help="CSV with the columns code and number")
    parser.add_argument("--key-file", type=Path, help="file with the secret that signed the codes")
    parser.add_argument("--json", action="store_true", help="one JSON object a line: pages, problems, tray")
    parser.add_argument(
        "--crops", action="store_true", help="with --json: every field's picture as base64 PNG"
    )
    parser.add_argument(
        "--no-handwriting", action="store_true", help="bubbles only; writing comes back as crops"
    )
    return parser


def _reader(options: argparse.Namespace) -> tuple[Reader, list[str]]:
    template = template_from_json(Path(options.template).read_text("utf-8"))
    key = Path(options.key_file).read_bytes().strip() if options.key_file else b""
    roster = _roster(options.roster) if options.roster else {}
    recogniser = None if options.no_handwriting else _recogniser()
    return Reader(template, key, recogniser, roster), list(dict.fromkeys(roster.values()))


def _recogniser() -> Recogniser:
    from zhiwei.engines.scanning.ocr import RapidRecogniser

    return RapidRecogniser(threads=max(1, min(2, os.cpu_count() or 1)))


def _roster(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"code", "number"} <= set(rows.fieldnames or ()):
            raise SheetError(f"{path}: the roster needs the columns code and number")
        roster: dict[str, str] = {}
        for line, row in enumerate(rows, start=2):
            number, code = (row["number"] or "").strip(), (row["code"] or "").strip()
            if not code:
                raise SheetError(f"{path}: row {line}: code is empty")
            if number in roster:
                raise SheetError(f"{path}: row {line}: number '{number}' appears twice")
            roster[number or f"(none {line})"] = code
    return roster


def _read_all(files: Sequence[Path], reader: Reader) -> Iterator[PageResult | FileProblem]:
    for path in files:
        for item in read_pages(path, Limits()):
            yield item if isinstance(item, FileProblem) else read_page(item, reader)


def _without_crops(page: PageResult) -> PageResult:
    """Only what the tray needs, so that a thousand pages take no more memory than one."""
    return PageResult(
        page.file,
        page.member,
        page.number,
        page.work,
        page.pupil,
        page.sheet,
        page.page,
        page.how,
        page.doubts,
        (),
        (),
    )


def _say(options: argparse.Namespace, value: Json, line: str) -> None:
    print(json.dumps(value, ensure_ascii=False) if options.json else line, flush=True)


def _advice_json(found: Advice) -> Json:
    return {"code": found.code, "zh": found.zh, "en": found.en}


def _problem_json(problem: FileProblem) -> Json:
    return {
        "file": problem.file,
        "member": problem.member,
        "scan": problem.number,
        "problem": _advice_json(problem.why),
    }


def _page_json(page: PageResult, *, crops: bool) -> Json:
    return {
        "file": page.file,
        "member": page.member,
        "scan": page.number,
        "work": page.work,
        "pupil": page.pupil,
        "sheet": page.sheet,
        "page": page.page,
        "how": page.how,
        "doubts": list(page.doubts),
        "findings": [_advice_json(found) for found in page.findings],
        "tilt_degrees": page.tilt_degrees,
        "error_mm": page.error_mm,
        "readings": [_reading_json(reading, crops=crops) for reading in page.readings],
    }


def _reading_json(reading: Reading, *, crops: bool) -> Json:
    value: Json = {
        "region": reading.region,
        "question": reading.question,
        "kind": reading.kind,
        "values": list(reading.values),
        "confidence": reading.confidence,
        "unsure": reading.unsure,
        "remark": reading.remark,
    }
    if crops:
        value["crop_png"] = base64.b64encode(reading.crop_png).decode("ascii")
    return value


def _tray_json(tray: Tray, pages: Sequence[PageResult]) -> Json:
    def where(index: str) -> Json:
        page = pages[int(index)]
        return {"file": page.file, "member": page.member, "scan": page.number}

    return {
        "pupils": [
            {
                "pupil": pupil.pupil,
                "pages": [{"page": number, **where(index)} for number, index in pupil.pages],
                "missing": list(pupil.missing),
            }
            for pupil in tray.pupils
        ],
        "unknown": [where(index) for index in tray.unknown],
        "duplicate": [[where(index) for index in group] for group in tray.duplicate],
        "extra": [where(index) for index in tray.extra],
        "doubtful": [where(index) for index in tray.doubtful],
    }


def _problem_line(problem: FileProblem) -> str:
    member = f" › {problem.member}" if problem.member else ""
    page = f" p{problem.number}" if problem.number else ""
    return f"{problem.file}{member}{page}: {problem.why.zh} / {problem.why.en}"


def _page_line(page: PageResult) -> str:
    unsure = sum(reading.unsure for reading in page.readings)
    who = page.pupil or "?"
    words = "; ".join(found.zh for found in page.findings)
    read = f"{len(page.readings)} fields, {unsure} for a person"
    return f"{page.file} {page.member}#{page.number}: {who} page {page.page or '?'}, {read}. {words}".rstrip()


def _tray_line(tray: Tray) -> str:
    complete = sum(not pupil.missing for pupil in tray.pupils)
    return (
        f"{complete} of {len(tray.pupils)} complete; unknown {len(tray.unknown)}, "
        f"duplicate {len(tray.duplicate)}, "
        f"extra {len(tray.extra)}, doubtful {len(tray.doubtful)}"
    )
