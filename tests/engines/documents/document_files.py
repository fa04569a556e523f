"""Small documents of every kind, made in memory."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import typst

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_P = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_RELS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def word(paragraphs: list[tuple[str, int]]) -> bytes:
    """A Word file; each paragraph with its heading level (0 for text, -1 for a new page before text)."""
    document = docx.Document()
    for text, level in paragraphs:
        if level > 0:
            document.add_heading(text, level)
        else:
            if level < 0:
                document.add_page_break()
            document.add_paragraph(text)
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "水的密度", "1.0"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(parts: dict[str, str]) -> bytes:
    """An archive of text parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def slides(texts: list[tuple[str, str]]) -> bytes:
    """A presentation; each slide with title and body."""
    parts = {}
    rels, ids = "", ""
    for number, (title, body) in enumerate(texts, start=1):
        shape = (
            "<p:sp><p:nvSpPr><p:nvPr>{}</p:nvPr></p:nvSpPr>"
            "<p:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:txBody></p:sp>"
        )
        drawn = shape.format('<p:ph type="title"/>', title) + shape.format("", body)
        drawn += shape.format('<p:ph type="sldNum"/>', str(number))
        parts[f"ppt/slides/slide{number}.xml"] = (
            f"<p:sld {_P}><p:cSld><p:spTree>{drawn}</p:spTree></p:cSld></p:sld>"
        )
        rels = f'<Relationship Id="r{number}" Target="slides/slide{number}.xml"/>' + rels
        ids += f'<p:sldId id="{255 + number}" r:id="r{number}"/>'
    parts["ppt/presentation.xml"] = f"<p:presentation {_P}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"
    parts["ppt/_rels/presentation.xml.rels"] = f"<Relationships {_RELS}>{rels}</Relationships>"
    return zipped(parts)


def entity_bomb() -> bytes:
    """A Word file whose XML declares entities."""
    body = f'<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document {_W}><w:body><w:p/></w:body></w:document>'
    return zipped({"word/document.xml": body})


def portable(source: str, folder: Path) -> bytes:
    """A PDF set by typst."""
    import pylopdf_fonts_zh_cn

    path = folder / "source.typ"
    path.write_text(source, encoding="utf-8")
    fonts = str(Path(pylopdf_fonts_zh_cn.__file__).parent)
    made = typst.compile(str(path), font_paths=[fonts])
    assert isinstance(made, bytes)
    return made
