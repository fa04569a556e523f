"""Word and PowerPoint files: their XML is read directly, without entities, links, macros or embedded objects."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from zhiwei.engines.documents.values import Block, Limits, RefusedError

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_HEADING = re.compile(r"(?:heading|标题)\s*([1-6])", re.IGNORECASE)
_LARGE = 1 << 20


class Package:
    """An office file whose parts are read within limits."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._archive = zipfile.ZipFile(file)
        self._limits = limits
        infos = self._archive.infolist()
        if sum(info.file_size for info in infos) > limits.unpacked_bytes:
            raise RefusedError("archive_too_large")
        for info in infos:
            if info.flag_bits & 1:
                raise RefusedError("encrypted")
            if info.file_size > _LARGE and info.file_size > limits.ratio * max(info.compress_size, 1):
                raise RefusedError("archive_too_large")

    def has(self, name: str) -> bool:
        """Tell whether a part is there."""
        return name in self._archive.namelist()

    def part(self, name: str) -> Element:
        """Return a part's XML.

        Raises:
            RefusedError: Absent, damaged, larger than said, or with entities.
        """
        try:
            info = self._archive.getinfo(name)
            with self._archive.open(info) as stream:
                content = stream.read(info.file_size + 1)
            if len(content) > info.file_size:
                raise RefusedError("archive_too_large")
            root: Element = fromstring(content)
        except DefusedXmlException as error:
            raise RefusedError("hostile") from error
        except (KeyError, ParseError, zipfile.BadZipFile, ValueError, EOFError, OSError) as error:
            raise RefusedError("broken") from error
        return root

    def targets(self, part: str) -> dict[str, str]:
        """Return the parts that a part names, by relationship id (only inside the file)."""
        folder, _, name = part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels"
        if not self.has(rels):
            return {}
        found = {}
        for one in self.part(rels):
            if one.get("TargetMode") != "External":
                found[one.get("Id", "")] = _resolved(folder, one.get("Target", ""))
        return found


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    path = folder.split("/")
    for step in target.split("/"):
        if step == "..":
            path = path[:-1]
        elif step != ".":
            path.append(step)
    return "/".join(path)


def read_word(file: BinaryIO, limits: Limits) -> tuple[list[Block], int]:
    """Return the blocks and the number of pages (0 when the file does not say) of a Word file."""
    package = Package(file, limits)
    levels = _heading_levels(package)
    body = package.part("word/document.xml").find(f"{_W}body")
    if body is None:
        raise RefusedError("broken")
    paged = any(_breaks(one) for one in body)
    blocks: list[Block] = []
    page = 1
    for child in body:
        for text, level in _word_texts(child, levels):
            blocks.append(Block(text, page if paged else 0, level))
        page += _breaks(child)
    return blocks, page if paged else 0


def _word_texts(child: Element, levels: dict[str, int]) -> Iterator[tuple[str, int]]:
    if child.tag == f"{_W}tbl":
        for row in child.iter(f"{_W}tr"):
            cells = ["".join(_said(cell)) for cell in row.iter(f"{_W}tc")]
            yield "  ".join(cells).strip(), 0
        return
    for paragraph in child.iter(f"{_W}p"):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        level = levels.get(style.get(f"{_W}val", ""), 0) if style is not None else 0
        text = "".join(_said(paragraph)).strip()
        if text:
            yield text, level


def _said(element: Element) -> Iterator[str]:
    for one in element.iter():
        if one.tag == f"{_W}t":
            yield one.text or ""
        elif one.tag in {f"{_W}tab", f"{_W}br"}:
            yield " "


def _breaks(element: Element) -> int:
    """How many new pages begin inside (as the writer's program last drew them)."""
    drawn = sum(1 for _one in element.iter(f"{_W}lastRenderedPageBreak"))
    return drawn or sum(one.get(f"{_W}type") == "page" for one in element.iter(f"{_W}br"))


def _heading_levels(package: Package) -> dict[str, int]:
    if not package.has("word/styles.xml"):
        return {}
    found: dict[str, int] = {}
    for style in package.part("word/styles.xml").iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        label = name.get(f"{_W}val", "") if name is not None else ""
        match = _HEADING.match(label)
        if match:
            found[style.get(f"{_W}styleId", "")] = int(match[1])
        elif label.lower() in {"title", "标题"}:
            found[style.get(f"{_W}styleId", "")] = 1
        elif outline is not None and outline.get(f"{_W}val", "9") < "6":
            found[style.get(f"{_W}styleId", "")] = int(outline.get(f"{_W}val", "0")) + 1
    return found


def read_slides(file: BinaryIO, limits: Limits) -> tuple[list[Block], int]:
    """Return the blocks of a presentation (a slide is a page, its title a heading) and the number of slides."""
    package = Package(file, limits)
    targets = package.targets("ppt/presentation.xml")
    order = [one.get(f"{_R}id", "") for one in package.part("ppt/presentation.xml").iter(f"{_P}sldId")]
    slides = [targets[one] for one in order if one in targets]
    if len(slides) > limits.pages:
        raise RefusedError("too_many_pages")
    blocks: list[Block] = []
    for number, slide in enumerate(slides, start=1):
        blocks += _slide(package.part(slide), number, notes=False)
        for name in package.targets(slide).values():
            if "/notesSlides/" in name and package.has(name):
                blocks += _slide(package.part(name), number, notes=True)
    return blocks, len(slides)


def _slide(root: Element, number: int, *, notes: bool) -> Iterator[Block]:
    for shape in root.iter(f"{_P}sp"):
        holder = shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph")
        kind = holder.get("type", "") if holder is not None else ""
        if kind in {"sldNum", "dt", "ftr", "hdr", "sldImg"}:
            continue
        level = 1 if kind in {"title", "ctrTitle"} and not notes else 0
        for paragraph in shape.iter(f"{_A}p"):
            yield from _drawn(paragraph, number, level)
    for row in root.iter(f"{_A}tr"):
        cells = ["".join(one.text or "" for one in cell.iter(f"{_A}t")) for cell in row.iter(f"{_A}tc")]
        if any(cells):
            yield Block("  ".join(cells), number)


def _drawn(paragraph: Element, number: int, level: int) -> Iterator[Block]:
    text = "".join(one.text or "" for one in paragraph.iter(f"{_A}t")).strip()
    if text:
        yield Block(text, number, level)
