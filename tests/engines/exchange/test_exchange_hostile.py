"""Imports are hostile until checked."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO

import pytest

from zhiwei.engines.exchange import ExchangeError, archive, read_questions

BILLION = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<quiz><question type='essay'><questiontext><text>&b;</text></questiontext></question></quiz>"
)
OUTSIDE = (
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><quiz><question type="essay"><questiontext><text>&e;'
    "</text></questiontext></question></quiz>"
)


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, data in members:
            package.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("text", [BILLION, OUTSIDE])
def test_entities_are_refused(text: str) -> None:
    with pytest.raises(ExchangeError, match="entities"):
        read_questions("x.xml", text.encode())


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil.xml", "a/../../b.xml", "C:/x.xml", "..\\up.xml"])
def test_paths_that_lead_out_are_refused(name: str) -> None:
    with pytest.raises(ExchangeError, match="leads out"):
        read_questions("x.zip", packed((name, b"<a/>")))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    began = time.perf_counter()
    with pytest.raises(ExchangeError, match="times its size"):
        read_questions("x.zip", packed(("a.xml", b" " * (15 * 1024 * 1024))))
    assert time.perf_counter() - began < 2


def test_many_members_and_links_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    with pytest.raises(ExchangeError, match="members"):
        read_questions("x.zip", packed(*((f"{n}.xml", b"<a/>") for n in range(4))))
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        link = zipfile.ZipInfo("a.xml")
        link.external_attr = 0o120777 << 16
        package.writestr(link, "/etc/passwd")
    with pytest.raises(ExchangeError, match="link"):
        read_questions("x.zip", out.getvalue())


def test_a_total_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1000)
    with pytest.raises(ExchangeError, match="unpacked"):
        read_questions("x.zip", packed(("a.xml", b"<a>" + bytes(range(65, 91)) * 100 + b"</a>")))


def test_one_broken_member_does_not_hide_the_others() -> None:
    good = (
        b"<assessmentItem identifier='q'><itemBody><extendedTextInteraction responseIdentifier='R'>"
        b"<prompt>Why?</prompt></extendedTextInteraction></itemBody></assessmentItem>"
    )
    found = read_questions(
        "x.zip", packed(("a.xml", good), ("b.xml", b"<broken"), ("c.xml", BILLION.encode()))
    )
    assert len(found.taken) == 1 and [one.place for one in found.refused] == ["b.xml", "c.xml"]


@pytest.mark.parametrize(
    "source",
    ["<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<a href='javascript:alert(1)'>x</a>",
     "<iframe src='https://evil.example'></iframe>", "<style>*{display:none}</style>", "<object data='x'></object>"],
)  # fmt: skip
def test_active_html_does_not_come_in(source: str) -> None:
    quiz = (
        "<quiz><question type='essay'><name><text>n</text></name><questiontext format='html'><text><![CDATA["
        f"Stem {source}]]></text></questiontext></question></quiz>"
    )
    (one,) = read_questions("x.xml", quiz.encode()).taken
    assert (
        "<" not in one.content["stem"]
        and "alert" not in one.content["stem"]
        and "evil" not in one.content["stem"]
    )


def test_an_aiken_question_with_too_many_options_is_refused_alone() -> None:
    options = "\n".join(f"{chr(65 + n % 26)}. x{n}" for n in range(60))
    found = read_questions("q.txt", f"Q\n{options}\nANSWER: A\n\nP\nA. 1\nB. 2\nANSWER: B\n".encode())
    assert [one.place for one in found.refused] == ["question 1"] and len(found.taken) == 1


@pytest.mark.parametrize("body", ["=a -> 1 =b ->", "=a -> 1 ~b", "=a -> 1 =b -> 2 ~c"])
def test_pairs_without_a_partner_are_refused_alone(body: str) -> None:
    found = read_questions("q.txt", f"::x:: match {{{body}}}\n\n::y:: 1+1 {{=2}}\n".encode())
    assert len(found.refused) == 1 and len(found.taken) == 1
