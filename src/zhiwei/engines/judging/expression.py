"""Mathematical answers: equality with a reference answer and the required form, by the maths engine."""

from __future__ import annotations

from collections.abc import Sequence

from zhiwei.engines import maths

from .closed import DOUBTFUL, FAIRLY_SURE, SURE, ClosedGrader, Finding, full_answers, matched_error, unknown
from .errors import ItemError
from .protocol import Grader
from .values import Flag, Item, Marked, Reason, Response, scored_point

_UNDECIDED = 0.4
_FORM_SHARE = 0.5


def build(item: Item, marked: Sequence[Marked], seed: int) -> Grader:
    """A grader for one mathematical answer; settings as in docs/item-format.md.

    Raises:
        ItemError: a reference answer cannot be read, or the required form is unknown.
    """
    del seed  # nothing is drawn at random
    references = item.reference_texts() or tuple(response.answer() for response in full_answers(item, marked))
    _checked(item)

    def rule(response: Response) -> Finding:
        if not references:
            return unknown(item)
        return _finding(item, references, response)

    return ClosedGrader(item, marked, rule, lambda r: _key(r.answer()), {"test": _text(item, "test")})


def _checked(item: Item) -> None:
    form = _text(item, "form")
    if form and not set(form.replace(" ", "").split(",")) <= maths.FORMS:
        raise ItemError(f"item: settings: form: '{form[:30]}' is not one of {', '.join(sorted(maths.FORMS))}")
    for text in item.reference_texts():
        try:
            maths.read(text)
        except maths.UnreadableError as error:
            raise ItemError(
                f"item: reference_answers: '{text[:40]}' cannot be read ({error.code})"
            ) from error


def _text(item: Item, key: str) -> str:
    value = item.settings.get(key)
    return ",".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _key(text: str) -> str:
    return "".join(text.split())


def _verdict(item: Item, references: Sequence[str], text: str) -> maths.Verdict:
    """The best verdict over all reference answers."""
    options = {"bare_value": True, **item.settings}
    found = [
        maths.judge(text, reference, test=_text(item, "test"), form=_text(item, "form"), options=options)
        for reference in references
    ]
    return max(
        found, key=lambda verdict: (verdict.equal, verdict.same_meaning, verdict.reason != "different")
    )


def _finding(item: Item, references: Sequence[str], response: Response) -> Finding:
    text = response.answer()
    verdict = _verdict(item, references, text)
    unread = verdict.reason.startswith("unreadable")
    score = (
        item.max_score if verdict.equal else _share(item) * item.max_score if verdict.same_meaning else 0.0
    )
    reasons = [_reason(verdict)]
    if not verdict.same_meaning and not unread:
        error = matched_error(item, lambda known: maths.judge(text, known).equal)
        if error is not None:
            score, named = error
            reasons.append(named)
    if verdict.notes:
        shown = verdict.student
        reasons.append(
            Reason("expression.read_as", f"我把它读作 {shown}。", f"I read this as {shown}.", "all")
        )
    point = scored_point("all", score, item.max_score)
    flags = frozenset({Flag.UNREADABLE}) if unread else frozenset[Flag]()
    return Finding((point,), tuple(reasons), _confidence(verdict), flags)


def _share(item: Item) -> float:
    """Share of the marks for a right value in the wrong form (``form_score`` in marks; half when not said)."""
    given = item.settings.get("form_score")
    return min(1.0, given / item.max_score) if isinstance(given, int | float) and given >= 0 else _FORM_SHARE


def _reason(verdict: maths.Verdict) -> Reason:
    return Reason(f"expression.{verdict.reason}", verdict.message("zh"), verdict.message("en"), "all")


def _confidence(verdict: maths.Verdict) -> float:
    if verdict.equal:
        return SURE
    if verdict.reason.startswith("undecided"):
        return _UNDECIDED
    return DOUBTFUL if verdict.reason.startswith("unreadable") else FAIRLY_SURE
