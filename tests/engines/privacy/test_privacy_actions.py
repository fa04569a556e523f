"""Replacements, pseudonyms, files, pages and the command."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from zhiwei.engines.privacy import Pseudonyms, TextRegion, apply_actions, detect, redact_page, replace_value
from zhiwei.engines.privacy.cli import deidentify
from zhiwei.engines.privacy.files import UnreadableFileError, decode, read_text

KEY = b"0123456789abcdef"
TEXT = "姓名：欧阳静姝，生于2011年3月17日，手机13857160432，班级：八年级（3）班。"


def test_replacements_leave_the_rest_untouched() -> None:
    result = apply_actions(TEXT, detect(TEXT), Pseudonyms(KEY))
    assert "欧阳静姝" not in result.text
    assert "13857160432" not in result.text
    assert "138********" in result.text
    assert "2011年，" in result.text
    assert result.text.endswith("八年级。")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("杭州市西湖区文三路478号", "杭州市"),
        ("浙江省杭州市西湖区文三路478号", "浙江省杭州市"),
        ("河南省固始县张洼组12号", "河南省"),
        ("文三路478号", ""),
    ],
)
def test_an_address_keeps_its_city_at_most(address: str, kept: str) -> None:
    assert replace_value("address", address, "generalise", Pseudonyms(KEY)) == f"{kept}【地址】"


def test_pseudonyms_hold_within_a_release_and_break_across() -> None:
    one, same, other = Pseudonyms(KEY), Pseudonyms(KEY), Pseudonyms(b"another key 1234")
    names = ["张三", "李四", "王梓轩", "欧阳静姝"]
    assert [one.name_for(n) for n in names] == [same.name_for(n) for n in names]
    assert [one.name_for(n) for n in names] != [other.name_for(n) for n in names]
    assert one.name_for("乐 天") == one.name_for("乐天")


def test_distinct_names_never_share_a_pseudonym() -> None:
    book = Pseudonyms(KEY)
    assert len({book.name_for(f"甲{number}") for number in range(3000)}) == 3000


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        Pseudonyms(b"short")


@settings(max_examples=40, deadline=None)
@given(st.dates(min_value=__import__("datetime").date(1990, 1, 1)), st.text(max_size=6))
def test_dates_of_one_person_keep_their_distance(day: object, person: str) -> None:
    from datetime import date, timedelta

    assert isinstance(day, date)
    if day.year > 2090:
        return
    book = Pseudonyms(KEY).for_person(person)
    later = day + timedelta(days=30)
    moved, moved_later = (date.fromisoformat(str(book.shift_date(d.isoformat()))) for d in (day, later))
    assert moved_later - moved == timedelta(days=30)
    assert 1 <= abs((moved - day).days) <= 180


def test_an_unknown_action_is_refused() -> None:
    with pytest.raises(ValueError, match="no class and action"):
        apply_actions("", (), Pseudonyms(KEY), {"name": "burn"})


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_are_told_apart(codec: str) -> None:
    assert decode(f"{TEXT}, plain ascii too\n".encode(codec), "x") == f"{TEXT}, plain ascii too\n"


def test_damaged_files_give_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "x.docx"
    broken.write_bytes(b"PK nothing")
    with pytest.raises(UnreadableFileError, match=r"x\.docx: damaged"):
        read_text(broken)


def test_a_page_loses_its_name_and_its_metadata() -> None:
    page = Image.new("RGB", (400, 100), "white")
    exif = Image.Exif()
    exif[0x010E] = "杭州市"
    raw = BytesIO()
    page.save(raw, "JPEG", exif=exif)
    lines = [TextRegion("姓名：王梓轩", (10, 10, 190, 40)), TextRegion("解：x=5", (10, 50, 190, 80))]
    result = redact_page(raw.getvalue(), lambda _: lines, boxes=[(300, 5, 390, 95)])
    clean = Image.open(BytesIO(result.png)).convert("RGB")
    assert not clean.getexif()
    assert clean.getpixel((150, 25)) == (0, 0, 0)
    assert clean.getpixel((350, 50)) == (0, 0, 0)
    assert clean.getpixel((100, 65)) != (0, 0, 0)


def test_the_command_reads_columns_and_keeps_offsets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "t.csv"
    text = '姓名,得分,联系电话\n"木,子",92,13857160432\n高兴,88,无\n'
    table.write_bytes(text.encode("gb18030"))
    key = tmp_path / "key"
    key.write_bytes(KEY)
    assert deidentify([str(table), "--json", "--key-file", str(key), "--actions", "name=remove"]) == 0
    result = json.loads(capsys.readouterr().out)
    values = [(s["class"], text[s["start"] : s["end"]], s["replacement"]) for s in result["spans"]]
    assert ("name", "木,子", "【姓名】") in values
    assert ("name", "高兴", "【姓名】") in values
    assert [kind for kind, *_ in values].count("mobile") == 1
    assert result["text"].splitlines()[2] == "【姓名】,88,无"


def test_json_keys_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"姓名": "高兴", "score": 3}\n', encoding="utf-8")
    assert deidentify([str(file), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert [s["class"] for s in result["spans"]] == ["name"]
    assert json.loads(result["text"])["score"] == 3


def test_a_missing_file_exits_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert deidentify([str(tmp_path / "none.txt")]) == 2
    assert "none.txt" in capsys.readouterr().err
