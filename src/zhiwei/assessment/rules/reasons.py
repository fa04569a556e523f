"""Reading the engines' reasons: which praise, which are of no use to a pupil, and what kind of slip each tells of."""

from __future__ import annotations

from collections.abc import Iterable

CAUSES = ("reading", "concept", "calculation", "unit", "step", "expression", "careless", "blank", "other")
"""Kinds of cause, as a pupil or teacher may choose them."""

_PRAISE = frozenset(
    {
        "answer.as_marked", "expression.equal", "solution.complete", "short_answer.point_earned", "choice.right",
        "blank.right", "numeric.right", "matching.right", "ordering.right", "essay.trait_strong",
    }
)  # fmt: skip
_TECHNICAL = frozenset(
    {
        "answer.no_reference", "short_answer.learned", "short_answer.no_basis", "essay.unlearned", "essay.learned",
        "guard.copied", "guard.addresses_marker", "answer.as_marked", "file.by_hand", "expression.read_as",
        "solution.read_as", "solution.lucky", "expression.undecided", "solution.undecided",
    }
)  # fmt: skip
# the longest prefix that fits decides; written from the engines' catalogues of reasons
_BY_CODE = {
    "answer.blank": "blank",
    "blank.empty": "blank",
    "answer": "expression",
    "choice.several": "reading",
    "choice.missing": "concept",
    "choice.extra": "concept",
    "choice": "concept",
    "blank.typo": "careless",
    "blank.homophone": "expression",
    "blank.case": "careless",
    "blank": "concept",
    "numeric.unit": "unit",
    "numeric.percent_missing": "unit",
    "numeric.significant_figures": "expression",
    "numeric.power_of_ten": "calculation",
    "numeric.sign": "careless",
    "numeric.near": "calculation",
    "numeric.nothing": "blank",
    "numeric.several": "reading",
    "numeric": "calculation",
    "maths.form": "expression",
    "expression": "calculation",
    "solution": "step",
    "matching": "concept",
    "ordering": "concept",
    "short_answer.point_contradicted": "concept",
    "short_answer.contradicts_reference": "concept",
    "short_answer": "expression",
    "essay.off_topic": "reading",
    "essay.too_short": "reading",
    "essay": "expression",
    "guard.repeats_question": "reading",
    "guard.contradicts": "concept",
    "guard": "expression",
    "misconception": "concept",
}
# the words of the maths engine, behind ``expression.`` or ``solution.``
_BY_WORD = {
    **dict.fromkeys(("sign_error", "term_not_negated", "letter_case", "other_letters", "missing_constant"), "careless"),
    **dict.fromkeys(("calculation", "wrong_factor", "wrong_constant", "power_of_ten", "reciprocal"), "calculation"),
    **dict.fromkeys(("misread", "went_on", "quantity", "different_kind"), "reading"),
    **dict.fromkeys(("fact", "domain", "backwards", "inequality_not_reversed"), "concept"),
    **dict.fromkeys(("missing_case", "lost_solution"), "concept"),
    **dict.fromkeys(("unit", "unit_differs"), "unit"),
    **dict.fromkeys(("wrong_step", "incomplete", "inconsistent", "term_not_multiplied", "inverted_division"), "step"),
    **dict.fromkeys(
        ("not_factored", "not_expanded", "unsimplified", "not_single_fraction", "not_exact", "not_standard",
         "not_lowest_terms", "decimal_not_exact", "unreadable", "not_equation"), "expression"),
}  # fmt: skip
_TELLING = ("unit", "careless", "calculation", "step", "reading", "concept", "expression", "blank")
"""Which cause is named when several fit: the more particular one first."""


def is_praise(code: str) -> bool:
    """Tell whether a reason says what was right."""
    return code in _PRAISE


def is_technical(code: str) -> bool:
    """Tell whether a reason speaks of the machine's workings and not of the answer."""
    return code in _TECHNICAL


def cause_of(codes: Iterable[str], kind: str) -> str:
    """Return the likely cause of lost points from the judging codes of one response.

    Args:
        codes: Codes of the reasons, as the engines write them (``numeric.unit_missing``).
        kind: Type of the question; decides when no code tells anything.
    """
    found = {_of_code(code) for code in codes if not is_praise(code) and not is_technical(code)}
    return next((cause for cause in _TELLING if cause in found), _by_kind(kind))


def _of_code(code: str) -> str:
    group, _, word = code.partition(".")
    if group in {"expression", "solution"} and word in _BY_WORD:
        return _BY_WORD[word]
    words = code
    while words:
        if words in _BY_CODE:
            return _BY_CODE[words]
        if words.rsplit("_", 1)[0] in _BY_CODE and "_" in words:
            return _BY_CODE[words.rsplit("_", 1)[0]]
        words = words.rpartition(".")[0]
    return ""


def _by_kind(kind: str) -> str:
    if kind in {"solution", "composite"}:
        return "step"
    if kind in {"short_answer", "essay"}:
        return "expression"
    return "calculation" if kind in {"numeric", "expression"} else "concept"
