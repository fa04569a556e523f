"""The public question: is the pupil's answer the reference answer, in the required form?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from zhiwei.engines.maths.calculus import same_up_to_constant
from zhiwei.engines.maths.compare import compare, ordered, scalars, unordered
from zhiwei.engines.maths.derivatives import resolve
from zhiwei.engines.maths.diagnosis import only_letter
from zhiwei.engines.maths.errors import UndecidedError, UnreadableError
from zhiwei.engines.maths.forms import check_form
from zhiwei.engines.maths.nodes import Node, Op, free_symbols
from zhiwei.engines.maths.numeric import Evaluator, UndefinedError
from zhiwei.engines.maths.reading import Reading, read
from zhiwei.engines.maths.reasons import sentence
from zhiwei.engines.maths.shapes import kind_of, settle, solved
from zhiwei.engines.maths.tests_named import TESTS
from zhiwei.engines.maths.written import (
    figures_written,
    same_kind,
    same_tree,
    same_up_to_names,
    same_up_to_order,
)

_WRITTEN = {
    "same_tree": same_tree,
    "same_up_to_order": same_up_to_order,
    "same_up_to_names": same_up_to_names,
    "same_kind": same_kind,
}
_KINDS = {
    "equation": {"equation", "logic", "truth"},
    "inequality": {"inequality", "logic", "set"},
    "interval": {"set", "tuple", "list", "inequality", "logic"},
    "set": {"set", "items", "logic", "equation"},
    "matrix": {"matrix"},
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one comparison.

    Attributes:
        equal: the answer is right (in meaning and in the required form).
        reason: stable code; ``equal`` or why not.
        student, reference: how each side was read, in linear notation ("" when unreadable).
        notes: codes of choices made while reading the student's side.
        same_meaning: equal in meaning although the form is refused.
    """

    equal: bool
    reason: str
    student: str = ""
    reference: str = ""
    notes: tuple[str, ...] = ()
    same_meaning: bool = field(default=False)

    def message(self, language: str = "en") -> str:
        """The reason as a sentence."""
        return sentence(self.reason, language)


@lru_cache(maxsize=4_096)
def _read(text: str) -> Reading:
    found = read(text)
    return Reading(resolve(found.node), found.notes, found.units, found.text)


def judge(
    student: str,
    reference: str,
    *,
    test: str = "",
    form: str = "",
    options: Mapping[str, object] | None = None,
) -> Verdict:
    """Compare a pupil's answer with the reference answer.

    Args:
        student: what the pupil wrote (LaTeX, plain text, Chinese notation).
        reference: the right answer.
        test: kind of comparison; empty to decide from both shapes (names in docs/maths.md).
        form: required form, or empty.
        options: ``variable``, ``tolerance`` (with numeric tests), ``constant_optional``, ``bare_value``.

    Returns:
        A verdict; nothing a pupil writes raises.
    """
    settings = dict(options or {})
    try:
        wanted = _read(str(reference))
    except (UnreadableError, UndecidedError) as error:
        return Verdict(False, f"unreadable_reference.{error.code}")
    try:
        given = _read(str(student))
    except (UnreadableError, UndecidedError) as error:
        return Verdict(False, f"unreadable.{error.code}", reference=wanted.shown)
    try:
        reason = _judge(given, wanted, test, settings)
    except (UndecidedError, RecursionError) as error:
        reason = f"undecided.{getattr(error, 'code', 'too_deep')}"
    same = reason == "equal"
    required = form or str(settings.get("form") or "") or _form_of(test)
    if same and required:
        reason = check_form(_formed(given.node), required)
    return Verdict(reason == "equal", reason, given.shown, wanted.shown, given.notes, same)


def _formed(node: Node) -> Node:
    """Only the last member of a chain of equalities counts as the answer."""
    if (
        isinstance(node, Op)
        and node.head == "chain"
        and isinstance(node.args[-1], Op)
        and node.args[-1].head == "="
    ):
        return node.args[-1].args[1]
    return node


def _form_of(test: str) -> str:
    named = TESTS.get(test.lower().replace("-", "_").replace(" ", "_"), "")
    return named.partition(":")[2]


def _judge(given: Reading, wanted: Reading, test: str, settings: Mapping[str, object]) -> str:
    name = TESTS.get(test.lower().replace("-", "_").replace(" ", "_"), "unknown").partition(":")[0]
    if name == "unknown":
        return "unknown_test"
    if name in _WRITTEN:
        return _WRITTEN[name](given.node, wanted.node)
    if name == "units" and wanted.units and not given.units:
        return "unit_missing"
    if given.units and wanted.units and _units(given) != _units(wanted):
        return "unit_differs"
    student, reference = settle(given.node), settle(wanted.node)
    if name == "text":
        return "equal" if given.text == wanted.text else "different"
    if name == "antiderivative":
        return _antiderivative(student, reference, settings)
    if name == "numeric":
        return _numeric(student, reference, settings)
    if name in {"greater", "greater_or_equal"}:
        return _greater(student, reference, or_equal=name == "greater_or_equal")
    if name in {"significant_figures", "decimal_places"}:
        return _figures(given, wanted, places=name == "decimal_places", settings=settings)
    return _by_kind(student, reference, name, settings)


