"""Functions and what they are applied to: the part of the grammar for names that take arguments."""

from __future__ import annotations

from typing import Protocol

from zhiwei.engines.maths.errors import UnreadableError
from zhiwei.engines.maths.names import PREFIX_FUNCTIONS
from zhiwei.engines.maths.nodes import ONE, Node, Num, Op, Sym, number
from zhiwei.engines.maths.tokens import Token

POWER = 40


class _Reader(Protocol):
    tokens: list[Token]
    at: int
    latex: bool
    bars: int

    def peek(self) -> Token: ...
    def take(self) -> Token: ...
    def expect(self, text: str) -> Token: ...
    def expression(self, level: int = 0) -> Node: ...
    def prefix(self) -> Node: ...
    def note(self, code: str) -> None: ...
    def items(self, close: str) -> tuple[Node, ...]: ...
    def implied(self, left: Node, token: Token) -> Node: ...
    def script(self) -> Node: ...
    def bracket(self, token: Token) -> Node: ...
    def _arguments(self, name: str) -> tuple[Node, ...]: ...
    def _bare_argument(self) -> Node: ...


class FunctionsMixin:
    """Methods of the grammar for functions."""

    def radicand(self: _Reader) -> Node:
        """``√2x`` is read as √2·x, ``√(2x)`` as the root of the bracket."""
        if self.peek().kind == "open":
            return self.bracket(self.take())
        inner = self.prefix()
        if self.peek().kind in {"name", "num", "const"}:
            self.note("root_of_one_factor")
        return inner

    def absolute(self: _Reader) -> Node:
        """Read up to the closing bar of an absolute value."""
        self.bars += 1
        inner = self.expression()
        self.expect("|")
        self.bars -= 1
        return Op("abs", (inner,))

    def call(self: _Reader, token: Token) -> Node:
        """Read the arguments of a word that makes a collection."""
        self.expect("(")
        args = self.items(")")
        self.expect(")")
        if token.text == "matrix":
            return Op("matrix", tuple(Op("row", _parts(arg)) for arg in args))
        if token.text in {"union", "intersection"}:
            return _folded("union" if token.text == "union" else "intersect", args)
        if token.text == "ntuple":
            return Op("tuple", args)
        return Op("interval_" + token.text, args)

    def function(self: _Reader, token: Token) -> Node:
        """Read powers, base and arguments of a function."""
        name, power, base = token.text, None, None
        while self.peek().text in {"^", "_"}:
            if self.take().text == "^":
                power = self.script()
            else:
                base = self.script()
        if (
            name == "log"
            and base is None
            and self.peek().kind == "num"
            and self.tokens[self.at + 1].text == "("
        ):
            base = Num(self.take().value)
        args = self._arguments(name)
        node = _apply(name, args, base)
        if (
            isinstance(power, Op)
            and power == Op("neg", (ONE,))
            and name in {"sin", "cos", "tan", "cot", "sec", "csc"}
        ):
            self.note("inverse_function")
            return Op("a" + name, args)
        return node if power is None else Op("pow", (node, power))

    def script(self: _Reader) -> Node:
        """Read what stands raised or lowered."""
        if self.peek().text == "{":
            self.take()
            inner = self.expression()
            self.expect("}")
            return inner
        if self.peek().text in {"-", "+"}:
            sign = self.take().text
            inner = self.prefix()
            return Op("neg", (inner,)) if sign == "-" else inner
        return self.prefix()

    def _arguments(self: _Reader, name: str) -> tuple[Node, ...]:
        token = self.peek()
        if token.text in {"(", "["} or (token.text == "{" and self.latex):
            self.take()
            bars, self.bars = self.bars, 0
            close = {"(": ")", "[": "]", "{": "}"}[token.text]
            args = self.items(close)
            self.expect(close)
            self.bars = bars
            return args
        if name not in PREFIX_FUNCTIONS and name not in {"sqrt", "abs"}:
            raise UnreadableError("function_without_argument", token.at, name)
        return (self._bare_argument(),)

    def _bare_argument(self: _Reader) -> Node:
        """``sin 2x cos x`` is sin(2x)·cos(x): factors up to the next function or written operator."""
        if self.peek().text == "-":
            self.take()
            return Op("neg", (self._bare_argument(),))
        argument = self.expression(POWER - 1)
        while self.peek().kind in {"name", "num", "const", "open"} or self.peek().text in {
            "frac",
            "sqrt",
            "√",
        }:
            self.note("function_of_product")
            before = self.at
            argument = self.implied(argument, self.peek()) if self.peek().kind != "num" else argument
            if self.at == before:
                break
        if self.peek().text == "/":
            self.note("function_before_division")
        return argument


def _parts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Op) and node.head in {"list", "tuple", "interval_cc", "pair_cc"}:
        return node.args
    return (node,)


def _apply(name: str, args: tuple[Node, ...], base: Node | None) -> Node:
    if name == "lg":
        return Op("log_base", (args[0], args[1] if len(args) > 1 else number(10)))
    if name == "log" and (base is not None or len(args) > 1):
        return Op("log_base", (args[0], base if base is not None else args[1]))
    if name == "log":
        return Op("ln", args)
    if name == "exp":
        return Op("pow", (Sym("e"), *args))
    if name == "cbrt":
        return Op("root", (args[0], number(3)))
    if name == "root" and len(args) == 1:
        return Op("sqrt", args)
    return Op(name, args)


def _folded(head: str, args: tuple[Node, ...]) -> Node:
    return args[0] if len(args) == 1 else Op(head, args)
