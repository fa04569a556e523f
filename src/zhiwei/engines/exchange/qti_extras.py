"""What a QTI item says beside its question: explanations, feedback to options, what is lost."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.carrying import taken_back
from zhiwei.engines.exchange.markup import attribute, each, first
from zhiwei.engines.exchange.qti_declared import partly
from zhiwei.engines.exchange.qti_source import Source
from zhiwei.engines.exchange.values import Content

_EXPLAINS = {"explanation", "solution"}
_FEEDBACK = ("modalfeedback", "feedbackblock", "feedbackinline")


def explanation(root: Element, source: Source) -> Content:
    """The worked solution, where a feedback calls itself so; other feedback is told of unless it is an option's."""
    found: Content = {}
    options = _option_names(root)
    for one in each(root, *_FEEDBACK):
        name = attribute(one, "identifier")
        if name.lower() in _EXPLAINS and not found:
            text = source.text(one)
            found.update({"explanation": text} if text else {})
        elif name not in options and "".join(one.itertext()).strip():
            source.notes.append(f"feedback '{name}' left out")
    return found


def feedback_errors(root: Element, content: Content, source: Source) -> Content:
    """Feedback to wrong options as common errors."""
    names = _option_names(root)
    said = {attribute(one, "identifier"): source.text(one) for one in each(root, *_FEEDBACK)}
    told = {name: text for name, text in said.items() if text and name in names}
    chosen = content["type"] in {"single_choice", "multiple_choice"} and len(names) == len(content["options"])
    letter = {n: str(o["id"]) for n, o in zip(names, content["options"], strict=True)} if chosen else {}
    right = {"", *map(str, content.get("reference_answers") or [])}
    wrong = {name: text for name, text in told.items() if letter.get(name, "") not in right}
    if len(wrong) < len(told):
        source.notes.append(
            "feedback to options left out" if not wrong else "feedback to right options left out"
        )
    errors = [
        {"code": f"option-{letter[name].lower()}", "match": [letter[name]], "feedback": text}
        for name, text in wrong.items()
    ]
    worth = {one["code"]: one for one in content.get("errors") or []}
    merged = [{**worth.pop(one["code"], {}), **one} for one in errors] + list(worth.values())
    return {"errors": merged} if merged else {}


def _option_names(root: Element) -> list[str]:
    return [attribute(one, "identifier") for one in each(root, "simplechoice", "inlinechoice", "hottext")]


def lost(root: Element) -> list[str]:
    """What is left out of an item whatever it asks."""
    found = []
    if attribute(root, "adaptive") == "true":
        found.append("adaptive: only the first attempt is kept")
    if partly(root):
        found.append("marks given to partly right answers by the response processing left out")
    for name, words in {"stylesheet": "a style sheet", "audio": "audio", "video": "video"}.items():
        if first(root, name) is not None:
            found.append(f"{words} left out")
    return found


def carried_facts(root: Element, content: Content, source: Source) -> None:
    """Take over facts of the item, and what scorers are told of its marking."""
    body = first(root, "itembody")
    if body is not None:
        take_back(body, content)
    for block in each(root, "rubricblock"):
        if not {"scorer", "author"} & set(attribute(block, "view").split()):
            continue
        marking, pattern = attribute(block, "datamarking"), attribute(block, "datapattern")
        if marking or pattern:
            _marked(content, attribute(block, "datapart"), marking)
            content.update(taken_back(pattern, "pattern"))
        else:
            _guide(content, source.text(block), source)


def take_back(element: Element, content: Content) -> None:
    """Take over what our own packages carry of an item or a part."""
    for shape in ("facts", "settings"):
        content.update(taken_back(attribute(element, f"data{shape}"), shape))


def _marked(content: Content, part: str, marking: str) -> None:
    parts = {one["id"]: one for one in content.get("parts") or []}
    holder = parts.get(part, content) if part else content
    holder.update(taken_back(marking, "marking"))


def _guide(content: Content, text: str, source: Source) -> None:
    """Notes for scorers as the rubric of what a person marks."""
    if text and content["type"] in {"essay", "file"} and "rubric" not in content:
        content["rubric"] = [{"id": "guide", "score": content["max_score"], "description": text}]
    elif text:
        source.notes.append(f"notes for scorers left out: {text[:200]}")
