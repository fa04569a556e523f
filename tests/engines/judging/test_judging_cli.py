"""``zhiwei judge`` from files to lines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zhiwei.engines.judging import judgement_from_json
from zhiwei.engines.judging.cli import main
from zhiwei.engines.judging.records import parse_json

BLANK = {"type": "blank", "max_score": 1}


@pytest.fixture
def files(tmp_path):
    def write(item: object, responses: list[object], marked: list[object] | None = None) -> list[str]:
        arguments = []
        for name, content in (
            ("item.json", [item]),
            ("responses.jsonl", responses),
            ("marked.jsonl", marked),
        ):
            if content is not None:
                lines = [line if isinstance(line, str) else json.dumps(line) for line in content]
                (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
                arguments += ["--marked"] * (name == "marked.jsonl") + [str(tmp_path / name)]
        return arguments

    return write


def test_one_judgement_a_line_in_order(files, capsys):
    item = {"type": "numeric", "max_score": 2, "reference_answers": ["5 m"]}
    responses = [{"id": "a", "text": "5米"}, {"id": 7, "value": 5}, "", {"id": "\ud800", "text": "\ud800"}]
    assert main([*files(item, responses), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["id"], line["score"]) for line in lines] == [("a", 2), ("7", 1), ("\ud800", 0)]
    needed = {"id", "score", "max_score", "confidence", "defer", "points", "evidence", "reasons", "flags"}
    assert all(needed <= set(line) for line in lines)
    assert judgement_from_json(lines[0]).evidence[0].text == "5米"


def test_marks_alone_are_enough(files, capsys):
    marked = [{"id": 1, "text": "氧气", "score": 2}, {"id": 2, "text": "空气", "score": 1}]
    item = {"type": "blank", "max_score": 2}
    assert main(files(item, [{"id": "a", "text": "氧氣"}, {"id": "b", "text": "空 气"}], marked)) == 0
    assert [json.loads(line)["score"] for line in capsys.readouterr().out.splitlines()] == [2, 1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (("{", []), "item.json: not JSON"),
        (({"type": "blank"}, []), "item.json: max_score: is missing"),
        ((BLANK, [{"text": "a"}]), "responses.jsonl: line 1: id: is missing"),
        ((BLANK, [{"id": 1, "text": "a"}, "[1"]), "responses.jsonl: line 2: not JSON"),
        ((BLANK, ["NaN"]), "NaN is not a JSON number"),
        ((BLANK, ["[" * 200_000]), "line 1: not JSON"),
        ((BLANK, [], [{"id": 1, "score": 3}]), "marked.jsonl: line 1: score: 3 is not"),
    ],
)
def test_wrong_input_is_one_sentence_and_status_2(files, capsys, content, words):
    assert main(files(*content)) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_missing_files_and_bad_bytes(files, capsys, tmp_path):
    assert main([str(tmp_path / "none.json"), str(tmp_path / "none.jsonl")]) == 2
    assert "none.json: cannot be read" in capsys.readouterr().err
    assert parse_json(b"\xef\xbb\xbf{}", "x") == {}
    with pytest.raises(ValueError, match="not UTF-8 at byte 1"):
        parse_json(b'"\xff"', "x")


def test_risk_of_releasing_is_printed_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    item, responses, marked = (tmp_path / name for name in ("i.json", "r.jsonl", "m.jsonl"))
    item.write_text(json.dumps({"type": "blank", "max_score": 1, "reference_answers": [["氧气"]]}), "utf-8")
    responses.write_text('{"id": "1", "text": "氧气"}\n', "utf-8")
    answers = [("氧气", 1), ("氮气", 0), ("氧", 1), ("水", 0), ("氧气", 1), ("氢气", 0)]
    lines = [json.dumps({"id": str(n), "text": t, "score": s}) for n, (t, s) in enumerate(answers)]
    marked.write_text("\n".join(lines), "utf-8")
    assert main([str(item), str(responses), "--marked", str(marked), "--risk", "--json"]) == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert "coverage" in err
    assert len(err.splitlines()) <= 11
    assert main([str(item), str(responses), "--risk"]) == 2
    assert "at least 5 marked" in capsys.readouterr().err
