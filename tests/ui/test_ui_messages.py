"""Texts are found in code and templates, and a catalogue that does not fit is told."""

from pathlib import Path

import polib
import pytest

from zhiwei.ui import messages
from zhiwei.ui.messages import CATALOGUE, Message

PAGE = """{% load i18n zw %}{% translate "标题" %}{% button _("保存") %}{{ _("值") }}
{% blocktranslate count n=n %}{{ n }} 个{% plural %}{{ n }} 个{% endblocktranslate %}
{% translate "五月" context "month" %}"""
CODE = """A = _("甲")
B = ngettext("%(n)s 份", "%(n)s 份", 2)
C = pgettext("动词", "开")
D = _(name)
E = other("不算")
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    room = tmp_path / "ui"
    (room / "templates" / "ui").mkdir(parents=True)
    (room / "__init__.py").write_text(CODE, "utf-8")
    (room / "templates" / "ui" / "page.html").write_text(PAGE, "utf-8")
    return room


def test_texts_are_found(room: Path) -> None:
    assert set(messages.messages_in(room)) == {
        Message("标题"), Message("保存"), Message("值"), Message("甲"), Message("开", context="动词"),
        Message("五月", context="month"),
        Message("%(n)s 个", plural="%(n)s 个"), Message("%(n)s 份", plural="%(n)s 份"),
    }  # fmt: skip


def test_updating_keeps_translations_and_drops_what_is_gone(room: Path) -> None:
    assert messages.update(room, set()) == (8, 0)
    book = polib.pofile(str(room / CATALOGUE))
    for entry in book:
        entry.msgstr = "" if entry.msgid_plural else entry.msgid
        entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid} if entry.msgid_plural else {}
    book.save()
    assert messages.problems(room.parent) == []
    (room / "__init__.py").write_text('A = _("乙")', "utf-8")
    assert messages.problems(room.parent) == [
        "ui: no English for 「乙」",
        "ui: 「%(n)s 份」 is no longer used",
        "ui: 「开」 is no longer used",
        "ui: 「甲」 is no longer used",
    ]
    assert messages.update(room, set()) == (1, 3)
    assert messages.problems(room.parent) == ["ui: no English for 「乙」"]


def test_a_translation_must_name_the_same_values(room: Path) -> None:
    (room / "templates" / "ui" / "page.html").unlink()
    (room / "__init__.py").write_text('A = _("共 %(n)s 份")', "utf-8")
    messages.update(room, set())
    book = polib.pofile(str(room / CATALOGUE))
    book[0].msgstr = "%(m)s papers"
    book.save()
    assert messages.problems(room.parent) == ["ui: 「共 %(n)s 份」 and its English name different values"]


def test_words_of_the_shared_room_serve_others(room: Path) -> None:
    other = room.parent / "works"
    other.mkdir()
    (other / "__init__.py").write_text('A = _("甲")', "utf-8")
    assert messages.update(other, set(messages.messages_in(room))) == (0, 0)
    assert not (other / CATALOGUE).exists()


def test_catalogues_are_compiled_once(room: Path) -> None:
    messages.update(room, set())
    assert messages.compile_all(room.parent) == 1
    assert messages.compile_all(room.parent) == 0
    assert polib.mofile(str((room / CATALOGUE).with_suffix(".mo"))) is not None
