"""Rosters read as they are; hostile and broken files refused with their place."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiwei.engines import rosters
from zhiwei.engines.rosters import Entry, Limits, Problem, RosterFormat, UnusableRosterError
from zhiwei.engines.rosters import cells as cell_values
from zhiwei.engines.rosters.text import encoding_of

TODAY = date(2026, 10, 12)
HEAD = ["学号", "姓名", "性别", "出生日期", "年级", "班级", "监护人姓名", "监护人手机"]
GOOD = ["0101", "王小明", "男", "2013-03-04", "八年级", "1班", "王大明", "13800000000"]


def sheet(*rows: Iterable[object], title: str = "学生", head: Iterable[object] = HEAD) -> openpyxl.Workbook:
    """Return a workbook of one sheet with headings and rows."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = title
    page.append(list(head))
    for row in rows:
        page.append(list(row))
    return book


def content(book: openpyxl.Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def lines(
    data: bytes, name: str = "x.csv", limits: Limits | None = None, school: str = "甲校"
) -> list[Entry | Problem]:
    found = rosters.open_roster(BytesIO(data), name=name, school=school, today=TODAY, limits=limits)
    return list(found.lines())


def codes(found: list[Entry | Problem]) -> list[tuple[str, int, str]]:
    return [(one.code, one.row, one.field) for one in found if isinstance(one, Problem)]


def refused(data: bytes, limits: Limits | None = None) -> Problem:
    with pytest.raises(UnusableRosterError) as caught:
        lines(data, limits=limits)
    return caught.value.problem


def package(members: dict[str, str | bytes], **extra: object) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in members.items():
            made.writestr(name, text)
    return out.getvalue()


def test_the_template_is_read_back_without_its_line_of_advice() -> None:
    book = openpyxl.load_workbook(BytesIO(rosters.template_xlsx()))
    book["学生"].append(
        ["0101", None, "王小明", "女", "2013/3/4", "初二", 3, "王大明", "母亲", "13800000000"]
    )
    book["教职工"].append(["T1", "张 老师", None, None, "数学", "八年级1班、八年级2班", "八年级1班", "是"])
    pupil, teacher = lines(content(book))
    assert isinstance(pupil, Entry) and isinstance(teacher, Entry)
    assert (pupil.number, pupil.sex, pupil.birth_on) == ("0101", "2", date(2013, 3, 4))
    assert pupil.posts[0].place is not None and pupil.posts[0].place.name == "八年级3班"
    assert pupil.guardians[0].relation == "母亲"
    assert [(post.role, post.subject) for post in teacher.posts] == [
        ("teacher", "math"), ("teacher", "math"), ("class_teacher", ""), ("subject_lead", "math"),
    ]  # fmt: skip
    assert teacher.name == "张老师"


def test_every_problem_is_told_at_once_with_row_and_column() -> None:
    found = lines(
        content(
            sheet(
                GOOD,
                [1.2e18, "李小红", "男", None, "八年级", "1班"],
                ["0103", "", "中", "2013-13-40", "百年级", "1班", "李某", "abc"],
                ["0101", "赵六", "男", "2030-01-01", "八年级", ""],
                [104, "钱七", "男", None, "八年级", "2"],
            )
        )
    )
    assert [one.name for one in found if isinstance(one, Entry)] == ["王小明", "钱七"]
    assert codes(found) == [
        ("number_precision", 3, "学号"), ("empty", 4, "姓名"), ("grade", 4, "年级"), ("date", 4, "出生日期"),
        ("phone", 4, "监护人手机"), ("sex", 4, "性别"), ("twice", 5, "学号"), ("empty", 5, "班级"),
        ("date_range", 5, "出生日期"), ("leading_zeros", 6, "学号"),
    ]  # fmt: skip


def test_dates_as_serials_of_both_calendars() -> None:
    book = sheet([*GOOD[:3], 41337, *GOOD[4:]])
    assert lines(content(book))[0].birth_on == date(2013, 3, 4)  # type: ignore[union-attr]
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.worksheets[0]["D2"] = 41337 - 1462
    assert lines(content(book))[0].birth_on == date(2013, 3, 4)  # type: ignore[union-attr]


def test_formulas_and_merged_cells_are_named_by_their_cell() -> None:
    book = sheet(GOOD, ["0102", '=CONCATENATE("李","四")', *GOOD[2:]])
    book.worksheets[0].merge_cells("F2:F3")
    found = codes(lines(content(book)))
    assert ("formula", 3, "姓名") in found and ("merged", 2, "F2") in found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_in_any_usual_encoding(encoding: str, delimiter: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in (HEAD, GOOD, ["0102", "镕䶮", *GOOD[2:]]))
    found = lines(text.encode(encoding), "甲.csv")
    assert [one.name for one in found if isinstance(one, Entry)] == ["王小明", "镕䶮"]
    assert all(one.number.startswith("010") for one in found if isinstance(one, Entry))


def test_bytes_of_no_encoding_are_refused_with_their_row() -> None:
    broken = "学号,姓名,班级\n01,王,1班\n".encode() + b"02,\xff\xfe\xff,1\n"
    assert (refused(broken).code, refused(broken).row) == ("encoding", 3)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_never_a_crash(data: bytes) -> None:
    try:
        lines(data)
    except UnusableRosterError as error:
        assert error.problem.code


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5000), st.integers(1, 400), st.integers(0, 255))
def test_a_workbook_with_any_damage_is_read_or_refused(place: int, length: int, byte: int) -> None:
    data = bytearray(content(sheet(GOOD)))
    start = place % len(data)
    data[start : start + length] = bytes([byte]) * len(data[start : start + length])
    try:
        lines(bytes(data))
    except UnusableRosterError as error:
        assert error.problem.code


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(1930, 1, 1), TODAY),
    st.sampled_from(["{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}"]),
)
def test_a_day_is_the_same_in_every_spelling(day: date, spelling: str) -> None:
    assert cell_values.date_of(spelling.format(day), today=TODAY) == day
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)
    assert cell_values.date_of(str(serial), today=TODAY) == day


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 10**15 - 1))
def test_whole_numbers_keep_their_digits_or_are_refused(number: int) -> None:
    assert cell_values.number_of(str(number), numeric=True) == str(number)
    with pytest.raises(cell_values.UnusableValueError):
        cell_values.number_of(str(number * 10**6 + 10**15), numeric=True)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_an_encoding_is_found_under_which_the_text_reads(text: str, encoding: str) -> None:
    clean = text.encode("utf-8", "ignore").decode("utf-8").replace("\x00", "")
    data = ("学号,姓名\n" + clean).encode(encoding)
    assert data.decode(encoding_of(data)).lstrip("\ufeff").startswith("学号,姓名\n")


