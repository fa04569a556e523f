"""The catalogue is whole: every field of every table, with meaning, level, retention, and lineage that exists."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.apps import apps
from django.db import models
from django.utils import translation
from tests.cast import Cast
from tests.data.data_stage import appoint, browser

from zhiwei.data.queries import catalogue
from zhiwei.kernel.values import Actor, Declaration, Level, Role, system_actor

NOBODY: Actor = system_actor()


def test_every_field_of_every_table_is_in_the_catalogue() -> None:
    keys = {line.key for line in catalogue.table_fields()}
    wanted = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("zhiwei.")
        for field in model._meta.local_fields
    }
    assert wanted == keys
    assert all(line.meaning and line.retention and line.level in Level for line in catalogue.table_fields())


def test_an_undeclared_table_and_an_undeclared_field_are_refused() -> None:
    class Bare(models.Model):  # noqa: DJ008
        name = models.CharField("名称", max_length=9)

        class Meta:
            app_label = "data"
            managed = False

    class Wordless(models.Model):  # noqa: DJ008
        declaration = Declaration("无词", Level.PUBLIC)
        thing = models.CharField(max_length=9)

        class Meta:
            app_label = "data"
            managed = False

    try:
        with pytest.raises(catalogue.UndeclaredError, match="Bare has no declaration"):
            list(catalogue.fields_of(Bare))
        with pytest.raises(catalogue.UndeclaredError, match="Wordless.thing"):
            list(catalogue.fields_of(Wordless))
    finally:
        for name in ("bare", "wordless"):
            del apps.all_models["data"][name]


def test_levels_of_single_fields_stand_over_their_table() -> None:
    lines = {line.key: line for line in catalogue.table_fields()}
    assert lines["kernel.Person.name"].level is Level.PERSONAL
    assert lines["kernel.Person.birth_on"].level is Level.SENSITIVE
    assert lines["kernel.Person.uuid"].level is Level.INTERNAL
    assert lines["kernel.Person.name"].code.endswith("XM")


def test_lineage_names_only_fields_that_exist() -> None:
    lines = catalogue.all_fields(NOBODY)
    assert catalogue.dangling(lines) == []


def test_meanings_are_chinese_whatever_the_reader_speaks() -> None:
    catalogue._table_fields.cache_clear()
    with translation.override("en"):
        lines = {line.key: line for line in catalogue.table_fields()}
    assert lines["kernel.Person.birth_on"].meaning == "出生日期"


def test_search_finds_by_every_word() -> None:
    lines = catalogue.table_fields()
    assert "kernel.Person.birth_on" in {one.key for one in catalogue.search(lines, "人员 出生")}
    assert {one.level for one in catalogue.search(lines, level="4")} == {Level.SENSITIVE}
    assert catalogue.search(lines, "人员 没有这个词") == []


def test_a_data_officer_searches_opens_and_exports(cast: Cast) -> None:
    appoint(cast, "officer", Role.DATA_OFFICER)
    client = browser(cast, "officer")
    page = client.get("/data/catalogue/", {"q": "出生"})
    assert "kernel.Person" in page.content.decode()
    assert client.get("/data/catalogue/kernel.Person.birth_on/").status_code == 200
    assert client.get("/data/catalogue/kernel.Person.nothing/").status_code == 404
    sheet = openpyxl.load_workbook(BytesIO(client.get("/data/catalogue/export/").content)).active
    assert sheet is not None
    assert sheet.max_row == len(catalogue.all_fields(NOBODY)) + 1
    text = client.get("/data/catalogue/export/", {"format": "csv", "level": "4"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert rows
    assert {row["级别"] for row in rows} == {"4 敏感个人信息"}


@pytest.mark.parametrize("nickname", ["teacher", "pupil", "guardian", "head"])
def test_others_find_no_data_centre(cast: Cast, nickname: str) -> None:
    client = browser(cast, nickname)
    for address in ("/data/", "/data/catalogue/", "/data/catalogue/export/", "/data/corpora/"):
        assert client.get(address).status_code == 404


def test_a_principal_reads_the_catalogue_but_does_not_take_it_away(cast: Cast) -> None:
    client = browser(cast, "principal")
    assert client.get("/data/catalogue/").status_code == 200
    assert client.get("/data/catalogue/export/").status_code == 404
