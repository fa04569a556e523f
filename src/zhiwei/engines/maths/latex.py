"""Brackets, LaTeX commands and environments: the part of the grammar that has to look for a partner."""

from __future__ import annotations

from typing import Protocol

from zhiwei.engines.maths.errors import UnreadableError
from zhiwei.engines.maths.nodes import Node, Op, Sym, number
from zhiwei.engines.maths.tokens import Token

_FRACTIONS = frozenset({"frac", "dfrac", "tfrac", "cfrac"})
_CLOSERS = {"(": (")", "]"), "[": ("]", ")", "["), "{": ("}",), "\\{": ("\\}",), "]": ("[", "]")}
_MATRICES = frozenset({"matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array"})
_SYSTEMS = frozenset({"cases", "aligned", "align", "gathered", "split", "dcases", "rcases"})


class _Reader(Protocol):
    tokens: list[Token]
    at: int
    latex: bool
    bars: int
    units: list[str]
    in_set_builder: bool
    french: bool

    def peek(self) -> Token: ...
    def take(self) -> Token: ...
    def expect(self, text: str) -> Token: ...
    def expression(self, level: int = 0) -> Node: ...
    def prefix(self) -> Node: ...
    def note(self, code: str) -> None: ...
    def bracket(self, token: Token) -> Node: ...
    def items(self, close: str) -> tuple[Node, ...]: ...
    def text_is_unit(self) -> bool: ...
    def _group(self) -> Node: ...
    def _braces(self, close: str) -> Node: ...
    def _fraction(self) -> Node: ...
    def _root(self) -> Node: ...
    def _environment(self) -> Node: ...
    def _rows(self, name: str) -> list[list[Node]]: ...
    def _raw_group(self) -> str: ...
    def _skip_text(self) -> Node: ...
    def _digit_group(self) -> Node: ...
    def _sum(self, name: str) -> Node: ...


class LatexMixin:
    """Methods of the grammar for brackets and commands."""

    in_set_builder = False
    french = False

    def items(self: _Reader, close: str) -> tuple[Node, ...]:
        """Read comma-separated expressions up to ``close`` (not taken)."""
        found: list[Node] = []
        if self.peek().text == close:
            return ()
        while True:
            found.append(self.expression())
            if self.peek().text not in {",", ";"} or self.peek().kind != "op":
                return tuple(found)
            self.take()
            if self.peek().text == close:
                return tuple(found)

    def bracket(self: _Reader, token: Token) -> Node:
        """Read a group, interval, point, list or set that starts with ``token``."""
        bars, self.bars = self.bars, 0
        opened = token.text
        if opened in {"{", "\\{"}:
            node = self._braces("}" if opened == "{" else "\\}")
            self.bars = bars
            return node
        french, self.french = self.french, opened == "]"
        inner = () if self.peek().kind == "close" else self.items(")")
        self.french = french
        closed = self.take()
        self.bars = bars
        if closed.text not in _CLOSERS[opened]:
            raise UnreadableError("expected_bracket", closed.at, closed.text)
        return _collect(opened, closed.text, inner, token.at)

    def _braces(self: _Reader, close: str) -> Node:
        if self.peek().text == close:
            self.take()
            return Sym("empty")
        builder, self.in_set_builder = self.in_set_builder, True
        first = self.expression()
        self.in_set_builder = builder
        if self.peek().text in {"|", ":"} and self.peek().kind == "op":
            self.take()
            condition = _conjunction(self.items(close))
            self.expect(close)
            return Op("setof", (first, condition))
        found = [first]
        while self.peek().kind == "op" and self.peek().text in {",", ";"}:
            self.take()
            if self.peek().text != close:
                found.append(self.expression())
        if self.peek().kind == "end" and (len(found) > 1 or _is_system(found[0])):
            return Op("and", tuple(found)) if len(found) > 1 else found[0]
        self.expect(close)
        if close == "}" and len(found) == 1 and self.latex:
            return found[0]
        return Op("set", tuple(found))

    def command(self: _Reader, token: Token) -> Node:
        """Read a LaTeX command in a place where a value is expected."""
        name = token.text
        if name in _FRACTIONS:
            return self._fraction()
        if name == "sqrt":
            return self._root()
        if name in {"binom", "dbinom", "tbinom"}:
            return Op("binomial", (self._digit_group(), self._digit_group()))
        if name == "begin":
            return self._environment()
        if name in {"text", "mbox", "textbf", "textrm"}:
            return self._skip_text()
        if name in {"overline", "bar", "hat", "widehat", "vec", "dot", "underline", "overrightarrow"}:
            return self._group()
        if name in {"sum", "prod"}:
            return self._sum("sum" if name == "sum" else "product")
        if name == "gamma":
            return Sym("gamma")
        if name == "angle":
            return self.prefix()
        raise UnreadableError("unknown_command", token.at, name)

    def _sum(self: _Reader, name: str) -> Node:
        self.expect("_")
        start = self._group()
        self.expect("^")
        end = self._digit_group()
        body = self.expression(25)
        if not (isinstance(start, Op) and start.head == "="):
            raise UnreadableError("unknown_command", self.peek().at, name)
        return Op(name, (body, start.args[0], start.args[1], end))

    def _group(self: _Reader) -> Node:
        if self.peek().text != "{":
            return self.prefix()
        self.take()
        bars, self.bars = self.bars, 0
        inner = self.expression()
        self.bars = bars
        self.expect("}")
        return inner

    def _digit_group(self: _Reader) -> Node:
        """``\\frac12``: without braces each argument is one digit."""
        token = self.peek()
        if token.kind == "num" and len(token.text) > 1 and token.text.isdigit():
            head, rest = token.text[0], token.text[1:]
            self.tokens[self.at] = Token("num", rest, token.at + 1, number(int(rest)).value)
            return number(int(head))
        return self._group()

    def _fraction(self: _Reader) -> Node:
        top = self._digit_group()
        return Op("div", (top, self._digit_group()))

    def fraction_is_numeric(self: _Reader) -> bool:
        """Whether the ``\\frac`` ahead holds two plain whole numbers (so ``1\\frac12`` is a mixed number)."""
        texts = [token.text for token in self.tokens[self.at + 1 : self.at + 8]]
        if len(texts) > 1 and texts[0].isdigit() and (len(texts[0]) == 2 or texts[1].isdigit()):
            return True
        return (
            len(texts) > 5
            and texts[0] == texts[3] == "{"
            and texts[2] == texts[5] == "}"
            and texts[1].isdigit()
            and texts[4].isdigit()
        )

    def _root(self: _Reader) -> Node:
        if self.peek().text == "[":
            self.take()
            index = self.expression()
            self.expect("]")
            return Op("root", (self._group(), index))
        if self.peek().text == "(":
            self.note("root_of_bracket")
            return Op("sqrt", (self.bracket(self.take()),))
        return Op("sqrt", (self._digit_group(),))

    def _raw_group(self: _Reader) -> str:
        self.expect("{")
        words: list[str] = []
        while self.peek().text != "}":
            if self.peek().kind == "end":
                raise UnreadableError("expected_bracket", self.peek().at)
            words.append(self.take().text)
        self.take()
        return "".join(words)

    def text_is_unit(self: _Reader) -> bool:
        """Whether a ``\\text{…}`` ahead can be left out as a unit or remark."""
        return self.peek().kind == "command" and self.tokens[self.at + 1].text == "{"

    def _skip_text(self: _Reader) -> Node:
        word = self._raw_group()
        if word == "empty":
            return Sym("empty")
        self.units.append(word)
        return number(1) if self.peek().kind == "end" else self.prefix()

    def _environment(self: _Reader) -> Node:
        name = self._raw_group().rstrip("*")
        if name == "array" and self.peek().text == "{":
            self._raw_group()
        rows = self._rows(name)
        if name in {"vmatrix"}:
            return _determinant(rows)
        if name in _SYSTEMS or (name == "array" and all(len(row) == 1 for row in rows)):
            return _system(rows)
        if name in _MATRICES:
            return Op("matrix", tuple(Op("row", tuple(row)) for row in rows))
        raise UnreadableError("unknown_command", self.peek().at, name)

    def _rows(self: _Reader, name: str) -> list[list[Node]]:
        rows: list[list[Node]] = [[]]
        while not (self.peek().kind == "command" and self.peek().text == "end"):
            token = self.peek()
            if token.kind == "end":
                raise UnreadableError("expected_end", token.at, name)
            if token.text in {"\\\\", "&", ",", ";"}:
                self.take()
                if token.text == "\\\\":
                    rows.append([])
                continue
            rows[-1].append(self.expression())
        self.take()
        self._raw_group()
        return [row for row in rows if row]


