"""A Pratt parser from tokens to an expression tree.

Binding powers, loosest first: separators (handled by callers), ``or``, ``and``, ``not``, relations, set
operations,
sums, signs, products (written or implied), functions without brackets, powers, what follows (``!``,
``%``, ``°``).
"""

from __future__ import annotations

from zhiwei.engines.maths.errors import UnreadableError
from zhiwei.engines.maths.latex import LatexMixin
from zhiwei.engines.maths.limits import MAX_DEPTH
from zhiwei.engines.maths.names import PREFIX_FUNCTIONS
from zhiwei.engines.maths.nodes import ONE, RELATIONS, Node, Num, Op, Sym, number
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
PRODUCT, SIGN, POWER = 30, 25, 40
_STARTS = frozenset({"num", "name", "const", "function", "open", "command", "call"})


class Grammar(LatexMixin):
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
            return self._implied(left, token) if level < PRODUCT else None
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

    def _implied(self, left: Node, token: Token) -> Node:
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
            return self._function(token)
        if token.kind == "open" or (token.kind == "close" and token.text == "]"):
            return self.bracket(token)
        if token.kind == "command":
            return self.command(token)
        if token.kind == "call":
            return self._call(token)
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
        if self.peek().text == "[" and not self.peek().spaced and self.tokens[self.at + 2].text == "]":
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
            return Op("sqrt", (self._radicand(),))
        if token.text == "∛":
            return Op("root", (self._radicand(), number(3)))
        if token.text == "|":
            return self._absolute()
        if token.text == "angle":
            return self.prefix()
        if token.text == "'":
            return self.prefix()
        raise UnreadableError("unexpected_symbol", token.at, token.text)

    def _radicand(self) -> Node:
        """``√2x`` is read as √2·x, ``√(2x)`` as the root of the bracket."""
        if self.peek().kind == "open":
            return self.bracket(self.take())
        inner = self.prefix()
        if self.peek().kind in {"name", "num", "const"}:
            self.note("root_of_one_factor")
        return inner

    def _absolute(self) -> Node:
        self.bars += 1
        inner = self.expression()
        self.expect("|")
        self.bars -= 1
        return Op("abs", (inner,))

    def _call(self, token: Token) -> Node:
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

    def _function(self, token: Token) -> Node:
        name, power, base = token.text, None, None
        while self.peek().text in {"^", "_"}:
            if self.take().text == "^":
                power = self._script()
            else:
                base = self._script()
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

    def _script(self) -> Node:
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

    def _arguments(self, name: str) -> tuple[Node, ...]:
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

    def _bare_argument(self) -> Node:
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
            argument = self._implied(argument, self.peek()) if self.peek().kind != "num" else argument
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
