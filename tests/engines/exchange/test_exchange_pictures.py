"""Pictures of packages: taken into figures, made small, and nothing hostile comes with them."""

from __future__ import annotations

import base64
import re
import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from PIL import Image

from zhiwei.engines.exchange import Imported, read_questions
from zhiwei.engines.exchange.drawings import clean_drawing
from zhiwei.engines.exchange.pictures import MAX_PICTURE, Allowance, read_picture
from zhiwei.engines.exchange.values import NotUnderstoodError

DECLARED = (
    "<responseDeclaration identifier='R' cardinality='single' baseType='identifier'><correctResponse><value>b</value>"
    "</correctResponse></responseDeclaration>"
)
HOTSPOT = (
    "<hotspotInteraction responseIdentifier='R' maxChoices='1'><prompt>Where?</prompt><object type='image/png' "
    "width='100' height='80' data='{0}'>Map</object><hotspotChoice identifier='a' shape='circle' coords='20,20,8'/>"
    "<hotspotChoice identifier='b' shape='rect' coords='50,50,70,60'/></hotspotInteraction>"
)
GOOD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="1" cy="2" r="3" fill="none"/></svg>'


def picture(width: int = 100, height: int = 80, kind: str = "PNG") -> bytes:
    """A plain picture."""
    out = BytesIO()
    Image.new("RGB", (width, height), "#88aacc").save(out, kind)
    return out.getvalue()


def package(body: str, **members: bytes) -> Imported:
    """Read a package of one item and these files."""
    out = BytesIO()
    item = f"<assessmentItem identifier='q' title='t'>{DECLARED}<itemBody>{body}</itemBody></assessmentItem>"
    with zipfile.ZipFile(out, "w") as zipped:
        zipped.writestr("items/q.xml", item)
        for name, data in members.items():
            zipped.writestr(name, data)
    return read_questions("p.zip", out.getvalue())


def test_places_on_a_picture_are_lettered_in_the_figure() -> None:
    (one,) = package(HOTSPOT.format("images/map.png"), **{"items/images/map.png": picture()}).taken
    assert one.content["type"] == "single_choice" and one.content["reference_answers"] == ["B"]
    svg = one.content["figure"]["svg"]
    assert (
        svg.count("data:image/") == 1
        and ">A</text>" in svg
        and '<rect x="50" y="50" width="20" height="10"' in svg
    )
    assert one.content["figure"]["alt"] == "Map" and not one.notes


def test_a_picture_in_a_stem_is_the_figure_and_several_have_names() -> None:
    choice = (
        "<p>Look.</p><p><img src='../a.jpg' alt='one'/></p><choiceInteraction responseIdentifier='R'><prompt>?</prompt>"
        "<simpleChoice identifier='a'>{0}</simpleChoice><simpleChoice identifier='b'>no</simpleChoice>"
        "</choiceInteraction>"
    )
    (one,) = package(choice.format("yes"), **{"a.jpg": picture(kind="JPEG")}).taken
    assert one.content["stem"] == "Look.\n\n?" and "figure" in one.content
    files = {"a.jpg": picture(kind="JPEG"), "items/b.png": picture(50, 50)}
    (two,) = package(choice.format("<img src='b.png'/>"), **files).taken
    assert two.content["stem"] == "Look.\n\n[Fig. 1]\n\n?" and two.content["options"][0]["text"] == "[Fig. 2]"
    assert two.content["figure"]["svg"].count("<image") == 2


@pytest.mark.parametrize("source", ["../../etc/passwd.png", "/etc/x.png", "https://evil.example/x.png", "none.png",
                                    "..%2f..%2fsecret.png", "file:///etc/x.png"])  # fmt: skip
def test_pictures_outside_the_package_are_never_had(source: str) -> None:
    found = package(HOTSPOT.format(source), **{"items/images/map.png": picture()})
    assert not found.taken and "does not hold" in found.refused[0].reason