def test_zip_bombs_and_other_packages_that_must_not_be_opened() -> None:
    manifest = "propertyName,value\noneroster.version,1.2\n"
    bomb = package({"manifest.csv": manifest, "users.csv": b"0" * 50_000_000})
    assert refused(bomb).code == "zip_bomb"
    assert refused(package({"../users.csv": "x"})).code == "zip_traversal"
    assert refused(package({"/etc/users.csv": "x"})).code == "zip_traversal"
    assert refused(package({"C:\\users.csv": "x"})).code == "zip_traversal"
    assert refused(package({"inner.zip": package({"a": "b"})})).code == "zip_nested"
    assert refused(package({f"{n}.csv": "x" for n in range(30)}), Limits(members=20)).code == "zip_members"
    link = zipfile.ZipInfo("users.csv")
    link.external_attr = 0o120777 << 16
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(link, "/etc/passwd")
    assert refused(out.getvalue()).code == "zip_link"
    assert refused(b"PK\x03\x04" + b"\x00" * 50).code == "zip_damaged"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600).code == "old_xls"
    assert refused(b"").code == "file_empty"
    assert refused(b"a" * 2000, Limits(file_bytes=1000)).code == "file_too_large"
    assert refused(package({"a.txt": "x"})).code == "manifest_missing"


