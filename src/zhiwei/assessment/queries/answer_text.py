"""A pupil's own answer as it is shown back: lines, choices or text, with what earned points underlined."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from zhiwei.engines import judging
from zhiwei.ui import markdown
from zhiwei.ui.values import Origin, Span

LINES = frozenset({"expression", "solution"})
BY_VALUE = frozenset({"single_choice", "multiple_choice", "true_false", "matching", "ordering", "blank"})
SEPARATOR = "；"
LETTERS = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of an answer; ``earned`` when it holds evidence for a point."""

    html: SafeString
    earned: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer ready to be drawn: ``text`` with ``spans``, or ``lines``; blank when there is none."""

    text: str = ""
    spans: tuple[Span, ...] = ()
    lines: tuple[ShownLine, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether nothing was answered."""
        return not (self.text.strip() or self.lines)


def shown_answer(
    content: Mapping[str, Any], value: Mapping[str, Any], judgement: Mapping[str, Any] | None
) -> ShownAnswer:
    """Return an answer as its pupil reads it.

    Args:
        judgement: What the engines wrote, when its evidence stands.
    """
    kind = str(content.get("type", ""))
    answer = _answer(value)
    evidence = _evidence(judgement, answer)
    if kind in LINES:
        return ShownAnswer(lines=_formula_lines(answer, evidence))
    if kind == "composite":
        return ShownAnswer(lines=_part_lines(content, value))
    if kind in BY_VALUE:
        texts = _value_texts(content, value.get("value", value.get("text")))
        return ShownAnswer(lines=tuple(ShownLine(_inline(text)) for text in texts))
    return ShownAnswer(text=answer, spans=tuple(evidence))


def reference_lines(content: Mapping[str, Any]) -> tuple[SafeString, ...]:
    """Return the right answers as lines of HTML; a worked solution is its lines."""
    return tuple(_inline(line) for line in reference_texts(content))


