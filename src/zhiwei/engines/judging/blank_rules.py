"""One blank: what it accepts and what an answer to it earns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from zhiwei.engines.quantities import Quantity, read_quantity

from .closed import DOUBTFUL, FAIRLY_SURE, SURE
from .errors import ItemError
from .fields import Fields
from .likeness import slip
from .numeric import Checked, NumberChecker
from .plain import comparable
from .protocol import build_grader
from .reasons import error_reason, reason
from .values import CommonError, Item, ItemType, Json, Reason, Response, text_of

Kind = Literal["text", "number", "expression"]
_HOLE = re.compile(r"_{2,}|[（(]\s*[）)]|\\underline\{[\s~\\quad]*\}|\[\[.*?\]\]")
_DENIES = re.compile(r"不|非|没|无|\bnot?\b")
_NUMBER = re.compile(r"^\s*[-+−]?\s*[.\d]")


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank of an item.

    Attributes:
        accepts: texts that are right, any one of them.
        case_sensitive: capital letters matter.
        slip_share: share of the marks that a slip of spelling keeps.
        learned: what is right is known from marks alone, so other right answers may exist.
    """

    id: str
    score: float
    accepts: tuple[str, ...]
    kind: Kind = "text"
    case_sensitive: bool = False
    slip_share: float = 0.0
    settings: Mapping[str, Json] = field(default_factory=dict)
    errors: tuple[CommonError, ...] = ()
    learned: bool = False

    def also(self, text: str) -> Blank:
        """The blank, accepting ``text`` as well."""
        known = text in self.accepts or not text.strip()
        return self if known else replace(self, accepts=(*self.accepts, text))


@dataclass(frozen=True, slots=True)
class Graded:
    """What an answer to one blank earned."""

    score: float
    reasons: tuple[Reason, ...]
    confidence: float


def read_blanks(item: Item, taught: int) -> tuple[list[Blank], tuple[tuple[int, ...], ...]]:
    """The blanks of an item and the groups of them that may be exchanged.

    Args:
        taught: number of blanks in answers with full marks, used when nothing else says how many there are.

    Raises:
        ItemError: settings name a blank that is not there, or do not fit the reference answers.
    """
    described = [
        Fields(b, f"item: settings.blanks[{n}]") for n, b in enumerate(_list(item.settings.get("blanks")), 1)
    ]
    answers = _answers(item, len(described))
    count = len(described) or len(answers) or taught or len(_HOLE.findall(item.stem)) or 1
    if answers and len(answers) != count:
        raise ItemError(f"item: reference_answers: {len(answers)} given for {count} blanks")
    blanks = [
        _blank(item, described[n] if described else None, answers[n] if answers else (), n, count)
        for n in range(count)
    ]
    return blanks, _groups(item, [blank.id for blank in blanks])


def _answers(item: Item, described: int) -> list[tuple[str, ...]]:
    """Accepted texts, an entry a blank; a plain list of texts for a single blank holds its alternatives."""
    given = list(item.reference_answers)
    plain = all(not isinstance(entry, list) for entry in given)
    single = described == 1 or (not described and len(_HOLE.findall(item.stem)) == 1)
    if plain and single and len(given) > 1:
        given = [list(given)]
    return [
        tuple(text_of(text) for text in (entry if isinstance(entry, list) else [entry])) for entry in given
    ]


def _blank(item: Item, fields: Fields | None, accepts: tuple[str, ...], number: int, count: int) -> Blank:
    settings = {**item.settings, **(fields.shape if fields else {})}
    kind = text_of(settings.get("kind")) or _likely_kind(accepts)
    if kind not in {"text", "number", "expression"}:
        raise ItemError(
            f"item: settings.blanks[{number + 1}]: kind: '{kind[:20]}' is not text, number or expression"
        )
    if kind == "number" and "kind" not in settings:
        settings.setdefault("unit_required", False)
    score = fields.number("score", "points", "分值") if fields else None
    share = settings.get("slip_share")
    return Blank(
        id=(fields.text("id") if fields else "") or str(number + 1),
        score=item.max_score / count if score is None else score,
        accepts=accepts or (fields.texts("accept", "answers", "answer") if fields else ()),
        kind=cast(Kind, kind),
        case_sensitive=settings.get("case_sensitive") is True,
        slip_share=min(max(float(share), 0.0), 1.0) if isinstance(share, int | float) else 0.0,
        settings=settings,
        learned=not accepts,
        errors=(
            *item.errors,
            *(e for p in item.rubric if p.id in {str(number + 1), "all"} for e in p.errors),
        ),
    )