def test_a_directory_that_lies_about_sizes_is_caught() -> None:
    data = bytearray(package({"manifest.csv": "propertyName,value\n" + "x,y\n" * 3000}))
    central = data.rfind(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    assert refused(bytes(data)).code in {"zip_damaged", "zip_bomb", "manifest_version"}


def test_entities_in_a_workbook_are_refused() -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'
    assert refused(package({"xl/workbook.xml": evil})).code == "xml_entities"


def test_too_many_rows_and_columns_stop_reading() -> None:
    many = ("学号,姓名,班级\n" + "".join(f"{n},王,1班\n" for n in range(300))).encode()
    assert refused(many, Limits(rows=100)).code == "too_many_rows"
    book = sheet(GOOD)
    book.worksheets[0].cell(1_048_576, 1, "x")
    assert refused(content(book)).code == "too_many_rows"
    wide = sheet(GOOD)
    wide.worksheets[0].cell(2, 16_384, "x")
    assert refused(content(wide)).code == "too_many_columns"
    assert refused(("学号,姓名,班级\n1," + "王" * 3000 + ",1班\n").encode()).code == "cell_too_long"


def test_headings_missing_or_twice() -> None:
    assert codes(lines("学号,性别\n1,男\n".encode())) == [
        ("heading_missing", 1, "姓名"),
        ("heading_missing", 1, "班级"),
    ]
    assert codes(lines("学号,姓名,姓名,班级\n1,王,王,1班\n".encode())) == [("heading_twice", 1, "姓名")]
    assert codes(lines(b"a,b\n1,2\n")) == [("headings", 0, "")]


ONE = {
    "manifest.csv": "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\nfile.users,bulk\n",
    "orgs.csv": (
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\nd1,,,县,district,,\n"
        "s1,,,甲校,school,JX,d1\n"
    ),
    "courses.csv": "sourcedId,title,subjects\nk1,八年级数学,数学\n",
    "academicSessions.csv": (
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear\n"
        "t1,,,秋,semester,2026-09-01,2027-01-20,,2026\n"
    ),
    "classes.csv": (
        "sourcedId,title,grades,courseSourcedId,classType,schoolSourcedId,termSourcedIds\n"
        "c1,八年级1班,08,,homeroom,s1,t1\nc2,八年级1班数学,08,k1,scheduled,s1,t1\n"
    ),
    "users.csv": (
        "sourcedId,status,enabledUser,username,givenName,familyName,identifier,sms,agentSourcedIds\n"
        "u1,,true,a,小明,王,0101,,g1\nu2,,true,b,Ada,Young,T1,13900000000,\ng1,,true,c,大明,王,,13800000000,\n"
        "u9,tobedeleted,true,d,走了,王,0109,,\n"
    ),
    "roles.csv": (
        "sourcedId,userSourcedId,roleType,role,orgSourcedId\nr1,u1,primary,student,s1\nr2,u2,primary,teacher,s1\n"
        "r3,g1,primary,parent,s1\n"
    ),
    "enrollments.csv": (
        "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n"
        "e1,c1,s1,u1,student,,,\ne2,c2,s1,u1,student,,,\ne3,c2,s1,u2,teacher,true,2026-09-02,\ne4,c1,s1,u2,teacher,true,,\n"
    ),
    "demographics.csv": "sourcedId,status,dateLastModified,birthDate,sex\nu1,,,2013-03-04,male\n",
}  # fmt: skip


def test_a_oneroster_package_is_joined() -> None:
    found = rosters.open_roster(BytesIO(package(dict(ONE))), school="甲校", today=TODAY)
    assert found.format is RosterFormat.ONEROSTER_12
    pupil, teacher = (one for one in found.lines() if isinstance(one, Entry))
    assert (pupil.name, pupil.source_key, pupil.number, pupil.sex) == ("王小明", "u1", "0101", "1")
    assert pupil.birth_on == date(2013, 3, 4)
    assert [post.place.name for post in pupil.posts if post.place] == ["八年级1班", "八年级1班数学"]
    assert pupil.posts[0].starts_on == date(2026, 9, 1)
    assert pupil.guardians[0].name == "王大明" and pupil.guardians[0].phone == "13800000000"
    assert teacher.name == "Ada Young"
    assert {(post.role, post.subject) for post in teacher.posts} == {
        ("teacher", "math"),
        ("class_teacher", ""),
    }


def test_version_1_1_keeps_roles_with_users_and_may_have_a_folder() -> None:
    old = {f"export/{name}": text for name, text in ONE.items() if name not in {"roles.csv"}}
    old["export/manifest.csv"] = ONE["manifest.csv"].replace("1.2", "1.1")
    old["export/users.csv"] = (
        "sourcedId,givenName,familyName,identifier,role,agentSourcedIds,sms\n"
        "u1,小明,王,0101,student,g1,\nu2,Ada,Young,T1,teacher,,\ng1,大明,王,,guardian,,13800000000\n"
    )
    found = rosters.open_roster(BytesIO(package(dict(old))), school="甲校", today=TODAY)
    assert found.format is RosterFormat.ONEROSTER_11
    assert [one.kind for one in found.lines() if isinstance(one, Entry)] == ["pupil", "staff"]


@pytest.mark.parametrize(
    ("table", "old", "new", "code"),
    [
        ("orgs.csv", "d1,,,县,district,,", "d1,,,县,district,,s1", "cycle"),
        ("users.csv", "g1,,true,c,大明,王,,13800000000,", "g1,,true,c,大明,王,,13800000000,u1", "cycle"),
        ("users.csv", "0101,,g1", "0101,,u1", "cycle"),
        ("users.csv", "u2,,true", "u1,,true", "twice"),
        ("users.csv", "T1,", "0101,", "twice"),
        ("users.csv", "小明,王,0101", ",,0101", "empty"),
        ("users.csv", "T1,", "1.2E+18,", "number_precision"),
        ("demographics.csv", "2013-03-04", "2013-02-30", "date"),
        ("enrollments.csv", "2026-09-02,", "2026-09-02,2026-09-01", "period"),
        ("classes.csv", "八年级1班数学", "八年级1班", "twice"),
    ],
)
def test_what_is_wrong_inside_a_package_is_told(table: str, old: str, new: str, code: str) -> None:
    assert old in ONE[table]
    found = lines(package({**ONE, table: ONE[table].replace(old, new)}))
    assert code in {one.code for one in found if isinstance(one, Problem)}


@pytest.mark.parametrize(
    ("table", "old", "new", "code"),
    [
        ("manifest.csv", "1.2", "2.0", "manifest_version"),
        ("manifest.csv", "bulk", "delta", "manifest_delta"),
        ("users.csv", "familyName", "surname", "heading_missing"),
        (
            "orgs.csv",
            "s1,,,甲校,school,JX,d1",
            "s1,,,丙校,school,,d1\ns2,,,丁校,school,,d1",
            "school_unknown",
        ),
    ],
)
def test_a_package_that_cannot_be_used_at_all(table: str, old: str, new: str, code: str) -> None:
    assert refused(package({**ONE, table: ONE[table].replace(old, new)})).code == code
    assert refused(package({k: v for k, v in ONE.items() if k != "users.csv"})).code == "table_missing"
