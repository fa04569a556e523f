"""Whether a line of working says what earns a rubric point: the same formula, and as far along.

``3x-6=x+4`` and ``x=5`` mean the same, yet the first does not say the second. A line says a formula when both
are equivalent and the line leaves no more to do: no more fractions or brackets to clear, no more letters or
numbers on the wrong side, no more like terms to collect; solved where the formula is solved.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from zhiwei.engines.maths.compare import compare
from zhiwei.engines.maths.errors import UndecidedError, UnreadableError
from zhiwei.engines.maths.forms import check_form, like_key, terms_of
from zhiwei.engines.maths.nodes import (
    LOGIC,
    ORDER,
    ZERO,
    Node,
    Num,
    Op,
    Sym,
    constant_value,
    free_symbols,
    walk,
)
from zhiwei.engines.maths.reading import read
from zhiwei.engines.maths.shapes import kind_of
from zhiwei.engines.maths.steps.statements import Statement, statements

_RUN = re.compile(r"[^\u4e00-\u9fff，。；：！？、\n]+")
_UNIT = re.compile(
    r"(?<=[\d)}])\s*(?:\\?%|°C?|℃|元|(?:k?m|[cdmk]m|mm|k?g|mg|t|s|h|min|[mk]?L|[mk]?[NJWAVΩ]|[mk]?Pa|kWh|Hz)"
    r"(?:\s*/\s*(?:s|h|min|m|kg|g))?(?:\^?\{?[23²³]\}?)?)\s*$"
)
_FORMULA = re.compile(r"\d|[-+*/^√]|\\(?:frac|sqrt|pi)")
_WORD = re.compile(r"(?<!\\)\b(?!sin|cos|tan|sqrt|log|abs)[A-Za-z]{3,}")
_SUMS = frozenset({"add", "sub"})
_ARITHMETIC = frozenset({"add", "sub", "mul", "pow", "div"})


def line_says(line: str, wanted: str) -> bool:
    """Whether a line holds the accepted formula, value or phrase.

    Args:
        line: what the pupil wrote.
        wanted: a formula (``2x=6``: an equivalent one no further from its end), a value or calculation
            (``=16``, ``4+12``: standing by itself or as a member of a chain), or words (found as they are).
    """
    targets = statements(wanted)
    said = statements(line)
    if targets and not any(item.continued or not free_symbols(item.node) for item in targets):
        return all(any(_says(item.node, target.node) for item in said) for target in targets)
    value = _target_value(wanted, targets)
    if value is None:
        return "".join(wanted.split()) in "".join(line.split())
    return any(_reaches(member, value) for member in _members(line, said))


def is_phrase(wanted: str) -> bool:
    """Whether an accepted text is words, not a formula or a value."""
    targets = statements(wanted)
    return not targets and _target_value(wanted, targets) is None


def _says(mine: Node, target: Node) -> bool:
    return any(_same(part, target) and _as_far(part, target) for part in (mine, *_ends(mine)))


def _ends(node: Node) -> list[Node]:
    """A chain A = B = C also says A = C and C; parts of a statement joined by "and" are said too."""
    if isinstance(node, Op) and node.head == "and":
        return list(node.args)
    if not (isinstance(node, Op) and node.head == "chain"):
        return []
    links = [link for link in node.args if isinstance(link, Op) and link.head == "="]
    return [*links, Op("=", (links[0].args[0], links[-1].args[1]))] if len(links) == len(node.args) else []


def _same(a: Node, b: Node) -> bool:
    if kind_of(a) != kind_of(b) and not {kind_of(a), kind_of(b)} <= {"equation", "logic"}:
        return False
    try:
        return compare(a, b) == "equal"
    except UndecidedError:
        return False


def _as_far(mine: Node, target: Node) -> bool:
    if _is_solved(target) and not _is_solved(mine):
        return False
    if _is_solved(mine):
        return not _is_solved(target) or undone(mine) <= undone(target)
    wanted = _achieved(target)
    if wanted and not wanted & _achieved(mine):
        return False
    return bool(wanted) or _no_more_to_do(mine, target)


def _parts(node: Node) -> list[Op]:
    """The equations and inequalities a statement is made of."""
    if isinstance(node, Op) and (node.head in LOGIC or node.head == "chain"):
        return [part for arg in node.args for part in _parts(arg)]
    return [node] if isinstance(node, Op) and len(node.args) == 2 else []


def _is_solved(node: Node) -> bool:
    """``letter = number`` in every part (or an order relation); a letter alone on one side."""
    parts = _parts(node)
    return bool(parts) and all(
        any(isinstance(a, Sym) and free_symbols(a) and not free_symbols(b) for a, b in (p.args, p.args[::-1]))
        for p in parts
    )


def undone(node: Node) -> int:
    """How many calculations with two plain numbers are left to do; ``1/2`` is a number, not a calculation."""
    count = 0
    for item in walk(node):
        if not (isinstance(item, Op) and item.head in _ARITHMETIC):
            continue
        plain = all(_is_number(arg) for arg in item.args)
        whole = all(_is_whole(arg) for arg in item.args)
        count += plain and not (item.head == "div" and whole)
    return count


def _is_whole(node: Node) -> bool:
    value = constant_value(node)
    return value is not None and value.denominator == 1


def _is_number(node: Node) -> bool:
    if isinstance(node, Op) and node.head == "neg":
        return _is_number(node.args[0])
    if isinstance(node, Op) and node.head == "div":
        return all(map(_is_whole, node.args))
    return isinstance(node, Num) or (isinstance(node, Op) and not free_symbols(node) and undone(node) > 0)


def _to_do(node: Node) -> tuple[int, int, int, tuple[int, int]]:
    """Fractions, brackets and powers left; terms on the wrong side and, those being equal, like terms."""
    items = [item for item in walk(node) if isinstance(item, Op)]
    fractions = sum(item.head == "div" and bool(free_symbols(item)) for item in items)
    brackets = sum(item.head in {"mul", "div", "pow"} and any(map(_is_sum, item.args)) for item in items)
    powers = sum(item.head == "pow" and bool(free_symbols(item)) for item in items) if _parts(node) else 0
    sides = [side for part in _parts(node) for side in part.args]
    return fractions, brackets, powers, (sum(map(_misplaced, _parts(node))), sum(map(_alike, sides)))


def _no_more_to_do(mine: Node, target: Node) -> bool:
    a, b = _to_do(mine), _to_do(target)
    return a[0] <= b[0] and a[1] <= b[1] and a[2] <= b[2] and a[3] <= b[3]


def _is_sum(node: Node) -> bool:
    return isinstance(node, Op) and node.head in _SUMS and bool(free_symbols(node))


def _misplaced(part: Op) -> int:
    """1 for the same letter on both sides, 1 for numbers on both."""
    left, right = part.args
    numbers = [sum(not free_symbols(term) and not _is_zero(term) for term in terms_of(s)) for s in part.args]
    letters = bool(free_symbols(left) & free_symbols(right))
    return letters + (min(numbers) > 0)


def _is_zero(node: Node) -> bool:
    return constant_value(node) == 0


def _alike(side: Node) -> int:
    """Terms beyond the first with the same letters: 3x - x counts one."""
    kinds = Counter(like_key(term) for term in terms_of(side) if free_symbols(term))
    return sum(count - 1 for count in kinds.values())


def _achieved(node: Node) -> frozenset[str]:
    """Forms that are an achievement and no bracket to clear: a product equal to zero, a completed square."""
    found = set()
    for part in _parts(node):
        for side, other in (part.args, part.args[::-1]):
            if _is_zero(other) and _is_product(side):
                found.add("factored")
            if (isinstance(other, Sym) or not free_symbols(other)) and _is_square(side):
                found.add("square")
    return frozenset(found)


def _is_product(node: Node) -> bool:
    """A product or power of sums, perhaps with a number in front."""
    if isinstance(node, Op) and node.head == "neg":
        return _is_product(node.args[0])
    if isinstance(node, Op) and node.head == "pow":
        return _is_sum(node.args[0])
    return isinstance(node, Op) and node.head == "mul" and any(map(_is_sum, node.args))


def _is_square(node: Node) -> bool:
    """A number times the square of a sum, plus numbers: no other term holds a letter."""
    held = [term for term in terms_of(node) if free_symbols(term)]
    return len(held) == 1 and any(
        isinstance(item, Op) and item.head == "pow" and _is_sum(item.args[0]) for item in walk(held[0])
    )


def _target_value(wanted: str, targets: Sequence[Statement]) -> Node | None:
    """The value or calculation an accepted text stands for: ``16``, ``=16``, ``4+12`` or ``4+12=16``."""
    if targets:
        node = targets[-1].node
        if isinstance(node, Op) and node.head == "chain":
            node = node.args[-1]
        return node.args[1] if isinstance(node, Op) and node.head == "=" else node
    return _scalar(wanted)


def _scalar(text: str) -> Node | None:
    plain = _UNIT.sub("", text.strip().strip("$ ,.;:=").removeprefix("\\(").removesuffix("\\)"))
    if not _FORMULA.search(plain) or len(plain) > 200 or _WORD.search(plain):
        return None
    try:
        node = read(plain).node
    except (UnreadableError, UndecidedError):
        return None
    return node if kind_of(node) == "scalar" else None


def _members(line: str, said: Sequence[Statement]) -> list[Node]:
    """The values and expressions a line states: members of its equations, and what stands by itself."""
    found: list[Node] = []
    for item in said:
        parts = [] if _orders(item.node) else _parts(item.node)
        sides = [side for part in parts for side in part.args] or [item.node]
        found += [side for side in sides if not isinstance(side, Sym) and kind_of(side) == "scalar"]
    for run in _RUN.findall(line):
        for part in re.split(r"=|≈|;", run):
            value = _scalar(part)
            found += [] if value is None else [value]
    return found


def _orders(node: Node) -> bool:
    return any(isinstance(item, Op) and item.head in ORDER for item in walk(node))


def _reaches(member: Node, target: Node) -> bool:
    if free_symbols(member) != free_symbols(target) or not _as_worked(member, target):
        return False
    try:
        return compare(member, target) == "equal"
    except UndecidedError:
        return False


def _as_worked(member: Node, target: Node) -> bool:
    """Not further from its end than the target: fewer calculations left, brackets the same way."""
    if not free_symbols(target):
        return _work(member) <= _work(target)
    if any(map(_is_sum, walk(target))) and check_form(target, "factored") == "equal":
        return check_form(member, "factored") == "equal"
    return _no_more_to_do(Op("=", (member, ZERO)), Op("=", (target, ZERO)))


def _work(node: Node) -> int:
    """Operations written in a calculation; a fraction of whole numbers, a sign and ``2√3`` count none."""
    count = 0
    for item in walk(node):
        if isinstance(item, Op) and item.head in _ARITHMETIC:
            count += not (_is_number(item) and undone(item) == 0) and not _is_multiple_of_root(item)
    return count


def _is_multiple_of_root(item: Op) -> bool:
    return item.head == "mul" and any(
        _is_whole(a) and isinstance(b, Op) and b.head in {"sqrt", "root"}
        for a, b in (item.args, item.args[::-1])
    )
