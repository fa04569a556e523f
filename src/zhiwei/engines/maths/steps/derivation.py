"""Derivations line by line: equations, inequalities, systems and chains of expressions.

A line is right when it is equivalent to an earlier line, when it holds for the solution of the problem
(other routes
are as good), or when it repeats a line of the reference. After a mistake the pupil's own line becomes
the measure, so
that what follows correctly from it is seen (follow-through).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from zhiwei.engines.maths.compare import compare, scalars
from zhiwei.engines.maths.errors import UndecidedError
from zhiwei.engines.maths.nodes import ORDER, Node, Op, Sym, free_symbols, heads
from zhiwei.engines.maths.shapes import kind_of, solutions, solved
from zhiwei.engines.maths.show import show
from zhiwei.engines.maths.steps.report import SolutionVerdict, StepVerdict
from zhiwei.engines.maths.steps.roots import satisfies
from zhiwei.engines.maths.steps.slips import slip
from zhiwei.engines.maths.steps.statements import Statement, statements

MAX_LINES = 60
_CHECKED = ("检验", "舍去", "增根", "不合题意", "不符合", "check", "reject", "extraneous")


@dataclass
class _Working:
    """What has been written so far."""

    truths: list[dict[str, Node]]
    reference: list[Node]
    earlier: list[Node] = field(default_factory=list)
    expression: Node | None = None
    broken: bool = False


def check_derivation(
    student: Sequence[str], reference: Sequence[str] = (), problem: str = ""
) -> SolutionVerdict:
    """Judge lines of working.

    Args:
        student: the pupil's lines.
        reference: lines of a right solution; the last line holds the answer. May be empty.
        problem: the question; its formulas count as given.

    Returns:
        A verdict on every line; lines without formulas are ``unread``.
    """
    wanted = [item.node for line in reference[:MAX_LINES] for item in statements(line)]
    working = _Working(
        _truths(wanted), wanted, [item.node for item in statements(problem)] if problem else []
    )
    rejected = any(word in line for line in student for word in _CHECKED)
    steps: list[StepVerdict] = []
    for line in student[:MAX_LINES]:
        steps.append(_line(line, working, rejected=rejected))
    first = next((i for i, step in enumerate(steps) if step.status == "wrong"), None)
    right = _answer_right(student, wanted)
    kind = steps[first].code if first is not None else ""
    return SolutionVerdict(tuple(steps), first, kind, right, bool(right) and first is not None)


def _truths(wanted: Sequence[Node]) -> list[dict[str, Node]]:
    """The solutions the reference ends with, as values for letters."""
    for node in reversed(wanted):
        listed = solutions(node)
        if listed is not None and all(not free_symbols(value) for value in listed[1]):
            return [{listed[0]: value} for value in listed[1]]
        if isinstance(node, Op) and node.head == "and":
            pairs = [solved(part) for part in node.args]
            if all(pair is not None and not free_symbols(pair[1]) for pair in pairs):
                return [dict(pair for pair in pairs if pair is not None)]
    return []


def _answer_right(student: Sequence[str], wanted: Sequence[Node]) -> bool | None:
    if not wanted:
        return None
    mine = [item.node for line in student for item in statements(line)]
    if solutions(wanted[-1]) is not None:
        mine = [node for node in mine if solutions(_result(node)) is not None]
    return any(_equal(_result(node), _result(wanted[-1])) for node in mine[-1:])


def _result(node: Node) -> Node:
    """What a chain ends in: S = 6·8/2 = 24 says S = 24; an expression rewritten ends in its last form."""
    if not (isinstance(node, Op) and node.head == "chain"):
        return node
    first, last = node.args[0], node.args[-1]
    if not (isinstance(first, Op) and isinstance(last, Op) and last.head == "="):
        return node
    return Op("=", (first.args[0], last.args[1])) if isinstance(first.args[0], Sym) else last.args[1]


def _equal(a: Node, b: Node) -> bool:
    try:
        return compare(a, b) == "equal" or compare(b, a) == "equal"
    except UndecidedError:
        return False


def _line(line: str, working: _Working, *, rejected: bool) -> StepVerdict:
    found = statements(line)
    if not found:
        return StepVerdict("unread")
    shown = "; ".join(show(item.node) for item in found)
    codes = [_judge(item, working, rejected=rejected) for item in found]
    wrong = next((code for code in codes if code), "")
    if wrong:
        first = not working.broken
        working.broken = True
        return StepVerdict("wrong" if first else "wrong_after", wrong, shown)
    return StepVerdict("follows" if working.broken else "right", "", shown)


def _judge(item: Statement, working: _Working, *, rejected: bool) -> str:
    """Code of the mistake in one statement, "" when it is fine."""
    node = item.node
    if item.continued or kind_of(node) == "chain":
        return _chain(item, working)
    code = _against_earlier(node, working, rejected=rejected)
    working.earlier.append(node)
    if kind_of(node) == "equation" and isinstance(node, Op):
        working.expression = node.args[1]
    return code


def _chain(item: Statement, working: _Working) -> str:
    """A = B = C: each link must hold; with letters on the left only (S = 6·8 = 48) the first link is a
    definition."""
    node = item.node
    parts = (
        [part for part in node.args if isinstance(part, Op)]
        if isinstance(node, Op) and node.head == "chain"
        else []
    )
    members = [parts[0].args[0], *[part.args[1] for part in parts]] if parts else [node]
    if item.continued and working.expression is not None:
        members = [working.expression, *members]
    working.expression = members[-1]
    if isinstance(members[0], Op) is False and free_symbols(members[0]) and len(members) > 2:
        working.earlier.append(Op("=", (members[0], members[-1])))
        members = members[1:]
    for left, right in pairwise(members):
        code = _link(left, right)
        if code:
            return code
    return ""


def _link(left: Node, right: Node) -> str:
    if kind_of(left) != "scalar" or kind_of(right) != "scalar":
        return ""
    try:
        reason = scalars(right, left)
    except UndecidedError:
        return ""
    if reason in {"equal", "decimal_not_exact", "domain"}:
        return ""
    return "calculation" if not free_symbols(left) and reason == "different" else reason


def _against_earlier(node: Node, working: _Working, *, rejected: bool) -> str:
    if not free_symbols(node):
        return "" if satisfies(node, {}) is not False else "calculation"
    if _identity(node):
        return ""
    rewritten = _rewriting(node, working)
    if rewritten is not None:
        return rewritten
    related = [old for old in working.earlier if free_symbols(old) & free_symbols(node)]
    if any(_equal(node, old) for old in (*related, *working.reference)):
        return _lost(node, working) if not working.broken else ""
    if working.broken:
        return _after_mistake(node, related, working)
    truth = _holds(node, working)
    if truth is True:
        return _lost(node, working)
    if truth is None and not related:
        return ""
    if rejected and _keeps_some(node, working):
        return ""
    if related and _letters_new(node, related):
        return ""
    code = slip(related[-1], node) if related else "wrong_step"
    return "lost_solution" if code == "wrong_step" and _keeps_some(node, working) else code


def _after_mistake(node: Node, related: Sequence[Node], working: _Working) -> str:
    """After a mistake only a break with the pupil's own last line is held against the line."""
    listed = solutions(node)
    if not related or (listed and all(satisfies(related[-1], {listed[0]: value}) for value in listed[1])):
        return ""
    if heads(node) & ORDER or _holds(node, working):
        return ""
    return slip(related[-1], node)