def _collect(opened: str, closed: str, inner: tuple[Node, ...], at: int) -> Node:
    french = opened == "]" or closed == "["
    if len(inner) == 2 and (french or {opened, closed} == {"(", "]"} or {opened, closed} == {"[", ")"}):
        left = "o" if opened in {"(", "]"} else "c"
        right = "o" if closed in {")", "["} else "c"
        return Op(f"interval_{left}{right}", inner)
    if len(inner) == 2 and opened == "(" and any(map(_is_infinite, inner)):
        return Op("interval_oo", inner)
    if opened == "[" and closed == "]":
        return Op("list", inner)
    if len(inner) == 1 and opened == "(":
        return inner[0]
    if opened == "(" and closed == ")":
        return Op("tuple", inner)
    raise UnreadableError("expected_bracket", at, opened)


def _is_infinite(node: Node) -> bool:
    return node in (Sym("inf"), Op("neg", (Sym("inf"),)))


def _is_system(node: Node) -> bool:
    return isinstance(node, Op) and node.head in {"and", "piecewise"}


def _conjunction(parts: tuple[Node, ...]) -> Node:
    return parts[0] if len(parts) == 1 else Op("and", parts)


def _determinant(rows: list[list[Node]]) -> Node:
    """Expansion along the first row; at most four rows."""
    if len(rows) > 4 or any(len(row) != len(rows) for row in rows):
        raise UnreadableError("unknown_command", -1, "vmatrix")
    if len(rows) == 1:
        return rows[0][0]
    result: Node = number(0)
    for column, entry in enumerate(rows[0]):
        minor = [[value for k, value in enumerate(row) if k != column] for row in rows[1:]]
        result = Op("sub" if column % 2 else "add", (result, Op("mul", (entry, _determinant(minor)))))
    return result


def _system(rows: list[list[Node]]) -> Node:
    if any(len(row) > 1 for row in rows):
        return Op(
            "piecewise", tuple(Op("case", (row[0], row[1] if len(row) > 1 else Sym("true"))) for row in rows)
        )
    return Op("and", tuple(row[0] for row in rows))