def _units(reading: Reading) -> str:
    return "".join(reading.units).lower()


def _by_kind(student: Node, reference: Node, name: str, settings: Mapping[str, object]) -> str:
    if name in {"tuple", "vector"}:
        parts = _entries(student), _entries(reference)
        if parts[0] is not None and parts[1] is not None:
            return ordered(parts[0], parts[1])
    if name == "set":
        parts = _entries(student), _entries(reference)
        if parts[0] is not None and parts[1] is not None and kind_of(reference) in {"set", "items"}:
            return unordered(parts[0], parts[1])
    if settings.get("bare_value") and kind_of(student) == "scalar" and kind_of(reference) == "equation":
        pair = solved(reference)
        if pair is not None and pair[0] not in free_symbols(student):
            return scalars(student, pair[1])
    if (
        name in _KINDS
        and kind_of(reference) in _KINDS[name]
        and kind_of(student) not in _KINDS[name] | {"items", "chain"}
    ):
        return "different_kind"
    if name in {"interval"}:
        student, reference = _as_interval(student), _as_interval(reference)
    return compare(student, reference)


def _as_interval(node: Node) -> Node:
    heads = {"tuple": "interval_oo", "list": "interval_cc"}
    if isinstance(node, Op) and node.head in heads and len(node.args) == 2:
        return Op(heads[node.head], node.args)
    return node


def _entries(node: Node) -> tuple[Node, ...] | None:
    """Entries of a point, list, one-column or one-row matrix, or plain list."""
    if not isinstance(node, Op):
        return None
    if node.head in {"tuple", "list", "items", "interval_oo", "set"}:
        return node.args
    if node.head == "matrix":
        rows = [row.args for row in node.args if isinstance(row, Op)]
        if len(rows) == 1:
            return rows[0]
        return tuple(row[0] for row in rows) if all(len(row) == 1 for row in rows) else None
    return None


def _antiderivative(student: Node, reference: Node, settings: Mapping[str, object]) -> str:
    if kind_of(student) != "scalar" or kind_of(reference) != "scalar":
        return "different_kind"
    letter = str(settings.get("variable") or settings.get("variables") or _letter(reference))
    return same_up_to_constant(
        student, reference, letter, constant_needed=not settings.get("constant_optional")
    )


def _letter(reference: Node) -> str:
    letters = free_symbols(reference) - {"c", "C", "k", "K"}
    return next(iter(letters)) if len(letters) == 1 else (only_letter(reference) or "x")


def _numeric(student: Node, reference: Node, settings: Mapping[str, object]) -> str:
    try:
        a, b = (float(Evaluator({}, real=True, precise=False)(node).real) for node in (student, reference))
    except UndefinedError:
        return "different_kind"
    absolute, relative = _tolerances(settings)
    if absolute is None and relative is None:
        return scalars(student, reference)
    allowed = max(Fraction(absolute or 0), Fraction(relative or 0) * Fraction(abs(b)))
    return "equal" if abs(Fraction(a) - Fraction(b)) <= allowed else "out_of_tolerance"


def _tolerances(settings: Mapping[str, object]) -> tuple[float | None, float | None]:
    given = settings.get("tolerance")
    if isinstance(given, Mapping):
        return _number(given.get("absolute")), _number(given.get("relative"))
    return _number(given if given is not None else settings.get("absolute")), _number(
        settings.get("relative")
    )


def _number(value: object) -> float | None:
    try:
        found = float(str(value))
    except ValueError:
        return None
    return found if 0 <= found < float("inf") else None


def _greater(student: Node, reference: Node, *, or_equal: bool = False) -> str:
    try:
        a, b = (float(Evaluator({}, real=True, precise=False)(node).real) for node in (student, reference))
    except UndefinedError:
        return "different_kind"
    return "equal" if a > b or (or_equal and a == b) else "different"


def _figures(given: Reading, wanted: Reading, *, places: bool, settings: Mapping[str, object]) -> str:
    """The reference rounded to so many figures or places (``figures``; else as many as it shows), shown so."""
    mine, theirs = figures_written(given.text), figures_written(wanted.text)
    asked = _number(settings.get("figures"))
    if asked is None and theirs is None:
        return "undecided.figures_not_given"
    count = int(asked) if asked is not None else (theirs or (0, 0))[places]
    if mine is None or mine[places] != count:
        return "wrong_figures"
    try:
        a, b = (
            float(Evaluator({}, real=True, precise=False)(node).real) for node in (given.node, wanted.node)
        )
    except UndefinedError:
        return "different_kind"
    return "equal" if abs(a - b) <= 0.5 * 10.0 ** -mine[1] * (1 + 1e-9) else "different"