def test_a_picture_of_many_pixels_is_refused_before_it_is_opened() -> None:
    rows = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + rows + struct.pack(">I", zlib.crc32(b"IHDR" + rows))
    bomb = b"\x89PNG\r\n\x1a\n" + chunk + b"\0" * 100
    with pytest.raises(NotUnderstoodError):
        read_picture(bomb)
    body = "<p><img src='x.png'/></p>" + "<extendedTextInteraction responseIdentifier='R'/>"
    (one,) = package(body, **{"items/x.png": bomb}).taken
    assert "figure" not in one.content and any("image left out: x.png" in note for note in one.notes)


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"x" * 50, b"%PDF-1.4", b"\0" * (MAX_PICTURE + 1)]
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NotUnderstoodError):
        read_picture(data)


def test_pictures_are_encoded_anew_and_small() -> None:
    out = BytesIO()
    Image.effect_noise((1800, 1500), 90).convert("RGB").save(out, "PNG")
    hidden = out.getvalue() + b"<script>alert(1)</script>"
    body = "<p><img src='x.png'/></p><extendedTextInteraction responseIdentifier='R'/>"
    (one,) = package(body, **{"items/x.png": hidden}).taken
    svg = one.content["figure"]["svg"]
    found = re.search(r"data:image/\w+;base64,([^\"]+)", svg)
    assert len(svg) < 210_000 and found is not None and b"script" not in base64.b64decode(found.group(1))


def test_many_large_pictures_cost_no_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Allowance, "__init__", lambda self: setattr(self, "pixels", 25_000))
    body = (
        "".join(f"<p><img src='{n}.png'/></p>" for n in range(4))
        + "<extendedTextInteraction responseIdentifier='R'/>"
    )
    (one,) = package(body, **{f"items/{n}.png": picture() for n in range(4)}).taken
    assert one.content["figure"]["svg"].count("<image") == 3
    assert any("3.png (the file's pictures" in note for note in one.notes)


@pytest.mark.parametrize(
    "inside",
    ["<script>alert(1)</script>", "<foreignObject><body/></foreignObject>",
     "<a href='javascript:alert(1)'><circle r='1'/></a>",
     "<image href='https://evil.example/x.png'/>", "<use href='#x'/>", "<animate attributeName='x'/>",
     "<style>*{}</style>",
     "<circle r='1' onload='alert(1)'/>", "<circle r='1' fill='url(https://evil.example/a)'/>",
     "<circle r='1' style='fill:url(javascript:alert(1))'/>", "<image href='data:image/svg+xml;base64,PHN2Zy8+'/>",
     "<image href='data:image/png;base64,AAAA'/>", "<set attributeName='href' to='x'/>"],
)  # fmt: skip
def test_nothing_active_stays_in_a_drawing(inside: str) -> None:
    source = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'><rect width='1' height='1'/>{inside}</svg>"
    text, notes = clean_drawing(source.encode(), read_picture)
    assert notes and "<rect" in text
    for bad in (
        "script",
        "evil",
        "foreign",
        "onload",
        "javascript",
        "<use",
        "animate",
        "<style",
        "<image",
        "<set",
        "<a ",
    ):
        assert bad not in text


@pytest.mark.parametrize(
    "source",
    ['<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>', "<svg",
     "<html><svg/></html>", "<svg>" + "<g>" * 60 + "</g>" * 60 + "</svg>", "<svg>" + "<g/>" * 6000 + "</svg>",
     "<svg><path d='" + "M1 1" * 15000 + "'/><path d='" + "M1 1" * 15000 + "'/></svg>"],
)  # fmt: skip
def test_drawings_that_are_bombs_are_refused(source: str) -> None:
    with pytest.raises(NotUnderstoodError):
        clean_drawing(source.encode(), read_picture)


def test_a_good_drawing_comes_through_as_written() -> None:
    assert clean_drawing(GOOD.encode(), read_picture) == (GOOD, ())
