"""Moodle questions on a picture: its places get letters, and words or small pictures are matched with them."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.building import LETTERS, matching_by_id
from zhiwei.engines.exchange.figures import Placed, Region
from zhiwei.engines.exchange.moodle_source import FILES, MoodleSource
from zhiwei.engines.exchange.values import Content, NotUnderstoodError

BOX = (60.0, 24.0)
"""Width and height drawn for a place of which only the corner is given."""
_SHAPES = {"circle": "circle", "rectangle": "rect", "polygon": "poly"}


def places(source: MoodleSource) -> Content:
    """Markers or pieces to drag onto a picture: matched with its lettered places."""
    stem, ground = source.stem, _ground(source)
    drops = source.question.findall("drop")
    pieces = {_text(one, "no"): _piece(source, one) for one in source.question.findall("drag")}
    if not drops or len(drops) > len(LETTERS):
        raise NotUnderstoodError(f"has {len(drops)} places; 1 to {len(LETTERS)} are read")
    pairs = []
    for letter, drop in zip(LETTERS, drops, strict=False):
        if _text(drop, "choice") not in pieces:
            raise NotUnderstoodError("has a place that names no piece")
        ground.regions.append(_region(letter, drop))
        pairs.append((letter, f"d{_text(drop, 'choice')}"))
    if source.question.get("type") == "ddmarker":
        source.notes.append("the places of the markers are shown with letters")
    names = {letter: letter for letter, _piece in pairs}
    right = {f"d{number}": text for number, text in pieces.items()}
    return matching_by_id(stem, names, right, pairs, score=source.score)


def _ground(source: MoodleSource) -> Placed:
    for one in source.question.findall("file"):
        placed = source.gallery.take(f"{FILES}/{one.get('name', '')}")
        if placed is not None:
            return placed
    raise NotUnderstoodError("is asked on a picture, which the file does not hold or which is not read")


def _piece(source: MoodleSource, drag: Element) -> str:
    text, file = source.text(_text(drag, "text")), drag.find("file")
    placed = source.gallery.take(f"{FILES}/{file.get('name', '')}", text) if file is not None else None
    if placed is None and not text:
        raise NotUnderstoodError("has a piece without words, whose picture the file does not hold")
    return " ".join(filter(None, (source.gallery.label(placed) if placed else "", text)))


def _region(letter: str, drop: Element) -> Region:
    if drop.find("xleft") is not None:
        left, top = float(_text(drop, "xleft")), float(_text(drop, "ytop"))
        return Region(letter, "rect", (left, top, left + BOX[0], top + BOX[1]))
    shape = _SHAPES.get(_text(drop, "shape"), "")
    coords = [float(one) for one in _text(drop, "coords").replace(";", ",").split(",") if one.strip()]
    if shape == "rect" and len(coords) == 4:
        coords[2:] = [coords[0] + coords[2], coords[1] + coords[3]]
    return Region(letter, shape, tuple(coords))


def _text(element: Element, name: str) -> str:
    return (element.findtext(f"{name}/text") or element.findtext(name) or "").strip()
