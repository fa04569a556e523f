"""Mutants: the policy's table with one row bent, and the gates' code with one expression bent."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from zhiwei.kernel.rules.policy import Rule
from zhiwei.kernel.values import Level, Relation, Role, Verb

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


def table_mutants(rules: tuple[Rule, ...]) -> Iterator[tuple[str, Rule, Rule | None]]:
    """Yield ``(what was done, row, row instead)``; ``None`` drops the row."""
    for rule in rules:
        yield "row dropped", rule, None
        yield "elevated flipped", rule, replace(rule, elevated=not rule.elevated)
        for relation in Relation:
            if relation is not rule.relation:
                yield "relation flipped", rule, replace(rule, relation=relation)
        for level in (rule.level - 1, rule.level + 1):
            if level in set(Level):
                yield "level moved", rule, replace(rule, level=Level(level))
        for verb in sorted(rule.verbs):
            yield "verb dropped", rule, replace(rule, verbs=rule.verbs - {verb})
        for verb in sorted(set(Verb) - rule.verbs):
            yield "verb added", rule, replace(rule, verbs=rule.verbs | {verb})
        for role in Role:
            if role is not rule.role:
                yield "role widened", rule, replace(rule, role=role)


@dataclass(frozen=True)
class Gate:
    """A function under test: where it stands and how to put another in its place."""

    name: str
    function: Callable[..., Any]
    holder: Any
    module: ModuleType

    def install(self, function: Callable[..., Any]) -> None:
        """Put a function in the gate's place."""
        setattr(self.holder, self.name, function)


def gate_mutants(gate: Gate) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield ``(what was done, function)`` for every expression of the gate that can be bent."""
    source = textwrap.dedent(inspect.getsource(gate.function))
    sites = sum(len(_bends(node)) for node in ast.walk(ast.parse(source)))
    for number in range(sites):
        tree = ast.parse(source)
        name = _bend(tree, number)
        space = dict(vars(gate.module))
        code = compile(ast.fix_missing_locations(tree), f"<mutant of {gate.name}>", "exec", dont_inherit=True,
                       flags=annotations_flag())  # fmt: skip
        exec(code, vars(gate.module), space)
        yield f"{gate.name}: {name}", space[gate.name]


def annotations_flag() -> int:
    """Return the flag that leaves annotations unevaluated, as the modules themselves do."""
    import __future__

    return __future__.annotations.compiler_flag


def _bend(tree: ast.AST, number: int) -> str:
    for node in ast.walk(tree):
        bends = _bends(node)
        if number < len(bends):
            return bends[number](node)
        number -= len(bends)
    raise IndexError(number)


def _bends(node: ast.AST) -> list[Callable[[Any], str]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
        return [_turn_comparison]
    if isinstance(node, ast.BoolOp):
        return [_swap_and_or, *(_dropper(place) for place in range(len(node.values)))]
    if isinstance(node, ast.If | ast.IfExp):
        return [_negate, _always, _never]
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.BitOr):
        return [_narrow]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
        return [_swap_bits]
    return []


def _turn_comparison(node: ast.Compare) -> str:
    node.ops[0] = _COMPARISONS[type(node.ops[0])]()
    return f"line {node.lineno}: comparison turned"


def _swap_and_or(node: ast.BoolOp) -> str:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    return f"line {node.lineno}: and/or swapped"


def _dropper(place: int) -> Callable[[ast.BoolOp], str]:
    def drop(node: ast.BoolOp) -> str:
        node.values[place] = ast.Constant(isinstance(node.op, ast.And))
        return f"line {node.lineno}: condition {place + 1} dropped"

    return drop


def _negate(node: ast.If | ast.IfExp) -> str:
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return f"line {node.lineno}: condition negated"


def _always(node: ast.If | ast.IfExp) -> str:
    node.test = ast.Constant(True)
    return f"line {node.lineno}: condition always true"


def _never(node: ast.If | ast.IfExp) -> str:
    node.test = ast.Constant(False)
    return f"line {node.lineno}: condition never true"


def _narrow(node: ast.AugAssign) -> str:
    node.op = ast.BitAnd()
    return f"line {node.lineno}: union made intersection"


def _swap_bits(node: ast.BinOp) -> str:
    node.op = ast.BitOr() if isinstance(node.op, ast.BitAnd) else ast.BitAnd()
    return f"line {node.lineno}: union and intersection swapped"
