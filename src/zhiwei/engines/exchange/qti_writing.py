"""Writing a QTI 3.0 package: a manifest and one file an item."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from xml.etree.ElementTree import Element, SubElement, fromstring, indent, tostring

from zhiwei.engines.exchange.markup import to_html
from zhiwei.engines.exchange.values import Content, NotUnderstoodError, Written

QTI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
TEMPLATE = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/"
_GAP = re.compile(r"_{2,}|＿+|（\s*）")
_UNSOUND = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"^\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*([^\d/^*×.,\\].*)?$")
SAID = {
    "multiple_choice": {"partial"}, "blank": {"blanks", "case_sensitive", "order_free"}, "essay": {"min_length"},
    "numeric": {"tolerance", "unit", "significant_figures"}, "matching": {"partial"},
}  # fmt: skip
"""Settings that the format can say or that are told of by name."""


def write_qti(items: Sequence[Content]) -> Written:
    """Return a package, and by item what the format could not say or why it was left out."""
    files, notes = dict[str, bytes](), list[tuple[str, str]]()
    for number, item in enumerate(items, start=1):
        name = str(item.get("id") or item.get("title") or f"item-{number}")
        try:
            root, told = _item(item, name)
        except NotUnderstoodError as error:
            notes.append((name, f"left out: {error}"))
            continue
        notes += [(name, one) for one in told]
        indent(root)
        files[f"items/item{number:05d}.xml"] = tostring(root, encoding="utf-8", xml_declaration=True)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("imsmanifest.xml", _manifest(list(files)))
        for path, data in files.items():
            package.writestr(path, data)
    return Written(out.getvalue(), tuple(notes))


def _item(item: Content, name: str) -> tuple[Element, list[str]]:
    root = Element(
        "qti-assessment-item",
        {
            "xmlns": QTI,
            "identifier": _identifier(name),
            "title": str(item.get("title") or name),
            "adaptive": "false",
            "time-dependent": "false",
            "xml:lang": str(item.get("language") or "zh"),
        },
    )
    writer = _Writer(root)
    writer.write(item)
    if item.get("explanation"):
        feedback = SubElement(root, "qti-modal-feedback", {
            "outcome-identifier": "FEEDBACK", "identifier": "explanation", "show-hide": "show"})  # fmt: skip
        _html(SubElement(feedback, "qti-content-body"), str(item["explanation"]))
    lost = {"rubric": "rubric points", "errors": "common errors", "figure": "the figure", "samples": "samples",
            "parameters": "parameters", "points": "knowledge points"}  # fmt: skip
    return root, writer.notes + [f"no place for {words}" for key, words in lost.items() if item.get(key)]


class _Writer:
    """Collects declarations in front, the body, and the processing behind."""

    def __init__(self, root: Element) -> None:
        self.root, self.notes, self.number = root, list[str](), 0
        self.body = Element("qti-item-body")
        self.equals: list[tuple[str, str, float]] = []

    def write(self, item: Content) -> None:
        if item["type"] == "composite":
            _html(self.body, str(item.get("stem", "")))
            for part in item.get("parts") or []:
                if part["type"] in {"blank", "numeric", "composite"}:
                    raise NotUnderstoodError("gaps inside a part of a composite item")
                self.one(part, prompt=True)
        else:
            self.one(item, prompt=False)
        outcome = SubElement(self.root, "qti-outcome-declaration", {
            "identifier": "SCORE", "cardinality": "single", "base-type": "float",
            "normal-maximum": f"{float(item['max_score']):g}"})  # fmt: skip
        SubElement(SubElement(outcome, "qti-default-value"), "qti-value").text = "0"
        self.root.append(self.body)
        self.processing()

    def one(self, item: Content, *, prompt: bool) -> None:
        write = _WRITERS.get(str(item["type"]))
        if write is None:
            raise NotUnderstoodError(f"QTI has no interaction like {item['type']}")
        write(self, item, prompt)
        other = sorted(set(item.get("settings") or {}) - SAID.get(str(item["type"]), set()))
        self.notes += [f"settings left out: {', '.join(other)}"] if other else []

    def declare(self, base: str, cardinality: str, correct: Sequence[str]) -> tuple[str, Element]:
        self.number += 1
        name = f"RESPONSE{self.number}" if self.number > 1 else "RESPONSE"
        facts = {"identifier": name, "cardinality": cardinality, "base-type": base}
        declared = SubElement(self.root, "qti-response-declaration", facts)
        if correct:
            values = SubElement(declared, "qti-correct-response")
            for one in correct:
                SubElement(values, "qti-value").text = one
        return name, declared

    def interaction(self, kind: str, name: str, item: Content, prompt: bool, **facts: str) -> Element:
        if not prompt:
            _html(self.body, str(item.get("stem", "")))
        given = {key.replace("_", "-"): value for key, value in facts.items()}
        made = SubElement(self.body, f"qti-{kind}-interaction", {"response-identifier": name, **given})
        if prompt:
            _html(SubElement(made, "qti-prompt"), str(item.get("stem", "")))
        return made

    def processing(self) -> None:
        if not self.equals:
            SubElement(self.root, "qti-response-processing", {"template": f"{TEMPLATE}map_response.xml"})
            return
        processing = SubElement(self.root, "qti-response-processing")
        for name, mode, size in self.equals:
            condition = SubElement(SubElement(processing, "qti-response-condition"), "qti-response-if")
            test = SubElement(
                condition, "qti-equal", {"tolerance-mode": mode, "tolerance": f"{size:g} {size:g}"}
            )
            SubElement(test, "qti-variable", {"identifier": name})
            SubElement(test, "qti-correct", {"identifier": name})


def _choice(writer: _Writer, item: Content, prompt: bool) -> None:
    several = item["type"] == "multiple_choice"
    right = list(map(str, item["reference_answers"]))
    name, declared = writer.declare("identifier", "multiple" if several else "single", right)
    partial = (item.get("settings") or {}).get("partial", "none")
    if several and partial != "none":
        wrong = (
            0.0
            if partial == "per_option"
            else -float(item["max_score"]) / max(len(item["options"]) - len(right), 1)
        )
        shares = {
            o["id"]: float(item["max_score"]) / len(right) if o["id"] in right else wrong
            for o in item["options"]
        }
        _mapping(declared, shares)
        if partial == "subset":
            writer.notes.append("partial marks become proportional")
    made = writer.interaction(
        "choice", name, item, prompt, max_choices="0" if several else "1", shuffle="false"
    )
    for option in item["options"]:
        _html(SubElement(made, "qti-simple-choice", {"identifier": str(option["id"])}), str(option["text"]))


def _truth(writer: _Writer, item: Content, prompt: bool) -> None:
    name, _declared = writer.declare(
        "identifier", "single", ["true" if item["reference_answers"][0] else "false"]
    )
    made = writer.interaction("choice", name, item, prompt, max_choices="1", shuffle="false")
    for key, text in (("true", "对"), ("false", "错")):
        SubElement(made, "qti-simple-choice", {"identifier": key}).text = text


def _blank(writer: _Writer, item: Content, prompt: bool) -> None:
    del prompt
    settings = item.get("settings") or {}
    answers = item["reference_answers"]
    rules = settings.get("blanks") or [{} for _one in answers]
    stem, gaps = str(item.get("stem", "")), list[Element]()
    for accepted, rule in zip(answers, rules, strict=False):
        texts = [str(one) for one in accepted] if isinstance(accepted, list) else [str(accepted)]
        number = rule.get("kind") == "number" and all(_plain(one) for one in texts)
        name, declared = writer.declare("float" if number else "string", "single", texts[:1])
        share = float(rule.get("score") or float(item["max_score"]) / len(answers))
        _mapping(declared, dict.fromkeys(texts, share), case=bool(settings.get("case_sensitive")))
        tolerance = dict(rule.get("tolerance") or {})
        if number and "absolute" in tolerance:
            writer.equals.append((name, "absolute", float(tolerance["absolute"])))
        if rule.get("kind") == "expression":
            writer.notes.append("an expression is compared as text")
        gaps.append(
            Element("qti-text-entry-interaction", {"response-identifier": name, "data-type": "blank"})
        )
    writer.notes += ["blanks that may be exchanged are fixed"] if settings.get("order_free") else []
    _gapped(writer.body, stem, gaps)


def _number(writer: _Writer, item: Content, prompt: bool) -> None:
    del prompt
    answer = str(item["reference_answers"][0])
    found = _NUMBER.match(answer)
    value, written = (found.group(1), (found.group(2) or "").strip()) if found else (answer, "")
    name, _declared = writer.declare("float" if found else "string", "single", [value])
    settings = item.get("settings") or {}
    tolerance = dict(settings.get("tolerance") or {})
    if "relative" in tolerance:
        writer.equals.append((name, "relative", 100 * float(tolerance["relative"])))
    elif "absolute" in tolerance:
        writer.equals.append((name, "absolute", float(tolerance["absolute"])))
    unit = (written or str(settings.get("unit", ""))) if found else ""
    facts = {"response-identifier": name, "data-type": "numeric", **({"data-unit": unit} if unit else {})}
    if settings.get("significant_figures"):
        writer.notes.append("significant figures are not checked")
    _gapped(
        writer.body, str(item.get("stem", "")), [Element("qti-text-entry-interaction", facts)], blanks=False
    )


def _match(writer: _Writer, item: Content, prompt: bool) -> None:
    pairs = [f"{left} {right}" for left, right in item["reference_answers"]]
    name, declared = writer.declare("directedPair", "multiple", pairs)
    _mapping(declared, dict.fromkeys(pairs, float(item["max_score"]) / max(len(pairs), 1)))
    made = writer.interaction("match", name, item, prompt, max_associations="0", shuffle="false")
    for side in ("left", "right"):
        group = SubElement(made, "qti-simple-match-set")
        for one in item["options"][side]:
            facts = {"identifier": str(one["id"]), "match-max": "1"}
            _html(SubElement(group, "qti-simple-associable-choice", facts), str(one["text"]))


def _order(writer: _Writer, item: Content, prompt: bool) -> None:
    name, _declared = writer.declare("identifier", "ordered", list(map(str, item["reference_answers"])))
    made = writer.interaction("order", name, item, prompt, shuffle="false")
    for one in item["options"]:
        _html(SubElement(made, "qti-simple-choice", {"identifier": str(one["id"])}), str(one["text"]))


def _written(writer: _Writer, item: Content, prompt: bool) -> None:
    texts = [
        "\n".join(map(str, one)) if isinstance(one, list) else str(one)
        for one in item.get("reference_answers") or []
    ]
    several = len(texts) > 1
    name, _declared = writer.declare("string", "multiple" if several else "single", texts)
    facts = {"data_type": str(item["type"])}
    least = (item.get("settings") or {}).get("min_length")
    facts.update({"data_min_length": str(least)} if least else {})
    writer.interaction("extended-text", name, item, prompt, **facts)


def _file(writer: _Writer, item: Content, prompt: bool) -> None:
    name, _declared = writer.declare("file", "single", [])
    writer.interaction("upload", name, item, prompt)


def _gapped(body: Element, stem: str, gaps: list[Element], *, blanks: bool = True) -> None:
    """Put the gaps where the stem has blanks, those left over at its end."""
    waiting = list(gaps)
    for paragraph in re.split(r"\n\s*\n", stem.strip()):
        element = SubElement(body, "p")
        pieces = _GAP.split(paragraph) if blanks else [paragraph]
        element.text = pieces[0]
        for piece in pieces[1:]:
            if waiting:
                gap = waiting.pop(0)
                gap.tail = piece
                element.append(gap)
            else:
                last = list(element)[-1] if len(element) else None
                if last is None:
                    element.text = f"{element.text}____{piece}"
                else:
                    last.tail = f"{last.tail or ''}____{piece}"
    if waiting:
        SubElement(body, "p").extend(waiting)


def _mapping(declared: Element, shares: Mapping[str, float], *, case: bool = False) -> None:
    mapping = SubElement(declared, "qti-mapping", {"default-value": "0"})
    for key, share in shares.items():
        facts = {
            "map-key": str(key),
            "mapped-value": f"{share:.6g}",
            "case-sensitive": "true" if case else "false",
        }
        SubElement(mapping, "qti-map-entry", facts)


def _html(parent: Element, text: str) -> None:
    parent.extend(fromstring(f"<x>{to_html(_sound(text))}</x>"))  # noqa: S314 - our own escaped text


def _sound(text: str) -> str:
    """Without characters that XML 1.0 cannot hold."""
    return "".join(
        one
        for one in text
        if one in "\t\n\r" or " " <= one <= "\ud7ff" or "\ue000" <= one <= "\ufffd" or one > "\uffff"
    )


def _plain(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


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
    for number, path in enumerate(paths, start=1):
        facts = {"identifier": f"r{number}", "type": "imsqti_item_xmlv3p0", "href": path}
        SubElement(SubElement(resources, "resource", facts), "file", {"href": path})
    indent(root)
    data: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return data


_WRITERS: Mapping[str, Callable[[_Writer, Content, bool], None]] = {
    "single_choice": _choice, "multiple_choice": _choice, "true_false": _truth, "blank": _blank, "numeric": _number,
    "matching": _match, "ordering": _order, "essay": _written, "short_answer": _written, "solution": _written,
    "expression": _written, "file": _file,
}  # fmt: skip