def _likely_kind(accepts: tuple[str, ...]) -> Kind:
    numbers = [text for text in accepts if _NUMBER.match(text) and isinstance(read_quantity(text), Quantity)]
    return "number" if accepts and len(numbers) == len(accepts) else "text"


def _groups(item: Item, ids: list[str]) -> tuple[tuple[int, ...], ...]:
    given = item.settings.get("order_free")
    if given is True:
        return (tuple(range(len(ids))),)
    lists = _list(given)
    if lists and not any(isinstance(entry, list) for entry in lists):
        lists = [cast(Json, lists)]
    groups = [[text_of(name) for name in entry] for entry in lists if isinstance(entry, list)]
    unknown = next((name for group in groups for name in group if name not in ids), None)
    if unknown is not None:
        raise ItemError(f"item: settings.order_free: there is no blank '{unknown[:30]}'")
    return tuple(tuple(ids.index(name) for name in group) for group in groups)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def key_of(text: str) -> str:
    """Equal for texts that are the same answer."""
    return comparable(text, case=True)


def grade_blank(blank: Blank, text: str) -> Graded:
    """What ``text`` earns in ``blank``."""
    if not text.strip(" _\t\n　"):
        return _graded(blank, 0.0, "blank.empty", SURE)
    if not blank.accepts:
        return _graded(blank, 0.0, "answer.no_reference", 0.05)
    if blank.kind == "expression":
        return _as_expression(blank, text)
    graded = _as_number(blank, text) if blank.kind == "number" else _as_text(blank, text)
    return graded if graded.score == blank.score else _with_error(blank, text, graded)


def _as_text(blank: Blank, text: str) -> Graded:
    case = blank.case_sensitive
    answer, accepted = comparable(text, case=case), [comparable(right, case=case) for right in blank.accepts]
    if answer in accepted:
        return _graded(blank, blank.score, "blank.right", SURE)
    if case and comparable(text) in map(comparable, blank.accepts):
        return _graded(blank, 0.0, "blank.case", FAIRLY_SURE)
    kinds = [slip(answer, right) for right in accepted]
    near = next((n for n, kind in enumerate(kinds) if kind), None)
    if near is not None:
        score = blank.score * blank.slip_share
        return _graded(blank, score, f"blank.{kinds[near]}", DOUBTFUL, accepted=blank.accepts[near])
    inside = any(right and right in answer for right in accepted) and not _DENIES.search(answer)
    return _graded(blank, 0.0, "blank.wrong", DOUBTFUL if inside or blank.learned else FAIRLY_SURE)


def _as_number(blank: Blank, text: str) -> Graded:
    """By value; as text only where the answer or an accepted answer is no number (a sign is never lost)."""
    checker = NumberChecker.from_settings(blank.accepts, blank.settings, blank.score)
    worded = [right for right in blank.accepts if not isinstance(read_quantity(right), Quantity)]
    checked = checker.check(text, blank.id) if checker.references else None
    if checked is None or checked.unread:
        as_text = _as_text(blank, text)
        return as_text if checked is None or as_text.score == blank.score else _plain(checked)
    if not checked.right and comparable(text) in map(comparable, worded):
        return _graded(blank, blank.score, "blank.right", SURE)
    return _plain(checked)


def _plain(checked: Checked) -> Graded:
    return Graded(checked.score, checked.reasons, checked.confidence)


def _as_expression(blank: Blank, text: str) -> Graded:
    item = Item(
        ItemType.EXPRESSION, blank.score, reference_answers=tuple(blank.accepts), settings=blank.settings
    )
    judged = build_grader(replace(item, errors=blank.errors)).judge(Response(blank.id, text))
    reasons = tuple(replace(why, point_id=blank.id) for why in judged.reasons)
    return Graded(judged.score, reasons, judged.confidence)


def _with_error(blank: Blank, text: str, graded: Graded) -> Graded:
    answer = comparable(text)
    for error in blank.errors:
        if answer in map(comparable, error.match):
            score = graded.score if error.score is None else error.score
            return Graded(score, (*graded.reasons, error_reason(error, point_id=blank.id)), FAIRLY_SURE)
    return graded


def _graded(blank: Blank, score: float, code: str, confidence: float, **values: str) -> Graded:
    return Graded(score, (reason(code, point_id=blank.id, **values),), confidence)
