"""Writing a QTI 3.0 package: a manifest, one file an item, and its figure."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from zhiwei.engines.exchange.carrying import carried, one_draw
from zhiwei.engines.exchange.qti_writer import Writer, put_html, sound
from zhiwei.engines.exchange.qti_writing_kinds import SAID, WRITERS
from zhiwei.engines.exchange.values import Content, NotUnderstoodError, Written

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"


def write_qti(items: Sequence[Content]) -> Written:
    """Return a package, and by item what other systems cannot read of it or why it was left out.

    What QTI has no word for travels in ``data-`` attributes; what marks an answer only in blocks for scorers.
    """
    files, notes = dict[str, bytes](), list[tuple[str, str]]()
    for number, item in enumerate(items, start=1):
        name = str(item.get("id") or item.get("title") or f"item-{number}")
        drawing = f"figures/item{number:05d}.svg"
        try:
            root, told = _item(item, name, drawing)
        except NotUnderstoodError as error:
            notes.append((name, f"left out: {error}"))
            continue
        notes += [(name, one) for one in dict.fromkeys(told)]
        files[f"items/item{number:05d}.xml"] = tostring(root, encoding="utf-8", xml_declaration=True)
        if _svg(item):
            files[f"items/{drawing}"] = _svg(item).encode()
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("imsmanifest.xml", _manifest(list(files)))
        for path, data in files.items():
            package.writestr(path, data)
    return Written(out.getvalue(), tuple(notes))


def _item(item: Content, name: str, drawing: str) -> tuple[Element, list[str]]:
    shown, pattern = one_draw(item)
    facts = {
        "xmlns": QTI, "identifier": _identifier(name), "title": sound(str(item.get("title") or name)),
        "adaptive": "false", "time-dependent": "false", "xml:lang": str(item.get("language") or "zh"),
    }  # fmt: skip
    root = Element("qti-assessment-item", facts)
    writer = Writer(root)
    _facts(writer.body, shown)
    if shown["type"] == "composite":
        _parts(writer, shown, drawing)
    else:
        _one(writer, shown)
        _figure(writer.body, shown, drawing)
    _scorers(writer, shown, pattern, "")
    outcome = {"identifier": "SCORE", "cardinality": "single", "base-type": "float",
               "normal-maximum": f"{float(shown['max_score']):g}"}  # fmt: skip
    declared = SubElement(root, "qti-outcome-declaration", outcome)
    SubElement(SubElement(declared, "qti-default-value"), "qti-value").text = "0"
    root.append(writer.body)
    writer.processing()
    if shown.get("explanation"):
        facts = {"outcome-identifier": "FEEDBACK", "identifier": "explanation", "show-hide": "show"}
        feedback = SubElement(root, "qti-modal-feedback", facts)
        put_html(SubElement(feedback, "qti-content-body"), str(shown["explanation"]))
    writer.notes += ["drawn numbers are so here only; others get the question of one draw"] if pattern else []
    return root, writer.notes


def _parts(writer: Writer, item: Content, drawing: str) -> None:
    whole = writer.body
    put_html(whole, str(item.get("stem", "")))
    _figure(whole, item, drawing)
    for number, part in enumerate(item.get("parts") or [], start=1):
        if part["type"] == "composite":
            raise NotUnderstoodError("a composite item within a composite item")
        name = str(part.get("id") or f"part{number}")
        facts = {"data-part": name, "data-score": f"{float(part['max_score']):g}"}
        writer.body = SubElement(whole, "div", facts)
        _facts(writer.body, part)
        _one(writer, part)
        _scorers(writer, {**part, "own": True}, "", name)
        writer.notes += ["the figure of a part left out"] if part.get("figure") else []
    writer.body = whole


def _one(writer: Writer, item: Content) -> None:
    write = WRITERS.get(str(item["type"]))
    if write is None:
        raise NotUnderstoodError(f"QTI has no interaction like {item['type']}")
    write(writer, item)
    other = sorted(set(item.get("settings") or {}) - SAID.get(str(item["type"]), set()))
    writer.notes += [f"settings read here only: {', '.join(other)}"] if other else []


def _facts(body: Element, item: Content) -> None:
    for shape in ("facts", "settings"):
        said = carried(item, shape)
        if said:
            body.set(f"data-{shape}", sound(said))


def _scorers(writer: Writer, item: Content, pattern: str, part: str) -> None:
    """The rubric as a block that only scorers see."""
    own = item if item.get("own") else {key: value for key, value in item.items() if key != "explanation"}
    marking = carried(own, "marking")
    if not marking and not pattern:
        return
    facts = {"use": "scoring", "view": "scorer", "data-marking": sound(marking)}
    facts.update({"data-part": part} if part else {})
    facts.update({"data-pattern": sound(pattern)} if pattern else {})
    block = SubElement(SubElement(writer.body, "qti-rubric-block", facts), "qti-content-body")
    rows = SubElement(block, "ul")
    for point in item.get("rubric") or []:
        SubElement(rows, "li").text = sound(f"{point.get('score', 0):g}: {point.get('description', '')}")
    writer.notes += ["rubric points are told to scorers only"] if item.get("rubric") else []
    writer.notes += ["common errors are read here only"] if item.get("errors") else []


def _figure(body: Element, item: Content, drawing: str) -> None:
    if _svg(item):
        SubElement(
            SubElement(body, "p"), "img", {"src": drawing, "alt": sound(str(item["figure"].get("alt", "")))}
        )


def _svg(item: Content) -> str:
    figure = item.get("figure")
    return str(figure.get("svg") or "") if isinstance(figure, dict) else ""


def _identifier(name: str) -> str:
    made = re.sub(r"[^\w.-]", "_", name)
    return made if re.match(r"[A-Za-z_]", made) else f"_{made}"


def _manifest(paths: Sequence[str]) -> bytes:
    root = Element("manifest", {"xmlns": PACKAGE, "identifier": "zhiwei-items"})
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "QTI Package"
    SubElement(metadata, "schemaversion").text = "3.0.0"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    drawings = {path for path in paths if path.endswith(".svg")}
    for number, path in enumerate([one for one in paths if one not in drawings], start=1):
        facts = {"identifier": f"r{number}", "type": "imsqti_item_xmlv3p0", "href": path}
        resource = SubElement(resources, "resource", facts)
        drawing = path.replace("items/", "items/figures/").replace(".xml", ".svg")
        for file in (path, *({drawing} & drawings)):
            SubElement(resource, "file", {"href": file})
    indent(root)
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data
