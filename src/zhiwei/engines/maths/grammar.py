"""A Pratt parser from tokens to an expression tree.

Binding powers, loosest first: separators (handled by callers), ``or``, ``and``, ``not``, relations, set
operations,
sums, signs, products (written or implied), functions without brackets, powers, what follows (``!``,
``%``, ``°``).
"""

from __future__ import annotations

from zhiwei.engines.maths.applied import POWER, FunctionsMixin
from zhiwei.engines.maths.errors import UnreadableError
from zhiwei.engines.maths.latex import LatexMixin
from zhiwei.engines.maths.limits import MAX_DEPTH
from zhiwei.engines.maths.nodes import RELATIONS, Node, Num, Op, Sym, number
from zhiwei.engines.maths.tokens import Token

_LEVELS = {
    "iff": 2,
    "implies": 3,
    "xor": 4,
    "xnor": 4,
    "or": 5,
    "and": 8,
    "=": 12,
    "!=": 12,
    "<": 12,
    "<=": 12,
    ">": 12,
    ">=": 12,
    "≈": 12,
    "in": 12,
    "notin": 12,
    "perp": 12,
    "parallel": 12,
    ":=": 12,
    ":": 14,
    "union": 16,
    "intersect": 17,
    "setminus": 17,
    "+": 20,
    "-": 20,
    "±": 20,
    "∓": 20,
    "*": 30,
    "/": 30,
    "^": 40,
}
_HEADS = {
    "+": "add",
    "-": "sub",
    "±": "pm",
    "∓": "mp",
    "*": "mul",
    "/": "div",
    "^": "pow",
    ":": "ratio",
    "≈": "=",
    ":=": "define",
}
PRODUCT, SIGN = 30, 25
_STARTS = frozenset({"num", "name", "const", "function", "open", "command", "call"})


