"""Questions as a pupil sees them: rendered once, without anything that gives the answer away."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from zhiwei.ui import markdown
from zhiwei.ui.figures import figure_html

WITH_WORKING = frozenset({"solution", "short_answer", "essay", "file", "composite"})
"""Types where a photo or a drawing of the working can be handed in beside the answer."""
_GAP = re.compile(r"_{2,}")
_FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+?\$", re.DOTALL)
_MARK = "\ue010{}\ue011"
_MARKED = re.compile("\ue010(\\d+)\ue011")
_LONGEST_STEM = 60_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose, pair or put in order."""

    id: str
    html: SafeString


@dataclass(frozen=True, slots=True)
class Question:
    """One question ready to be drawn.

    Attributes:
        key: Id of the work's question, or ``question/part`` inside a composite one; names the fields.
        stem: HTML; of a blank question it holds the fields themselves.
        loose_gaps: Labels of blanks that have no place in the stem.
        right: The right side of a matching question.
        formula: A formula keyboard is offered.
        working: A photo or a drawing may be added.
    """

    key: str
    number: str
    type: str
    label: str
    max_score: float
    stem: SafeString
    options: tuple[Choice, ...] = ()
    right: tuple[Choice, ...] = ()
    loose_gaps: tuple[str, ...] = ()
    parts: tuple[Question, ...] = ()
    min_length: int = 0
    language: str = "zh"
    formula: bool = False
    working: bool = False

    @property
    def gaps(self) -> int:
        """How many blanks there are."""
        return len(_FIELD.findall(self.stem)) + len(self.loose_gaps)


_FIELD = re.compile(r"data-gap=")


def present(
    content: Mapping[str, Any], *, key: str, number: str, max_score: float | None = None, to_fill: bool = True
) -> Question:
    """Return a question of a work (or of the bank) as it is shown to whoever answers it.

    Args:
        content: The item as docs/item-format.md describes it; keys, rubric and explanation are not passed on.
        to_fill: Put fields into the blanks; without it the blanks stay lines, for reading.
    """
    kind = str(content.get("type", ""))
    source = str(content.get("stem", ""))[:_LONGEST_STEM]
    filled = kind == "blank" and to_fill
    stem, loose = _with_gaps(content, source, key) if filled else (markdown.to_html(source), ())
    left, right = _options(content)
    return Question(
        key=key,
        number=number,
        type=kind,
        label=type_name(kind),
        max_score=float(max_score if max_score is not None else content.get("max_score", 0) or 0),
        stem=mark_safe(stem + figure_html(content)),  # noqa: S308 - cleaned by ui.markdown
        options=left,
        right=right,
        loose_gaps=loose,
        parts=_parts(content, key, number, to_fill=to_fill) if kind == "composite" else (),
        min_length=_whole(_settings(content).get("min_length")),
        language=str(content.get("language", "zh") or "zh"),
        formula=kind in {"expression", "solution"},
        working=kind in WITH_WORKING and "/" not in key,
    )


def type_name(kind: str) -> str:
    """Return the name of a type in the reader's language."""
    names = {
        "single_choice": _("单选题"),
        "multiple_choice": _("多选题"),
        "true_false": _("判断题"),
        "blank": _("填空题"),
        "numeric": _("数值题"),
        "expression": _("列式题"),
        "solution": _("解答题"),
        "matching": _("连线题"),
        "ordering": _("排序题"),
        "short_answer": _("简答题"),
        "essay": _("作文"),
        "file": _("上传作品"),
        "composite": _("综合题"),
    }
    return names.get(kind, kind)


def _parts(content: Mapping[str, Any], key: str, number: str, *, to_fill: bool) -> tuple[Question, ...]:
    rows = [one for one in content.get("parts", []) if isinstance(one, Mapping)]
    return tuple(
        present(one, key=f"{key}/{one.get('id', place)}", number=f"{number}.{place}", to_fill=to_fill)
        for place, one in enumerate(rows, start=1)
    )


def _options(content: Mapping[str, Any]) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    options = content.get("options") or ()
    if isinstance(options, Mapping):
        return _choices(options.get("left") or ()), _choices(options.get("right") or ())
    return _choices(options), ()


def _choices(rows: Sequence[Any]) -> tuple[Choice, ...]:
    found = []
    for place, row in enumerate(rows):
        letter = chr(ord("A") + place)
        shaped = row if isinstance(row, Mapping) else {"id": letter, "text": row}
        text = markdown.inline_formulas(str(shaped.get("text", "")))
        found.append(Choice(str(shaped.get("id", letter)), mark_safe(text)))  # noqa: S308 - escaped
    return tuple(found)


def _with_gaps(content: Mapping[str, Any], source: str, key: str) -> tuple[str, tuple[str, ...]]:
    """Put a field into every run of underscores outside formulas; what finds no place follows the stem."""
    wanted = max(len(content.get("reference_answers") or ()), len(_settings(content).get("blanks") or ()), 1)
    found = 0

    def gap(_run: re.Match[str]) -> str:
        nonlocal found
        found += 1
        return _MARK.format(found - 1) if found <= wanted else _run.group()

    pieces, at = [], 0
    for formula in _FORMULA.finditer(source):
        pieces += [_GAP.sub(gap, source[at : formula.start()]), formula.group()]
        at = formula.end()
    pieces.append(_GAP.sub(gap, source[at:]))
    html = markdown.to_html("".join(pieces))
    html = _MARKED.sub(lambda mark: _gap_field(key, int(mark.group(1)), wanted), html)
    return html, tuple(f"({place + 1})" for place in range(found, wanted))


def _gap_field(key: str, place: int, wanted: int) -> str:
    label = _("第 %(place)s 空，共 %(wanted)s 空") % {"place": place + 1, "wanted": wanted}
    return format_html(
        '<input class="gap" type="text" data-gap="{}" aria-label="{}" autocomplete="off" autocapitalize="off" '
        'spellcheck="false" maxlength="300" name="{}-{}">',
        place,
        label,
        key,
        place,
    )


def _settings(content: Mapping[str, Any]) -> Mapping[str, Any]:
    settings = content.get("settings")
    return settings if isinstance(settings, Mapping) else {}


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0
