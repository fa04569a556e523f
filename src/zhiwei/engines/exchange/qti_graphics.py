"""QTI questions on a picture: its places get letters, drawn into the figure of the item."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.figures import Region
from zhiwei.engines.exchange.markup import attribute, each, first
from zhiwei.engines.exchange.qti_closed import ordered, paired, picked, place_names
from zhiwei.engines.exchange.qti_gaps import filled
from zhiwei.engines.exchange.qti_source import Source
from zhiwei.engines.exchange.values import Content, NotUnderstoodError


def hotspot(source: Source, asked: Element, stem: str, score: float) -> Content:
    """Places to pick."""
    names = _marked(source, asked, "hotspotchoice")
    several = attribute(asked, "maxchoices", "1") != "1"
    return picked(names, source.rule(asked), stem, score, several=several)


def graphic_order(source: Source, asked: Element, stem: str, score: float) -> Content:
    """Places to put in order."""
    return ordered(_marked(source, asked, "hotspotchoice"), source.rule(asked), stem, score)


def graphic_associate(source: Source, asked: Element, stem: str, score: float) -> Content:
    """Places to link."""
    return paired(source, _marked(source, asked, "associablehotspot"), source.rule(asked), stem, score)


def graphic_gap_match(source: Source, asked: Element, stem: str, score: float) -> Content:
    """Places to fill with words or small pictures."""
    names = _marked(source, asked, "associablehotspot")
    words = {attribute(one, "identifier"): _word(source, one) for one in each(asked, "gaptext", "gapimg")}
    return filled(source, names, words, source.rule(asked), stem, score)


def _word(source: Source, one: Element) -> str:
    label = attribute(one, "objectlabel")
    if first(one, "object", "img") is not None:
        return " ".join(filter(None, (source.gallery.label(source.picture(one)), label)))
    return source.text(one) or label


def _marked(source: Source, asked: Element, kind: str) -> dict[str, str]:
    placed, places = source.picture(asked), list(each(asked, kind))
    names = place_names(places)
    for one in places:
        shape, coords = attribute(one, "shape"), attribute(one, "coords")
        letter = names[attribute(one, "identifier")]
        placed.regions.append(Region(letter, shape, _numbers(coords)))
    return names


def _numbers(coords: str) -> tuple[float, ...]:
    found = tuple(float(one) for one in coords.replace(",", " ").split())
    if any(abs(one) > 100_000 for one in found) or len(found) > 400:
        raise NotUnderstoodError("has a place with numbers that no picture has")
    return found
