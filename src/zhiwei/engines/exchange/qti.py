"""Reading QTI 2.1, 2.2 and 3.0 items: one reader, names without prefix and hyphens (see ``markup.tag``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from zhiwei.engines.exchange import qti_closed, qti_gaps, qti_graphics, qti_open
from zhiwei.engines.exchange.figures import Gallery, no_pictures
from zhiwei.engines.exchange.markup import attribute, first, tag
from zhiwei.engines.exchange.pictures import Allowance
from zhiwei.engines.exchange.qti_declared import declarations, max_score
from zhiwei.engines.exchange.qti_extras import carried_facts, explanation, feedback_errors, lost, take_back
from zhiwei.engines.exchange.qti_source import GAP, Source
from zhiwei.engines.exchange.qti_templates import read_template
from zhiwei.engines.exchange.values import Content, NotUnderstoodError, Refused, Taken, has_chinese

_INLINE = {"textentryinteraction", "inlinechoiceinteraction"}
Reader = Callable[[Source, Element, str, float], Content]


def read_item(
    root: Element,
    place: str,
    find: Callable[[str], bytes | None] = no_pictures,
    allowance: Allowance | None = None,
) -> Taken | Refused:
    """Read one assessment item; a body with several questions becomes a composite item.

    Args:
        find: The bytes of a picture that the item names; None when the file does not hold it.
        allowance: What the pictures of the whole file may still cost.
    """
    try:
        return _item(root, place, find, allowance)
    except NotUnderstoodError as error:
        return Refused(place, str(error), frozenset(interactions(root)))
    except (ValueError, KeyError, IndexError) as error:
        reason = f"a number or reference in it cannot be read: {error}"
        return Refused(place, reason, frozenset(interactions(root)))


def interactions(root: Element) -> Iterator[str]:
    """Yield the kinds of interaction of an item, as QTI 2 names them in lower case."""
    return (tag(one) for one in root.iter() if isinstance(one.tag, str) and tag(one).endswith("interaction"))


def _item(
    root: Element, place: str, find: Callable[[str], bytes | None], allowance: Allowance | None
) -> Taken:
    body = first(root, "itembody")
    if body is None:
        raise NotUnderstoodError("has no item body")
    declared = declarations(root)
    gallery = Gallery(find, chinese=has_chinese("".join(body.itertext())), allowance=allowance)
    source = Source(declared, read_template(root), gallery, notes=lost(root))
    content = _content(source, body, _asked(root, body, source), max_score(root, declared))
    name, title = attribute(root, "identifier"), attribute(root, "title")
    content.update({"id": name} if name else {})
    content.update({"title": title} if title and title != name else {})
    content.update(explanation(root, source))
    content.update(source.template.parameters())
    content.update(feedback_errors(root, content, source))
    carried_facts(root, content, source)
    figure = gallery.figure()
    if figure is not None:
        content["stem"] = gallery.without_labels(content["stem"])
        content["figure"] = figure
    notes = [*source.notes, *gallery.notes, *source.template.notes]
    return Taken(content, place, tuple(dict.fromkeys(notes)), frozenset(interactions(body)))


def _asked(root: Element, body: Element, source: Source) -> list[Element]:
    found = [one for one in body.iter() if isinstance(one.tag, str) and tag(one).endswith("interaction")]
    asked = [one for one in found if tag(one) != "endattemptinteraction"]
    if len(asked) < len(found):
        source.notes.append("a button that ends the attempt left out")
    if not asked:
        raise NotUnderstoodError("asks nothing (no interaction)")
    if attribute(root, "adaptive") == "true" and len(asked) > 1:
        raise NotUnderstoodError("is adaptive: its later questions depend on the answers to earlier ones")
    return asked


def _content(source: Source, body: Element, asked: list[Element], score: float) -> Content:
    if tag(body) != "div" and any(map(_is_section, body.iter())):
        return _sections(source, body, [one for one in body.iter() if _is_section(one)])
    if all(tag(one) == "textentryinteraction" for one in asked):
        return qti_gaps.entries_in_text(source, body, asked, score)
    if len(asked) > 1:
        return _composite(source, body, asked, score)
    if tag(asked[0]) == "inlinechoiceinteraction":
        stem = source.text(body, {id(asked[0]): GAP})
        return qti_gaps.choice_in_text(source, asked[0], stem, score)
    around = source.text(body, {id(asked[0]): ""})
    stem = "\n\n".join(one for one in (around, source.prompt(asked[0])) if one)
    return _one(source, asked[0], stem, score)


def _composite(source: Source, body: Element, asked: list[Element], score: float) -> Content:
    swap = {
        id(one): f"{GAP}({number})" if tag(one) in _INLINE else ""
        for number, one in enumerate(asked, start=1)
    }
    stem = source.text(body, swap)
    shares = [source.rule(one).score for one in asked]
    known = sum(share for share in shares if share)
    left = max(score - known, 0) / max(sum(not share for share in shares), 1)
    parts = []
    for number, (one, share) in enumerate(zip(asked, shares, strict=True), start=1):
        part = _one(source, one, source.prompt(one) or f"({number})", share or left or 1.0)
        parts.append({"id": attribute(one, "datapart") or f"part{number}", **part})
    total = sum(float(part["max_score"]) for part in parts)
    return {"type": "composite", "max_score": total, "stem": stem, "parts": parts}


def _is_section(element: Element) -> bool:
    return isinstance(element.tag, str) and tag(element) == "div" and bool(attribute(element, "datapart"))


def _sections(source: Source, body: Element, sections: list[Element]) -> Content:
    """Parts that stand in sections of their own, as our own packages have them."""
    stem = source.text(body, {id(one): "" for one in sections})
    parts: list[Content] = []
    for section in sections:
        asked = [
            one for one in section.iter() if isinstance(one.tag, str) and tag(one).endswith("interaction")
        ]
        known = sum(source.rule(one).score or 0 for one in asked)
        score = float(attribute(section, "datascore") or known or 1)
        part = _content(source, section, asked, score) if asked else {}
        if not part:
            raise NotUnderstoodError("has a part that asks nothing")
        take_back(section, part)
        parts.append({"id": attribute(section, "datapart")[:60], **part})
    total = sum(float(part["max_score"]) for part in parts)
    return {"type": "composite", "max_score": total, "stem": stem, "parts": parts}


def _one(source: Source, asked: Element, stem: str, score: float) -> Content:
    kind = tag(asked)
    read = _READERS.get(kind)
    if read is None:
        raise NotUnderstoodError(_WHY.get(kind, f"is answered by '{kind}', which has no counterpart here"))
    return read(source, asked, stem, score)


_READERS: Mapping[str, Reader] = {
    "choiceinteraction": qti_closed.choice_of, "hottextinteraction": qti_closed.hottext,
    "orderinteraction": qti_closed.order_of, "matchinteraction": qti_closed.match_of,
    "associateinteraction": qti_closed.associate, "gapmatchinteraction": qti_gaps.gap_match,
    "textentryinteraction": qti_gaps.entry_alone, "inlinechoiceinteraction": qti_gaps.choice_in_text,
    "sliderinteraction": qti_open.slider, "extendedtextinteraction": qti_open.extended,
    "uploadinteraction": qti_open.upload, "drawinginteraction": qti_open.drawing,
    "hotspotinteraction": qti_graphics.hotspot, "graphicorderinteraction": qti_graphics.graphic_order,
    "graphicassociateinteraction": qti_graphics.graphic_associate,
    "graphicgapmatchinteraction": qti_graphics.graphic_gap_match,
}  # fmt: skip
_WHY = {
    "selectpointinteraction": "is answered by a point anywhere on a picture; here only named places can be asked for",
    "positionobjectinteraction": "is answered by putting things anywhere on a picture; here only named places can be",
    "mediainteraction": "is answered by playing a recording, for which there is no mark here",
    "custominteraction": "is answered by a program of its own, which is not run",
    "portablecustominteraction": "is answered by a program of its own, which is not run",
}  # fmt: skip