def _identity(node: Node) -> bool:
    """An equation between equal expressions: a step of rewriting inside one line."""
    if not (isinstance(node, Op) and node.head == "=" and isinstance(node.args[0], Op)):
        return False
    try:
        return scalars(node.args[0], node.args[1]) == "equal"
    except UndecidedError:
        return False


def _rewriting(node: Node, working: _Working) -> str | None:
    """When the reference rewrites the same left side, the line is a rewriting too, not an equation to
    solve."""
    if not (isinstance(node, Op) and node.head == "=" and isinstance(node.args[0], Op)):
        return None
    for wanted in working.reference:
        if (
            isinstance(wanted, Op)
            and wanted.head == "="
            and _identity(wanted)
            and wanted.args[0] == node.args[0]
        ):
            return _link(node.args[0], node.args[1])
    return None


def _holds(node: Node, working: _Working) -> bool | None:
    """Whether the statement holds for the solutions of the reference (all of them)."""
    if not working.truths or heads(node) & ORDER:
        return None
    results = [satisfies(node, truth) for truth in working.truths]
    if any(result is None for result in results):
        return None
    return all(results)


def _keeps_some(node: Node, working: _Working) -> bool:
    """With a check that rejects roots, a line may have more roots than the answer."""
    return any(satisfies(node, truth) for truth in working.truths)


def _letters_new(node: Node, related: Sequence[Node]) -> bool:
    known = frozenset().union(*map(free_symbols, related))
    return bool(free_symbols(node) - known)


def _lost(node: Node, working: _Working) -> str:
    """A listed solution set that is longer than the reference's has an extra root."""
    listed = solutions(node)
    if listed is None or not working.truths or listed[0] not in working.truths[0]:
        return ""
    right = [any(_equal(value, truth[listed[0]]) for truth in working.truths) for value in listed[1]]
    return "" if all(right) else "extra_root"
