"""``zhiwei trace`` on logs of every shape."""

import csv
from pathlib import Path

import numpy as np
import pytest

from zhiwei.engines.tracing.cli import main
from zhiwei.engines.tracing.columns import read_score, read_skills, read_time


def _predict(tmp_path: Path, text: str, *more: str) -> list[dict[str, str]]:
    (tmp_path / "log.csv").write_text(text, encoding="utf-8")
    out = tmp_path / "out.csv"
    assert main([str(tmp_path / "log.csv"), "--predict", str(out), *more]) == 0
    with out.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _simulated(pupils: int, each: int, seed: int, names: str) -> str:
    rng = np.random.default_rng(seed)
    lines = ["user_id,item_id,correct,timestamp,skills"]
    for u in range(pupils):
        ability = rng.normal(0, 1.5)
        for n in range(each):
            item = int(rng.integers(0, 30))
            right = rng.random() < 1 / (1 + np.exp(-(ability + (item - 15) / 6)))
            lines.append(f"{names}{u},q{item},{int(right)},{n * 60},{item % 3}_{item % 5 + 3}")
    return "\n".join(lines) + "\n"


def test_a_prediction_never_looks_ahead(tmp_path: Path) -> None:
    text = _simulated(30, 40, 1, "u")
    lines = text.splitlines()
    at = 700
    cells = lines[at].split(",")
    cells[2] = str(1 - int(cells[2]))
    turned = "\n".join([*lines[:at], ",".join(cells), *lines[at + 1 :]])
    one, two = _predict(tmp_path, text), _predict(tmp_path, turned)
    same = [a["probability"] == b["probability"] for a, b in zip(one, two, strict=True)]
    assert all(same[:at]) and not all(same[at:])


def test_training_on_other_pupils_helps_from_the_first_row(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text(_simulated(80, 40, 2, "a"), encoding="utf-8")
    text = _simulated(20, 30, 3, "b")
    alone = _predict(tmp_path, text)
    taught = _predict(tmp_path, text, "--train", str(tmp_path / "train.csv"))

    def loss(rows: list[dict[str, str]]) -> float:
        p = np.array([float(r["probability"]) for r in rows])
        y = np.array([float(r["correct"]) for r in rows])
        return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))

    assert loss(taught) < loss(alone) - 0.01
    assert [r["user_id"] for r in taught] == [line.split(",")[0] for line in text.splitlines()[1:]]


def test_tabs_other_names_and_no_skills_will_do(tmp_path: Path) -> None:
    rows = _predict(tmp_path, "student_id\tproblem_id\tscore\nx\t1\t1\nx\t2\t0.5\ny\t1\t0\n")
    assert len(rows) == 3 and all(0 < float(r["probability"]) < 1 for r in rows)


def test_broken_rows_are_named_predicted_and_not_learned_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = "user_id,item_id,correct\na,1,1\na,1,1\n"
    broken = "user_id,item_id,correct\na,1,1\na,2,maybe\n,3,1\na\na,1,1\n"
    rows = _predict(tmp_path, broken)
    told = capsys.readouterr().err
    assert "row 3: correct 'maybe'" in told and "row 4: user_id is empty" in told and "row 5: 1 cells" in told
    assert rows[-1]["probability"] == _predict(tmp_path, good)[-1]["probability"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no column user_id"),
        ("user_id,correct\n1,1\n", "item_id"),
        ("user_id,item_id,correct\n1,2,9\n", "broken"),
    ],
)
def test_a_log_that_cannot_be_used_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, why: str
) -> None:
    (tmp_path / "log.csv").write_text(text, encoding="utf-8")
    assert main([str(tmp_path / "log.csv"), "--predict", str(tmp_path / "out.csv")]) == 2
    assert why in capsys.readouterr().err


def test_a_qmatrix_of_either_kind_says_which_points(tmp_path: Path) -> None:
    log = "user_id,item_id,correct\n" + "".join(f"u,{n % 3},1\n" for n in range(9)) + "u,2,1\n"
    (tmp_path / "q.csv").write_text("item_id,skills\n0,7\n1,7;8\n2,9\n", encoding="utf-8")
    np.savez(tmp_path / "q.npz", dense=np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]]))
    np.savez(
        tmp_path / "s.npz",
        indptr=[0, 1, 3, 4],
        indices=[0, 0, 1, 2],
        data=np.ones(4),
        shape=[3, 3],
        format=b"csr",
    )
    plain = _predict(tmp_path, log)
    told = [_predict(tmp_path, log, "--qmatrix", str(tmp_path / f"q.{kind}")) for kind in ("csv", "npz")]
    assert told[0] == told[1] == _predict(tmp_path, log, "--qmatrix", str(tmp_path / "s.npz")) != plain


def test_a_qmatrix_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.npz").write_bytes(b"not a zip")
    (tmp_path / "log.csv").write_text("user_id,item_id,correct\n1,2,1\n", encoding="utf-8")
    out = str(tmp_path / "out.csv")
    assert main([str(tmp_path / "log.csv"), "--predict", out, "--qmatrix", str(tmp_path / "q.npz")]) == 2
    assert "q.npz" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("12_45", ("12", "45")), ("add_fractions", ("add_fractions",)), ("a~~b", ("a", "b")),
        ("a; b;a", ("a", "b")),
        ("['x', 'y z']", ("x", "y z")), ("[]", ()), ("", ()), ("nan", ()),
        ("7", ("7",)), ("{1, 2}", ("1", "2")),
    ],
)  # fmt: skip
def test_skill_cells(cell: str, names: tuple[str, ...]) -> None:
    assert read_skills(cell) == names


def test_times_and_scores_are_read_in_the_forms_logs_use() -> None:
    assert read_time("2024-03-01 08:00:00") == read_time("2024/03/01 08:00:00+00:00") == 1709280000.0
    assert read_time("1709280000000") == 1709280000.0
    assert np.isnan(read_time("soon")) and np.isnan(read_time("inf"))
    assert (read_score("1.0"), read_score("False"), read_score("0.25")) == (1.0, 0.0, 0.25)
    assert np.isnan(read_score("2")) and np.isnan(read_score("nan"))
