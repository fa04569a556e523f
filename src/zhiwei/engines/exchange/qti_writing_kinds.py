"""How each type of question is written in QTI 3.0."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element, SubElement

from zhiwei.engines.exchange.qti_writer import Writer, put_html, put_mapping
from zhiwei.engines.exchange.values import Content

_NUMBER = re.compile(r"^\s*(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*([^\d/^*×.,\\].*)?$")
SAID = {
    "multiple_choice": {"partial"}, "blank": {"blanks", "case_sensitive", "order_free"}, "essay": {"min_length"},
    "numeric": {"tolerance", "unit", "significant_figures"}, "matching": {"partial"},
}  # fmt: skip
"""Settings that the format can say or that are told of by name."""


def _choice(writer: Writer, item: Content) -> None:
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
        put_mapping(declared, shares)
        if partial == "subset":
            writer.notes.append("the rule for part marks is read here only; others mark in proportion")
    made = writer.interaction("choice", name, item, max_choices="0" if several else "1", shuffle="false")
    for option in item["options"]:
        put_html(
            SubElement(made, "qti-simple-choice", {"identifier": str(option["id"])}), str(option["text"])
        )


def _truth(writer: Writer, item: Content) -> None:
    name, _declared = writer.declare(
        "identifier", "single", ["true" if item["reference_answers"][0] else "false"]
    )
    made = writer.interaction("choice", name, item, max_choices="1", shuffle="false")
    for key, text in (("true", "对"), ("false", "错")):
        SubElement(made, "qti-simple-choice", {"identifier": key}).text = text


def _blank(writer: Writer, item: Content) -> None:
    settings = item.get("settings") or {}
    answers = item["reference_answers"]
    rules = settings.get("blanks") or [{} for _one in answers]
    stem, gaps = str(item.get("stem", "")), list[Element]()
    for accepted, rule in zip(answers, rules, strict=False):
        texts = [str(one) for one in accepted] if isinstance(accepted, list) else [str(accepted)]
        number = rule.get("kind") == "number" and all(_plain(one) for one in texts)
        name, declared = writer.declare("float" if number else "string", "single", texts[:1])
        share = float(rule.get("score") or float(item["max_score"]) / len(answers))
        put_mapping(declared, dict.fromkeys(texts, share), case=bool(settings.get("case_sensitive")))
        tolerance = dict(rule.get("tolerance") or {})
        if number and "absolute" in tolerance:
            writer.equals.append((name, "absolute", float(tolerance["absolute"])))
        if rule.get("kind") == "expression":
            writer.notes.append("an expression is compared as text elsewhere")
        gaps.append(
            Element("qti-text-entry-interaction", {"response-identifier": name, "data-type": "blank"})
        )
    writer.notes += ["blanks that may be exchanged are so here only"] if settings.get("order_free") else []
    writer.gapped(stem, gaps)


def _number(writer: Writer, item: Content) -> None:
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
        writer.notes.append("significant figures are checked here only")
    writer.gapped(str(item.get("stem", "")), [Element("qti-text-entry-interaction", facts)], blanks=False)


def _match(writer: Writer, item: Content) -> None:
    pairs = [f"{left} {right}" for left, right in item["reference_answers"]]
    name, declared = writer.declare("directedPair", "multiple", pairs)
    put_mapping(declared, dict.fromkeys(pairs, float(item["max_score"]) / max(len(pairs), 1)))
    made = writer.interaction("match", name, item, max_associations="0", shuffle="false")
    for side in ("left", "right"):
        group = SubElement(made, "qti-simple-match-set")
        for one in item["options"][side]:
            facts = {"identifier": str(one["id"]), "match-max": "1"}
            put_html(SubElement(group, "qti-simple-associable-choice", facts), str(one["text"]))


def _order(writer: Writer, item: Content) -> None:
    name, _declared = writer.declare("identifier", "ordered", list(map(str, item["reference_answers"])))
    made = writer.interaction("order", name, item, shuffle="false")
    for one in item["options"]:
        put_html(SubElement(made, "qti-simple-choice", {"identifier": str(one["id"])}), str(one["text"]))


def _written(writer: Writer, item: Content) -> None:
    texts = [
        "\n".join(map(str, one)) if isinstance(one, list) else str(one)
        for one in item.get("reference_answers") or []
    ]
    several = len(texts) > 1
    name, _declared = writer.declare("string", "multiple" if several else "single", texts)
    facts = {"data_type": str(item["type"])}
    least = (item.get("settings") or {}).get("min_length")
    facts.update({"data_min_length": str(least)} if least else {})
    writer.interaction("extended-text", name, item, **facts)


def _file(writer: Writer, item: Content) -> None:
    name, _declared = writer.declare("file", "single", [])
    writer.interaction("upload", name, item)


def _plain(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


WRITERS: Mapping[str, Callable[[Writer, Content], None]] = {
    "single_choice": _choice, "multiple_choice": _choice, "true_false": _truth, "blank": _blank, "numeric": _number,
    "matching": _match, "ordering": _order, "essay": _written, "short_answer": _written, "solution": _written,
    "expression": _written, "file": _file,
}  # fmt: skip
