"""The descriptions hold to their published rules: Croissant loads the records, Frictionless finds no fault."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from zhiwei.data.rules.shape import ANSWERS, ITEMS, TABLES
from zhiwei.data.services.tables_out import parquet_from
from zhiwei.engines import corpora

ABOUT = corpora.Description(
    name="corpus-1", title="语料", text="测试用。", version="1.0.0", licence="pilot-training", published="2026-10-12",
    creator="甲校", keywords=("physics",),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small version with both descriptions."""
    items = [_item(n) for n in range(2)]
    answers = [_answer(n) for n in range(6)]
    for table, rows in ((ITEMS, items), (ANSWERS, answers)):
        (tmp_path / table.jsonl).write_text("".join(corpora.record_line(one) + "\n" for one in rows))
        parquet_from(tmp_path / table.jsonl, tmp_path / table.parquet, table)
    files = [
        corpora.File(one.name, hashlib.sha256(one.read_bytes()).hexdigest(), one.stat().st_size, "x/y")
        for one in sorted(tmp_path.iterdir())
        if one.is_file()
    ]
    (tmp_path / "croissant.json").write_text(json.dumps(corpora.croissant(ABOUT, TABLES, files)))
    (tmp_path / "datapackage.json").write_text(json.dumps(corpora.frictionless(ABOUT, TABLES, files)))
    return tmp_path


def _item(n: int) -> dict[str, object]:
    content = {"stem": "题", "rubric": [{"id": "a", "score": 4}]}
    return {
        "item_id": f"i{n}", "subject": "physics", "stage": "junior", "type": "short_answer", "max_score": 4.0,
        "stem": "题", "content": corpora.record_line(content),
    }  # fmt: skip


def _answer(n: int) -> dict[str, object]:
    marks = [{"marker": "m1", "kind": "teacher", "score": 3.0}]
    return {
        "answer_id": f"a{n}", "item_id": f"i{n % 2}", "pupil_id": "p1", "school": "学校1", "grade": "8",
        "month": "2026-10", "scene": "homework", "split": "train", "band": "middle", "text": "答\n二", "image": None,
        "score": 3.0, "max_score": 4.0, "marks": corpora.record_line(marks),
    }  # fmt: skip


def test_croissant_is_valid_and_its_records_can_be_read(folder: Path) -> None:
    croissant = pytest.importorskip("mlcroissant")
    dataset = croissant.Dataset(jsonld=folder / "croissant.json")
    assert not dataset.metadata.ctx.issues.errors
    rows = list(dataset.records(record_set="answers"))
    assert len(rows) == 6
    assert rows[0]["answers/text"].decode() == "答\n二"


def test_frictionless_finds_no_fault_in_the_package(folder: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    report = _tables(frictionless, folder).validate()
    assert report.valid, report.flatten(["name", "type", "note"])
    broken = json.loads((folder / "answers.jsonl").read_text().splitlines()[0]) | {"item_id": "none"}
    (folder / "answers.jsonl").write_text(json.dumps(broken) + "\n")
    assert not _tables(frictionless, folder).validate().valid


def _tables(frictionless: Any, folder: Path) -> Any:
    """The package without its Parquet files, for which its validator needs further libraries."""
    package = frictionless.Package(str(folder / "datapackage.json"))
    for one in [*package.resources]:
        if one.path.endswith(".parquet"):
            package.remove_resource(one.name)
    return package


def test_parquet_holds_the_same_records(folder: Path) -> None:
    import duckdb

    rows = duckdb.sql(f"select answer_id, marks, image from '{folder / 'answers.parquet'}'").fetchall()
    assert [one[0] for one in rows] == [f"a{n}" for n in range(6)]
    assert json.loads(rows[0][1])[0]["score"] == 3.0
    assert rows[0][2] is None
