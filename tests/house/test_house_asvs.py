"""The table of ASVS requirements is complete, and every file it names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
STATES = {"met", "partly", "not met", "operator", "n/a"}
PER_CHAPTER = {
    1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7, 10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16,
    17: 7,
}  # fmt: skip
"""How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has."""


def rows() -> list[list[str]]:
    """Return the cells of the table."""
    lines = (ROOT / "docs/asvs.md").read_text("utf-8").splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [cells for cells in table if re.match(r"\d", cells[0])]


def numbers(cell: str) -> list[str]:
    """Return the requirements a cell names; ``4.4.1–4`` stands for four."""
    found = []
    for one in cell.split(", "):
        head, _dash, last = one.partition("–")
        section, first = head.rsplit(".", 1)
        found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def test_every_requirement_is_answered_once() -> None:
    named = [number for cells in rows() for number in numbers(cells[0])]
    assert len(named) == len(set(named))
    per_chapter = {chapter: sum(one.startswith(f"{chapter}.") for one in named) for chapter in PER_CHAPTER}
    assert per_chapter == PER_CHAPTER


def test_every_answer_has_a_state_and_says_how() -> None:
    for cells in rows():
        assert len(cells) == 4 and cells[1] in STATES and cells[2], cells


def test_every_file_named_is_there() -> None:
    for cells in rows():
        for name in re.findall(r"`([^`]+)`", cells[3]):
            assert (ROOT / name).exists(), name


def test_a_requirement_that_counts_as_met_names_a_file_unless_nothing_is_needed() -> None:
    bare = {one for cells in rows() if cells[1] == "met" and not cells[3] for one in numbers(cells[0])}
    assert bare <= {"6.4.2", "13.2.3"}
