"""Files become typed tables; what does not fit keeps its reasons; what is no table is refused in one sentence."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines import intake

SHEET = (
    "学号,姓名,性别,出生日期,成绩\n1,王一,男,2013/9/1,88.5\n2,李二,Ｘ,2013年9月2日,九十\n3,,女,20130903,70\n"
)
FIELDS = [
    intake.Field(0, "学号", required=True),
    intake.Field(1, "姓名", required=True),
    intake.Field(2, "性别", intake.Kind.CODE, codes=intake.code_list("sex")),
    intake.Field(3, "出生日期", intake.Kind.DATE),
    intake.Field(4, "成绩", intake.Kind.NUMBER),
]


def kept(path: Path) -> list[tuple[object, ...]]:
    """The rows of a Parquet file."""
    with duckdb.connect() as database:
        return database.execute(f"select * from '{path}' order by _row").fetchall()


def workbook(rows: list[list[object]]) -> bytes:
    """A workbook of one sheet."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("成绩")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_table_in_the_encodings_schools_use(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(SHEET.replace("Ｘ", "男").encode(encoding))
    reader = intake.open_file(path, "csv")
    assert [one.title for one in reader.columns] == ["学号", "姓名", "性别", "出生日期", "成绩"]
    assert list(reader.rows(after=3)) == [(4, ["3", "", "女", "20130903", "70"])]


def test_rows_that_fit_are_typed_and_the_rest_keeps_its_reasons(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(SHEET + "4,赵四,女,2013-02-30,70,多\n", encoding="utf-8")
    reader = intake.open_file(path, "csv")
    made = intake.convert(reader.rows(), reader.columns, FIELDS, work=tmp_path)
    assert (made.accepted, made.rejected, made.last_row) == (1, 3, 5)
    ((row, number, name, sex, born, score),) = kept(made.accepted_file)
    assert (row, number, name, sex, str(born), score) == (2, "1", "王一", "1", "2013-09-01", 88.5)
    refused = {row[0]: (intake.reasons_of(str(row[1])), row[2:]) for row in kept(made.rejected_file)}
    reason = intake.Reason
    assert refused[3][0] == [("性别", reason.NOT_CODE), ("成绩", reason.NOT_NUMBER)]
    assert refused[4] == ([("姓名", reason.REQUIRED)], ("3", None, "女", "20130903", "70"))
    assert refused[5][0] == [("", reason.CELLS), ("出生日期", reason.NOT_DATE)]
    assert made.reasons[("姓名", reason.REQUIRED)] == 1
    assert not list(tmp_path.glob("*part.csv"))


def test_a_workbook_and_a_parquet_file(tmp_path: Path) -> None:
    book = tmp_path / "t.xlsx"
    book.write_bytes(workbook([["学号", "出生日期", "成绩"], ["01", 41518, 70], ["02", 41519, 71.5]]))
    reader = intake.open_file(book, "xlsx")
    fields = [
        intake.Field(0, "学号"),
        intake.Field(1, "出生日期", intake.Kind.DATE, serial=True),
        intake.Field(2, "成绩", intake.Kind.INTEGER),
    ]
    made = intake.convert(reader.rows(), reader.columns, fields, work=tmp_path)
    assert [(row[1], str(row[2]), row[3]) for row in kept(made.accepted_file)] == [("01", "2013-09-01", 70)]
    assert made.reasons == {("成绩", intake.Reason.NOT_INTEGER): 1}
    again = intake.open_file(made.accepted_file, "parquet")
    assert [one.title for one in again.columns] == ["_row", "学号", "出生日期", "成绩"]
    assert [(row, list(cells)) for row, cells in again.rows()] == [(1, ["2", "01", "2013-09-01", "70"])]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.text(max_size=6), min_size=1, max_size=4), min_size=1, max_size=8))
def test_no_row_is_lost_or_counted_twice(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    work = tmp_path_factory.mktemp("rows")
    columns = intake.titled(["a", "b", "c"])
    fields = [intake.Field(0, "a", required=True), intake.Field(2, "c", intake.Kind.NUMBER)]
    made = intake.convert(enumerate(rows, start=2), columns, fields, work=work)
    assert made.accepted + made.rejected == len(rows)
    numbers = [row[0] for path in (made.accepted_file, made.rejected_file) for row in kept(path)]
    assert sorted(map(int, map(str, numbers))) == list(range(2, len(rows) + 2))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("csv", b"", "空的"),
        ("csv", b'a,b\n1,"2\n', "引号"),
        ("csv", b"a,b\n1,\xff\xfe\xff\n", "编码"),
        ("csv", ("a\n" + "x" * 5000).encode(), "超过 4000 字"),
        ("csv", (",".join("a" * 201) + "\n1").encode(), "200 列"),
        ("xlsx", b"PK\x03\x04 no workbook", "损坏"),
        ("xlsx", b"not even a zip", "损坏"),
        ("parquet", b"PAR1 nothing PAR1", "损坏"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    path = tmp_path / f"t.{name}"
    path.write_bytes(content)
    with pytest.raises(intake.IntakeError, match=told):
        list(intake.open_file(path, name).rows())


def test_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(SHEET, encoding="utf-8")
    with pytest.raises(intake.IntakeError, match="上限"):
        intake.open_file(path, "csv", limits=intake.Limits(file_bytes=10))
    few = intake.Limits(rows=2)
    with pytest.raises(intake.IntakeError, match="2 行"):
        list(intake.open_file(path, "csv", limits=few).rows())


def test_columns_are_known_by_name_alias_and_cells() -> None:
    columns = intake.titled(["XM", "性别", "证件", "tel.", "出生年月日", "总分", "0 开头", "校名称"])
    cells = [
        "王一", "男", "11010519491231002X", "13800138000", "2013-09-01", "88", "007", "一中",
    ]  # fmt: skip
    found = intake.suggest(columns, [cells, cells])
    assert [(one.element, one.why) for one in found] == [
        ("姓名", "alias"), ("性别", "name"), ("身份证件号", "cells"), ("联系电话", "alias"), ("出生日期", "alias"),
        ("成绩", "alias"), ("", ""), ("学校名称", "like"),
    ]  # fmt: skip
    assert [one.kind for one in found[1:6]] == [
        intake.Kind.CODE, intake.Kind.TEXT, intake.Kind.TEXT, intake.Kind.DATE, intake.Kind.NUMBER,
    ]  # fmt: skip
    assert (found[2].level, found[6].kind) == (4, intake.Kind.TEXT)


def test_an_element_is_suggested_once_and_kinds_follow_the_cells() -> None:
    found = intake.suggest(intake.titled(["姓名", "学生姓名", "成绩"]), [["a", "b", "优"]])
    assert [one.element for one in found] == ["姓名", "", "成绩"]
    assert found[2].kind is intake.Kind.TEXT


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [intake.Field(0, "a"), intake.Field(1, "A")],
        [intake.Field(9, "a")],
        [intake.Field(0, "_row")],
        [intake.Field(0, " ")],
    ],
)
def test_fields_that_cannot_be_together_are_refused(fields: list[intake.Field]) -> None:
    with pytest.raises(intake.IntakeError):
        intake.check_fields(fields, 2)


def test_code_lists_are_those_of_the_standards() -> None:
    nations = intake.code_list("nation")
    assert (nations["汉族"], nations["壮"], nations["基诺族"], nations["8"]) == ("01", "08", "56", "08")
    assert len(set(nations.values())) == 56
    assert intake.code_list("politics")["群众"] == "13"
