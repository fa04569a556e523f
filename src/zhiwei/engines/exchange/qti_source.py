"""The words of one QTI item as text, with its pictures, formulas, drawn numbers and what was lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, tostring

from zhiwei.engines.exchange.building import LETTERS
from zhiwei.engines.exchange.figures import Gallery, Placed
from zhiwei.engines.exchange.markup import attribute, each, first, tag, to_text
from zhiwei.engines.exchange.qti_declared import Declared
from zhiwei.engines.exchange.qti_templates import Template
from zhiwei.engines.exchange.values import NotUnderstoodError

GAP = "____"
_DROPPED = {"feedbackblock", "feedbackinline", "stylesheet", "modalfeedback", "catalog", "cataloginfo"}
_PICTURED = re.compile(r"\.(?:png|jpe?g|gif|webp|bmp|svg)$", re.IGNORECASE)


@dataclass
class Source:
    """One item being read.

    Attributes:
        notes: What was lost, in the order met.
    """

    declared: Mapping[str, Declared]
    template: Template
    gallery: Gallery
    notes: list[str] = field(default_factory=list)

    def rule(self, asked: Element) -> Declared:
        """The declaration of an interaction's response, with what was computed as right."""
        name = attribute(asked, "responseidentifier")
        rule = self.declared.get(name) or Declared("", "single")
        answer = self.template.answer(name)
        if answer is not None:
            rule.correct = [answer]
        return rule

    def text(self, element: Element, swap: Mapping[int, str] | None = None) -> str:
        """The inside of an element as text; elements in ``swap`` (by ``id``) are replaced."""
        made = self._copied(element, swap or {})
        inside = (made.text or "") + "".join(tostring(child, encoding="unicode") for child in made)
        text, told = to_text(inside, self.gallery)
        self.notes += told
        return text

    def texts(self, parent: Element, *names: str) -> dict[str, str]:
        """Texts of the entries of these names by identifier."""
        found = {attribute(one, "identifier"): self.text(one) for one in each(parent, *names)}
        if len(found) > len(LETTERS):
            raise NotUnderstoodError(f"has {len(found)} entries; at most {len(LETTERS)} are read")
        return found

    def prompt(self, asked: Element) -> str:
        """The text that asks."""
        asking = first(asked, "prompt")
        return self.text(asking) if asking is not None else ""

    def picture(self, element: Element) -> Placed:
        """The picture that an interaction works on.

        Raises:
            NotUnderstoodError: The file does not hold it.
        """
        for one in element:
            if tag(one) in {"object", "img"}:
                source = attribute(one, "data") or attribute(one, "src")
                size = (_size(attribute(one, "width")), _size(attribute(one, "height")))
                alt = attribute(one, "alt") or " ".join("".join(one.itertext()).split())
                placed = self.gallery.take(source, alt, size)
                if placed is not None:
                    return placed
                raise NotUnderstoodError(
                    f"is asked on the picture '{source[:80]}', which the file does not hold"
                )
        raise NotUnderstoodError("is asked on a picture, but names none")

    def _copied(self, element: Element, swap: Mapping[int, str]) -> Element:
        name = _html_name(element)
        made = Element(name, {k: v for k, v in element.attrib.items() if str(k) in _KEPT})
        made.text = element.text
        for child in element:
            if not isinstance(child.tag, str):
                continue
            for inside in self._child(child, swap):
                made.append(inside)
        made.tail = element.tail
        return made

    def _child(self, child: Element, swap: Mapping[int, str]) -> Iterator[Element]:
        said = swap.get(id(child), self._said(child))
        if said is None and tag(child) == "object":
            yield from self._object(child, swap)
        elif said is None:
            yield self._copied(child, swap)
        else:
            made = Element(_html_name(child) if tag(child) in {"mi", "mn"} else "span")
            made.text, made.tail = said, child.tail
            yield made

    def _said(self, child: Element) -> str | None:
        """What stands instead of an element; None when it is copied."""
        kind = tag(child)
        if kind in _DROPPED or (
            kind == "rubricblock" and "candidate" not in attribute(child, "view").split()
        ):
            return ""
        if kind == "printedvariable":
            return self._variable(attribute(child, "identifier"))
        if kind in {"templateinline", "templateblock"}:
            held = self.template.words.get(attribute(child, "templateidentifier")) == attribute(
                child, "identifier"
            )
            return None if held == (attribute(child, "showhide", "show") == "show") else ""
        if kind == "mi":
            return self.template.shown((child.text or "").strip())
        return None

    def _variable(self, name: str) -> str:
        shown = self.template.shown(name)
        if shown is None:
            raise NotUnderstoodError(f"prints '{name[:40]}', which is no number or word drawn")
        return shown

    def _object(self, child: Element, swap: Mapping[int, str]) -> Iterator[Element]:
        """A picture as one; what stands inside when it cannot be had."""
        source, kind = attribute(child, "data"), attribute(child, "type")
        if kind.startswith("image/") or _PICTURED.search(source):
            inside = " ".join("".join(child.itertext()).split())
            name = self.gallery.named(source, inside)
            if name:
                made = Element("span")
                made.text, made.tail = name, child.tail
                yield made
                return
        else:
            self.notes.append(f"an object left out: {source[:120]}")
        made = self._copied(child, swap)
        made.tag = "div"
        yield made


_KEPT = {"src", "alt", "open", "close", "separators", "linethickness", "display"}


def _size(given: str) -> float:
    return float(given) if re.fullmatch(r"\d+(?:\.\d+)?", given) else 0.0


def _html_name(element: Element) -> str:
    name = str(element.tag).rsplit("}", 1)[-1]
    return name if re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name) else "span"