class Grammar(LatexMixin, FunctionsMixin):
    """Reads one token list. ``notes`` collects codes of readings that could have been meant otherwise."""

    def __init__(self, tokens: list[Token], *, latex: bool) -> None:
        self.tokens = tokens
        self.at = 0
        self.latex = latex
        self.depth = 0
        self.bars = 0
        self.notes: list[str] = []
        self.units: list[str] = []

    def peek(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """Read one token."""
        token = self.tokens[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def expect(self, text: str) -> Token:
        """Read the token ``text`` or refuse."""
        token = self.take()
        if token.text != text:
            raise UnreadableError(
                "expected_" + ("bracket" if text in ")]}" else "symbol"), token.at, token.text
            )
        return token

    def note(self, code: str) -> None:
        """Remember that a reading was chosen among several."""
        if code not in self.notes:
            self.notes.append(code)

    def expression(self, level: int = 0) -> Node:
        """Read an expression whose operators bind tighter than ``level``."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnreadableError("too_deep", self.peek().at)
        left = self.prefix()
        while True:
            step = self._follow(left, level)
            if step is None:
                break
            left = step
        self.depth -= 1
        return left

    def _follow(self, left: Node, level: int) -> Node | None:
        token = self.peek()
        if token.kind == "unit":
            self.units.append(self.take().text)
            return left
        postfix = self._postfix(left, token)
        if postfix is not None:
            return postfix
        if token.kind == "op" and token.text in _LEVELS:
            power = _LEVELS[token.text]
            return self._infix(left, power) if power > level else None
        if self._starts_factor(token):
            return self.implied(left, token) if level < PRODUCT else None
        return None

    def _starts_factor(self, token: Token) -> bool:
        if token.kind == "op":
            return token.text in {"√", "∛"} or (
                token.text == "|" and self.bars == 0 and not self._closing_bar()
            )
        if token.kind == "command" and token.text in {"end", "right", "text", "mbox", "textbf", "hline"}:
            return token.text in {"text", "mbox", "textbf"} and self.text_is_unit()
        if token.text == "[" and self.french:
            return False
        return token.kind in _STARTS

    def _closing_bar(self) -> bool:
        return self.in_set_builder

    def _postfix(self, left: Node, token: Token) -> Node | None:
        if token.kind != "op":
            return None
        if token.text == "!":
            self.take()
            return Op("factorial", (left,))
        if token.text == "%":
            self.take()
            return Op("percent", (left,))
        if token.text == "°":
            self.take()
            return self._degrees(left)
        if token.text == "'" and isinstance(left, (Sym, Op)):
            self.take()
            return Op("prime", (left,))
        if token.text == "_":
            return self._subscript(left)
        return None

    def _degrees(self, left: Node) -> Node:
        if self.peek().kind == "const" and self.peek().text == "C":
            self.take()
        return Op("degree", (left,))

    def _subscript(self, left: Node) -> Node:
        self.take()
        label = "".join(token.text for token in self._script_tokens())
        if isinstance(left, Sym):
            return Sym(f"{left.name}_{label}")
        raise UnreadableError("unknown_subscript", self.peek().at, label)

    def _script_tokens(self) -> list[Token]:
        if self.peek().text != "{":
            return [self.take()]
        self.take()
        found: list[Token] = []
        while self.peek().text != "}":
            if self.peek().kind == "end":
                raise UnreadableError("expected_bracket", self.peek().at)
            found.append(self.take())
        self.take()
        return found

    def _infix(self, left: Node, power: int) -> Node:
        token = self.take()
        if token.text in RELATIONS or token.text == "≈":
            return self._relation(left, token)
        if token.text == "^":
            return self._power(left)
        right = self.expression(power)
        if token.text == "/" and self._starts_factor(self.peek()) and not isinstance(left, Op):
            self.note("division_before_product")
        if token.text == "notin":
            return Op("not", (Op("in", (left, right)),))
        return Op(_HEADS.get(token.text, token.text), (left, right))

    def _power(self, left: Node) -> Node:
        if self.peek().text == "{":
            return self._braced_power(left)
        if self.peek().text == "°":
            self.take()
            return self._degrees(left)
        if self.peek().kind == "op" and self.peek().text in {"-", "+"}:
            sign = self.take().text
            exponent = self.expression(POWER - 1)
            return Op("pow", (left, Op("neg", (exponent,)) if sign == "-" else exponent))
        if (
            self.latex
            and self.peek().kind == "num"
            and len(self.peek().text) > 1
            and "." not in self.peek().text
        ):
            self.note("long_exponent")
        return Op("pow", (left, self.expression(POWER - 1)))

    def _braced_power(self, left: Node) -> Node:
        self.take()
        if self.peek().text == "°":
            self.take()
            self.expect("}")
            return self._degrees(left)
        if self.peek().text == "'":
            while self.peek().text == "'":
                self.take()
                left = Op("prime", (left,))
            self.expect("}")
            return left
        bars, self.bars = self.bars, 0
        exponent = self.expression()
        self.bars = bars
        self.expect("}")
        return Op("pow", (left, exponent))

    def _relation(self, left: Node, token: Token) -> Node:
        head = "=" if token.text == "≈" else token.text
        right = self.expression(12)
        here = Op(head, (left, right))
        if self.peek().kind == "op" and (self.peek().text in RELATIONS or self.peek().text == "≈"):
            rest = self._relation(right, self.take())
            parts = rest.args if isinstance(rest, Op) and rest.head == "chain" else (rest,)
            return Op("chain", (here, *parts))
        return here

    def implied(self, left: Node, token: Token) -> Node:
        """A product written without a sign."""
        if self._mixed(left, token):
            fraction = self.expression(PRODUCT)
            self.note("mixed_number")
            return Op("mixed", (left, fraction))
        if token.kind == "num" and isinstance(left, Num):
            raise UnreadableError("two_numbers", token.at, token.text)
        if isinstance(left, Sym) and left.name in {"f", "g", "h", "F", "G"} and token.text == "(":
            return self._application(left)
        right = self.expression(PRODUCT)
        return Op("mul", (left, right))

    def _mixed(self, left: Node, token: Token) -> bool:
        if not (isinstance(left, Num) and not left.decimal and left.value > 0):
            return False
        if token.kind == "command" and token.text in {"frac", "dfrac", "tfrac", "cfrac"}:
            return self.fraction_is_numeric()
        return False

    def _application(self, name: Sym) -> Node:
        self.take()
        args = self.items(")")
        self.expect(")")
        return Op("apply", (name, *args))

    def prefix(self) -> Node:
        """Read what can start an expression."""
        token = self.take()
        if token.kind == "num":
            return self._literal(token)
        if token.kind == "name":
            return self._name(token)
        if token.kind == "const":
            return Op("neg", (Sym("inf"),)) if token.text == "minf" else Sym(token.text)
        if token.kind == "function":
            return self.function(token)
        if token.kind == "open" or (token.kind == "close" and token.text == "]"):
            return self.bracket(token)
        if token.kind == "command":
            return self.command(token)
        if token.kind == "call":
            return self.call(token)
        if token.kind == "op":
            return self._prefix_operator(token)
        raise UnreadableError(
            "unexpected_end" if token.kind == "end" else "unexpected_symbol", token.at, token.text
        )

    def _literal(self, token: Token) -> Node:
        following = self.peek()
        spaced_fraction = (
            following.kind == "num"
            and following.spaced
            and self.tokens[self.at + 1].text == "/"
            and self.tokens[self.at + 2].kind == "num"
            and token.text.isdigit()
            and following.text.isdigit()
        )
        if spaced_fraction:
            top, _, bottom = self.take(), self.take(), self.take()
            self.note("mixed_number")
            fraction = Op("div", (Num(top.value), Num(bottom.value)))
            return Op("mixed", (Num(token.value), fraction))
        return Num(token.value, decimal="." in token.text or "e" in token.text)

    def _name(self, token: Token) -> Node:
        index = [one.text for one in self.tokens[self.at : self.at + 3 : 2]]
        if index == ["[", "]"] and not self.peek().spaced:
            self.take()
            label = self.take().text
            self.take()
            return Sym(f"{token.text}[{label}]")
        return Sym(token.text)

    def _prefix_operator(self, token: Token) -> Node:
        if token.text in {"-", "+"}:
            inner = self.expression(SIGN)
            return Op("neg", (inner,)) if token.text == "-" else inner
        if token.text in {"±", "∓"}:
            return Op("pm" if token.text == "±" else "mp", (number(0), self.expression(SIGN)))
        if token.text == "not":
            return Op("not", (self.expression(9),))
        if token.text == "√":
            return Op("sqrt", (self.radicand(),))
        if token.text == "∛":
            return Op("root", (self.radicand(), number(3)))
        if token.text == "|":
            return self.absolute()
        if token.text == "angle":
            return self.prefix()
        if token.text == "'":
            return self.prefix()
        raise UnreadableError("unexpected_symbol", token.at, token.text)
