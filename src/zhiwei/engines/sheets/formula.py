"""Simple LaTeX formulas as a tree of data that the typesetting program draws; nothing is ever run as code."""

from __future__ import annotations

import re

Node = dict[str, object]

_TABLE = """
alpha=α beta=β gamma=γ delta=δ epsilon=ε zeta=ζ eta=η theta=θ lambda=λ mu=μ nu=ν xi=ξ pi=π rho=ρ
sigma=σ tau=τ phi=φ chi=χ psi=ψ omega=ω Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Phi=Φ
Psi=Ψ Omega=Ω times=× div=÷ pm=± mp=∓ cdot=· le=≤ leq=≤ ge=≥ geq=≥ ne=≠ neq=≠ approx=≈ equiv=≡ sim=∼
infty=∞ to=→ rightarrow=→ angle=∠ triangle=△ parallel=∥ perp=⊥ circ=∘ degree=° in=∈ notin=∉ subset=⊂
cup=∪ cap=∩ odot=⊙ cong=≅ because=∵ therefore=∴ Rightarrow=⇒ sum=∑ int=∫ partial=∂ ldots=… cdots=⋯
"""
_SPACES = {",": "\u2009", ";": "\u2005", "quad": "\u2003", "left": "", "right": ""}
_SYMBOLS = {
    **{name: sign for name, _, sign in (pair.partition("=") for pair in _TABLE.split())},
    **{sign: sign for sign in "{}%$"},
    **_SPACES,
}
_WORDS = {"sin", "cos", "tan", "log", "ln", "lg", "lim", "max", "min", "exp", "arcsin", "arccos", "arctan"}
_UPRIGHT = {"text", "mathrm", "operatorname", "textbf"}
_TOKEN = re.compile(r"\\([A-Za-z]+|.)|([{}^_])|([0-9]+(?:\.[0-9]+)?)|(\S)|\s+")
_MAX_DEPTH = 12
_LONGEST = 2000


def split_formulas(text: str) -> list[str | Node]:
    """Cut text at ``$…$``: plain strings, and a tree for every formula that was understood.

    A formula with a command outside the known list stays as the text the author wrote: a page with
    ``\\foo`` printed on it is honest, a wrong formula is not.
    """
    runs: list[str | Node] = []
    for index, part in enumerate(re.split(r"\$", text[: _LONGEST * 5])):
        if not part:
            continue
        tree = parse_formula(part) if index % 2 else None
        runs.append(part if tree is None else tree)
    return runs


def runs_of(text: str) -> list[Node]:
    """The pieces of a text as the typesetting program reads them: plain words and formula trees."""
    return [{"t": "plain", "v": run} if isinstance(run, str) else run for run in split_formulas(text)]


def parse_formula(latex: str) -> Node | None:
    """A tree of rows, symbols, fractions, roots and scripts; None when a part is not understood."""
    if len(latex) > _LONGEST:
        return None
    parser = _Parser([found for found in _TOKEN.finditer(latex) if found[0].strip()])
    try:
        row = parser.row(0, closed=False)
    except (_NotUnderstoodError, IndexError, ValueError):
        return None
    return {"t": "math", "v": row}


class _NotUnderstoodError(Exception):
    pass


class _Parser:
    """One pass over the tokens; depth is bounded because the author's text is not trusted."""

    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def row(self, depth: int, *, closed: bool) -> Node:
        if depth > _MAX_DEPTH:
            raise _NotUnderstoodError
        items: list[Node] = []
        while self.at < len(self.tokens):
            mark = self.tokens[self.at][2]
            if mark == "}":
                if not closed:
                    raise _NotUnderstoodError
                self.at += 1
                return {"t": "row", "v": items}
            if mark in {"^", "_"}:
                self.at += 1
                self._attach(items, mark, self.atom(depth + 1))
            else:
                items.append(self.atom(depth + 1))
        if closed:
            raise _NotUnderstoodError
        return {"t": "row", "v": items}

    def atom(self, depth: int) -> Node:
        if depth > 2 * _MAX_DEPTH:
            raise _NotUnderstoodError
        token = self.tokens[self.at]
        self.at += 1
        command, mark, number, letter = token.groups()
        if mark == "{":
            return self.row(depth, closed=True)
        if command is not None:
            return self._command(command, depth)
        if number is not None:
            return {"t": "num", "v": number}
        if letter is None:
            raise _NotUnderstoodError
        return {"t": "sym", "v": {"-": "−", "*": "∗"}.get(letter, letter)}

    def _command(self, name: str, depth: int) -> Node:
        if name in {"frac", "dfrac", "tfrac"}:
            return {"t": "frac", "a": self.atom(depth + 1), "b": self.atom(depth + 1)}
        if name == "sqrt":
            index = self._index(depth)
            return {"t": "root", "v": self.atom(depth + 1), **({"n": index} if index else {})}
        if name in _UPRIGHT:
            return {"t": "num", "v": self._braced()}
        if name == "dot":
            return {"t": "dot", "v": self.atom(depth + 1)}
        if name == "begin" and self._braced() == "cases":
            return {"t": "cases", "v": self._cases(depth + 1)}
        if name in _WORDS:
            return {"t": "word", "v": name}
        if name in _SYMBOLS:
            return {"t": "num", "v": _SYMBOLS[name]}
        raise _NotUnderstoodError

    def _braced(self) -> str:
        """The words between the braces that follow, as written."""
        first = self.tokens[self.at]
        end = first.string.index("}", first.start()) if first[2] == "{" else -1
        if end < 0:
            raise _NotUnderstoodError
        while self.tokens[self.at].start() < end:
            self.at += 1
        self.at += 1
        return first.string[first.end() : end]

    def _index(self, depth: int) -> Node | None:
        """The small number of a root, ``[3]``."""
        if self.tokens[self.at][0] != "[":
            return None
        self.at += 1
        items: list[Node] = []
        while self.tokens[self.at][0] != "]":
            items.append(self.atom(depth + 1))
        self.at += 1
        return {"t": "row", "v": items}

    def _cases(self, depth: int) -> list[Node]:
        """Rows of a system up to ``\\end{cases}``."""
        rows: list[list[Node]] = [[]]
        while True:
            command, mark = self.tokens[self.at][1], self.tokens[self.at][2]
            if command == "end":
                self.at += 1
                if self._braced() != "cases":
                    raise _NotUnderstoodError
                return [{"t": "row", "v": items} for items in rows if items]
            if command == "\\":
                self.at += 1
                rows.append([])
            elif mark in {"^", "_"}:
                self.at += 1
                self._attach(rows[-1], mark, self.atom(depth + 1))
            else:
                rows[-1].append(self.atom(depth + 1))

    @staticmethod
    def _attach(items: list[Node], mark: str, script: Node) -> None:
        slot = "sup" if mark == "^" else "sub"
        last = items.pop() if items else {"t": "num", "v": ""}
        if last["t"] == "attach" and slot not in last:
            items.append({**last, slot: script})
        else:
            items.append({"t": "attach", "base": last, slot: script})
