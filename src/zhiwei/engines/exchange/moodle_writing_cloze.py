"""Gaps in Moodle's cloze, and composite items as cloze with a section for each part."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.carrying import carried
from zhiwei.engines.exchange.markup import to_html
from zhiwei.engines.exchange.values import Content

if TYPE_CHECKING:
    from zhiwei.engines.exchange.moodle_writing_kinds import Asked

_GAP = re.compile(r"_{2,}|＿+|（\s*）")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_MARK = "\ue220"


def composite(question: Element, item: Content, asked: Asked) -> None:
    """Parts in sections; where a part is written freely, the whole is an essay marked by a person."""
    parts = item.get("parts") or []
    gaps = [_gaps(part) for part in parts]
    asked.facts["type"] = "composite"
    asked.notes += ["figures of parts left out"] if any(part.get("figure") for part in parts) else []
    if all(gaps):
        sections = [_section(part, found) for part, found in zip(parts, gaps, strict=True)]
        asked.html += "".join(sections)
        _explain(question, parts)
        lost = [words for words in ("rubric", "errors", "samples") if any(part.get(words) for part in parts)]
        asked.notes += [f"Moodle has no place for {words} of parts" for words in lost]
        return
    question.set("type", "essay")
    asked.notes.append("a composite item with written parts is an essay marked by a person in Moodle")
    asked.html += "".join(to_html(f"({n}) {part.get('stem', '')}") for n, part in enumerate(parts, start=1))
    told = json.dumps(
        [{k: v for k, v in part.items() if k != "figure"} for part in parts], ensure_ascii=False
    )
    marking = carried({k: v for k, v in item.items() if k != "explanation"}, "marking")
    facts = {"parts": told, "stem": str(item.get("stem", "")), **({"marking": marking} if marking else {})}
    said = "".join(f' data-{key}="{html.escape(value)}"' for key, value in facts.items())
    _graders(question, f"<div{said}>{''.join(to_html(_answers(part)) for part in parts)}</div>")
    asked.graded = True


def _explain(question: Element, parts: list[Content]) -> None:
    """What explains the parts, behind what explains the whole."""
    said = [str(part.get("explanation") or "") for part in parts]
    general = question.find("generalfeedback/text")
    if any(said) and general is not None:
        rows = "".join(to_html(f"({number}) {one}") for number, one in enumerate(said, start=1) if one)
        facts = html.escape(json.dumps(said, ensure_ascii=False))
        general.text = f'{general.text or ""}<div data-explains="{facts}">{rows}</div>'


def _graders(question: Element, told: str) -> None:
    from zhiwei.engines.exchange.moodle_writing_kinds import put

    put(question, "graderinfo", told, form="html")


def _answers(part: Content) -> str:
    answers = [one if isinstance(one, str) else "\n".join(map(str, one)) if isinstance(one, list) else str(one)
               for one in part.get("reference_answers") or []]  # fmt: skip
    return " / ".join(answers)


def _section(part: Content, gaps: list[str]) -> str:
    facts = {
        "part": str(part.get("id", "")),
        "score": f"{float(part['max_score']):g}",
        "type": str(part["type"]),
    }
    for shape in ("settings", "facts"):
        said = carried(part, shape)
        facts.update({shape: said} if said else {})
    names = "".join(f' data-{key}="{html.escape(value)}"' for key, value in facts.items())
    stem = str(part.get("stem", ""))
    inside = with_gaps(stem, gaps) if part["type"] == "blank" else with_gaps("", gaps)
    return f"<div{names}>{'' if part['type'] == 'blank' else to_html(stem)}{inside}</div>"


def _gaps(part: Content) -> list[str]:
    """The gaps of a part; none when it is written freely."""
    kind, right = str(part["type"]), part.get("reference_answers") or []
    if kind in {"single_choice", "multiple_choice"}:
        name = "MULTICHOICE_V" if kind == "single_choice" else "MULTIRESPONSE"
        rows = [("=" if one["id"] in right else "") + _safe(str(one["text"])) for one in part["options"]]
        return [_gap(name, rows, part["max_score"])]
    if kind == "true_false":
        rows = [("=" if right[0] is answer else "") + text for answer, text in ((True, "对"), (False, "错"))]
        return [_gap("MULTICHOICE_H", rows, part["max_score"])]
    rules = (part.get("settings") or {}).get("blanks") or []
    if kind == "blank":
        return [gap_of(one, rule) for one, rule in zip(right, rules or [{}] * len(right), strict=False)]
    if kind == "numeric":
        rule = {"kind": "number", "score": part["max_score"], **(part.get("settings") or {})}
        return [gap_of(right, rule)]
    return []


def gap_of(accepted: object, rule: Content) -> str:
    """Return a written gap by what it accepts and its rule."""
    given = accepted if isinstance(accepted, list) else [accepted]
    texts = [str(one) for one in given]
    if rule.get("kind") == "number" and all(_NUMBER.fullmatch(one) for one in texts):
        tolerance = (rule.get("tolerance") or {}).get("absolute", 0)
        return _gap("NUMERICAL", [f"={one}:{tolerance:g}" for one in texts], rule.get("score"))
    return _gap("SHORTANSWER", [f"={_safe(one)}" for one in texts], rule.get("score"))


def _gap(name: str, rows: list[str], score: object) -> str:
    weight = max(round(float(str(score or 1))), 1)
    return f"{{{weight}:{name}:{'~'.join(rows)}}}"


def _safe(text: str) -> str:
    return re.sub(r"([~=#{}\\%])", r"\\\1", text)


def with_gaps(stem: str, gaps: list[str]) -> str:
    """Return the HTML of a stem with its gaps where it has blanks, those left over at its end."""
    waiting = list(range(len(gaps)))
    drawn = dict[int, str]()

    def named(found: re.Match[str]) -> str:
        if not waiting:
            return found.group()
        drawn[waiting[0]] = found.group()
        return f"{_MARK}{waiting.pop(0)}{_MARK}"

    marked = to_html(_GAP.sub(named, stem) + "".join(f" {_MARK}{one}{_MARK}" for one in waiting))
    return re.sub(
        rf"{_MARK}(\d+){_MARK}",
        lambda found: _shown(gaps[int(found.group(1))], drawn.get(int(found.group(1)), "____")),
        marked,
    )


def _shown(gap: str, drawn: str) -> str:
    inside = html.escape(gap, quote=False)
    return inside if drawn == "____" else f'<span data-gap="{drawn}">{inside}</span>'
