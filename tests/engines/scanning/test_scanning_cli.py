from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from tests.engines.scanning.conftest import KEY, Scanned

from zhiwei.engines.scanning import template_to_json
from zhiwei.engines.scanning.cli import main


@pytest.fixture
def folder(tmp_path: Path, scanned: Scanned) -> Path:
    (tmp_path / "t.json").write_text(template_to_json(scanned.template), "utf-8")
    (tmp_path / "key").write_bytes(KEY)
    (tmp_path / "roster.csv").write_text("code,number\nP1,20260001\nP2,20260002\n", "utf-8")
    Image.fromarray(scanned.filled.pixels).save(tmp_path / "one.png")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    return tmp_path


def arguments(folder: Path, *more: str) -> list[str]:
    return [
        *("--template", str(folder / "t.json"), "--key-file", str(folder / "key")),
        *("--roster", str(folder / "roster.csv"), "--no-handwriting", *more),
    ]


def test_scan_reports_pages_problems_and_the_board(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main([str(folder / "one.png"), str(folder / "bad.pdf"), *arguments(folder, "--json", "--crops")]) == 1
    )
    page, problem, last = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert page["pupil"] == "P1" and page["page"] == 1 and all(r["crop_png"] for r in page["readings"])
    assert problem["problem"]["code"] == "broken"
    first, second = last["tray"]["pupils"]
    assert first["pages"][0]["file"].endswith("one.png") and 1 not in first["missing"]
    assert 1 in second["missing"]


def test_scan_in_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder / "one.png"), *arguments(folder)]) == 0
    assert "P1 page 1" in capsys.readouterr().out


def test_a_wrong_template_or_roster_is_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "t.json").write_text("{}", "utf-8")
    assert main([str(folder / "one.png"), *arguments(folder)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["x.png", "--template", str(folder / "absent.json")]) == 2


def test_a_roster_without_its_columns_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "roster.csv").write_text("name\n甲\n", "utf-8")
    assert main([str(folder / "one.png"), *arguments(folder)]) == 2
    assert "columns code and number" in capsys.readouterr().err