def reference_texts(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the right answers as lines of text with formulas between dollar signs."""
    kind = str(content.get("type", ""))
    answers = content.get("reference_answers") or []
    if kind == "composite":
        parts = enumerate(content.get("parts", []), start=1)
        return tuple(f"({place}) {line}" for place, part in parts for line in reference_texts(part))
    if kind == "solution":
        first = answers[0] if answers else []
        return tuple(
            _formula(str(line)) for line in (first if isinstance(first, list) else str(first).split("\n"))
        )
    if kind == "expression":
        return tuple(_formula(str(one)) for one in answers[:1])
    if kind == "blank":
        return _blank_reference(answers)
    if kind == "true_false":
        return tuple(_value_texts(content, answers[0] if answers else None))
    if kind in BY_VALUE:
        return tuple(_value_texts(content, answers))
    return tuple(str(one) for one in answers[:2] if not isinstance(one, list | dict))


def said_in_words(content: Mapping[str, Any], value: Mapping[str, Any]) -> tuple[str, ...]:
    """Return an answer of pairs, an order, blanks or parts in the question's own words; empty for other types."""
    kind, given = str(content.get("type", "")), value.get("value")
    if kind in {"matching", "ordering", "blank"} and isinstance(given, list | dict):
        return tuple(_value_texts(content, given))
    if kind != "composite" or not isinstance(given, Mapping):
        return ()
    told = []
    for place, part in enumerate(content.get("parts", []), start=1):
        one = _shaped(given.get(str(part.get("id", place))))
        inner = said_in_words(part, one) or tuple(one for one in [_answer(one)] if one)
        if inner:
            told.append(f"({place}) {'，'.join(inner)}")
    return tuple(told)


def printed_answer(content: Mapping[str, Any], value: Mapping[str, Any]) -> tuple[str, ...]:
    """Return an answer as lines of text for paper, formulas between dollar signs."""
    kind = str(content.get("type", ""))
    told = said_in_words(content, value)
    if told:
        return told
    if kind in BY_VALUE:
        return tuple(_value_texts(content, value.get("value", value.get("text"))))
    lines = [line.strip() for line in _answer(value).split("\n") if line.strip()]
    return tuple(map(_formula, lines)) if kind in LINES else tuple(lines)


def _shaped(one: Any) -> Mapping[str, Any]:
    """Return a part's answer as an answer of its own."""
    return one if isinstance(one, dict) and set(one) <= {"text", "value", "steps"} else {"value": one}


def _answer(value: Mapping[str, Any]) -> str:
    steps = tuple(map(str, value.get("steps", ()) or ()))
    whole = judging.Response("", text=str(value.get("text", "") or ""), value=value.get("value"), steps=steps)
    return whole.answer()


def _evidence(judgement: Mapping[str, Any] | None, answer: str) -> list[Span]:
    if judgement is None:
        return []
    names = {str(one.get("id")): one for one in judgement.get("points", []) if isinstance(one, dict)}
    found = []
    for one in judgement.get("evidence", []):
        start, end, point = int(one["start"]), int(one["end"]), str(one.get("point_id", ""))
        earned = float(names.get(point, {}).get("score") or 0) > 0
        if earned and answer[start:end] == one.get("text"):
            note = str(names.get(point, {}).get("description", ""))
            found.append(Span(start, end, Origin.EARNED, note=note))
    return found


def _formula_lines(answer: str, evidence: Sequence[Span]) -> tuple[ShownLine, ...]:
    lines, at = [], 0
    for text in answer.split("\n"):
        inside = [one for one in evidence if one.start < at + len(text) and one.end > at]
        if text.strip():
            note = "；".join(dict.fromkeys(one.note for one in inside if one.note))
            lines.append(ShownLine(_inline(_formula(text)), bool(inside), note))
        at += len(text) + 1
    return tuple(lines)


def _part_lines(content: Mapping[str, Any], value: Mapping[str, Any]) -> tuple[ShownLine, ...]:
    given = value.get("value")
    answers = given if isinstance(given, dict) else {}
    rows = []
    for place, part in enumerate(content.get("parts", []), start=1):
        shown = shown_answer(part, _shaped(answers.get(str(part.get("id", place)))), None)
        inner = [line.html for line in shown.lines] or [_inline(shown.text or _("（没有作答）"))]
        rows += [ShownLine(_safe(f"({place}) ") + html) for html in inner]
    return tuple(rows) if any(answers.values()) else ()


def _value_texts(content: Mapping[str, Any], value: Any) -> list[str]:
    """An answer given by choosing, pairing, ordering or filling in, as lines of text."""
    kind = str(content.get("type", ""))
    if value in (None, "", [], {}):
        return []
    if kind == "true_false":
        return [_("对") if value in (True, "true", "对", "√") else _("错")]
    rows = value if isinstance(value, list) else [value]
    if kind == "blank":
        filled = any(str(one).strip() for one in rows)
        return [f"({n}) {one or '—'}" for n, one in enumerate(rows, start=1)] if filled else []
    if kind == "matching":
        return _pairs(content, value)
    texts = _texts(content, "")
    if isinstance(value, str) and value not in texts and set(value) <= set(texts):
        rows = list(value)  # letters written together: AC
    if kind == "ordering":
        return [f"{n}. {texts.get(str(one), one)}" for n, one in enumerate(rows, start=1)]
    return [f"{one}. {texts[str(one)]}" if str(one) in texts else str(one) for one in rows]


def _pairs(content: Mapping[str, Any], value: Any) -> list[str]:
    pairs = list(value.items()) if isinstance(value, dict) else [one for one in value if len(one) == 2]
    left, right = _texts(content, "left"), _texts(content, "right")
    return [f"{left.get(a, a)} — {right.get(b, b)}" for a, b in pairs]


def _texts(content: Mapping[str, Any], side: str) -> dict[str, str]:
    options = content.get("options") or []
    rows = options.get(side, []) if isinstance(options, dict) else options
    return {
        str(row.get("id", "")) if isinstance(row, dict) else chr(ord("A") + n): str(
            row.get("text", "") if isinstance(row, dict) else row
        )
        for n, row in enumerate(rows)
    }


def _blank_reference(answers: Sequence[Any]) -> tuple[str, ...]:
    shown = [" / ".join(map(str, one[:3])) if isinstance(one, list) else str(one) for one in answers]
    return ("；".join(f"({n}) {one}" for n, one in enumerate(shown, start=1)),) if shown else ()


def answer_html(text: str, kind: str) -> SafeString:
    """Return one line of an answer as HTML: working and expressions are formulas though nobody wrote dollar signs."""
    if kind not in LINES:
        return _inline(text)
    return _safe(SEPARATOR.join(_inline(_formula(line)) for line in text.split(SEPARATOR)))


def _formula(text: str) -> str:
    """A line of working: words stay words, the rest is a formula."""
    plain = text.strip()
    return plain if "$" in plain or LETTERS.search(plain) else f"${plain}$"


def _inline(text: str) -> SafeString:
    return _safe(markdown.inline_formulas(text))


def _safe(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308 - escaped by ui.markdown, or fixed words
