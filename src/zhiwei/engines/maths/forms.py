"""Required form: a question about how an answer is written, asked after it was found to be equal."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import gcd

from zhiwei.engines.maths.modular import exact
from zhiwei.engines.maths.nodes import Node, Num, Op, Sym, free_symbols, heads, walk
from zhiwei.engines.maths.partial import is_partial_fractions
from zhiwei.engines.maths.polynomials import gcd as poly_gcd
from zhiwei.engines.maths.polynomials import ratio_of, trim
from zhiwei.engines.maths.shapes import kind_of, solved
from zhiwei.engines.maths.splitting import splits

_SUMS = frozenset({"add", "sub"})


def check_form(node: Node, form: str) -> str:
    """``equal`` when ``node`` is in the required form, else the reason code.

    Args:
        form: factored, expanded, simplified, single_fraction, partial_fractions, exact, standard, lowest_terms (several
        with commas).
    """
    if kind_of(node) == "equation" and form not in {"exact", "standard"}:
        pair = solved(node)
        node = pair[1] if pair else node
    for name in form.replace(" ", "").replace("，", ",").split(","):
        rule = _RULES.get(name.lower().replace("-", "_"))
        if rule is None:
            return "unknown_form"
        code, test = rule
        if not test(node):
            return code
    return "equal"


def _factors(node: Node) -> list[tuple[Node, Fraction]]:
    """Factors of a product with their powers; a quotient's divisor has negative power."""
    if isinstance(node, Op) and node.head == "mul":
        return [*_factors(node.args[0]), *_factors(node.args[1])]
    if isinstance(node, Op) and node.head == "div":
        return [*_factors(node.args[0]), *[(base, -power) for base, power in _factors(node.args[1])]]
    if isinstance(node, Op) and node.head == "neg":
        return [(Num(Fraction(-1)), Fraction(1)), *_factors(node.args[0])]
    if isinstance(node, Op) and node.head == "pow":
        power = exact(node.args[1])
        if power is not None:
            return [(base, old * power) for base, old in _factors(node.args[0])]
    return [(node, Fraction(1))]


def _is_factored(node: Node) -> bool:
    return all(_irreducible(base) for base, _ in _factors(node))


def _irreducible(node: Node) -> bool:
    """A number, a letter, or a sum without common factor that does not split over the rationals."""
    letters = sorted(free_symbols(node))
    if not letters or isinstance(node, Sym):
        return not (isinstance(node, Op) and node.head in _SUMS and exact(node) is not None)
    if not (isinstance(node, Op) and node.head in _SUMS):
        return True
    if len(letters) == 1:
        ratio = ratio_of(node, letters[0])
        if ratio is None or len(ratio[1]) > 1:
            return True
        return _irreducible_poly(trim(ratio[0]))
    linear = _linear_coefficients(node)
    if linear is not None:
        return gcd(*[value.numerator for value in linear]) == 1
    return _irreducible_by_sympy(node, letters)


def _linear_coefficients(node: Node) -> list[Fraction] | None:
    """Rational coefficients of a sum whose terms hold at most one letter, to the first power."""
    found = []
    for term in terms_of(node):
        value, letters = Fraction(1), Fraction(0)
        for base, power in _factors(term):
            number_value = exact(base)
            if number_value is None:
                letters += power if isinstance(base, Sym) and power > 0 else 2
            elif power.denominator == 1 and (number_value or power > 0):
                value *= number_value ** int(power)
        if letters > 1:
            return None
        found.append(value)
    return found


def _irreducible_poly(poly: list[Fraction]) -> bool:
    if not poly or (poly[0] == 0 and len(poly) > 2):
        return False
    content = 0
    for value in poly:
        content = gcd(content, value.numerator)
    if all(value.denominator == 1 for value in poly) and content > 1:
        return False
    return not splits(poly)


def _irreducible_by_sympy(node: Node, letters: list[str]) -> bool:
    from zhiwei.engines.maths.symbolic import factor_powers

    powers, content = factor_powers(node, letters)
    return powers <= 1 and abs(content) == 1


def _is_expanded(node: Node) -> bool:
    for item in walk(node):
        if not isinstance(item, Op):
            continue
        if item.head == "mul" and any(_is_sum(arg) for arg in item.args):
            return False
        if item.head == "pow" and _is_sum(item.args[0]) and (exact(item.args[1]) or 0) > 1:
            return False
        if item.head == "neg" and _is_sum(item.args[0]):
            return False
        if item.head == "sub" and _is_sum(item.args[1]):
            return False
    return not _has_like_terms(node)


def _is_sum(node: Node) -> bool:
    return isinstance(node, Op) and node.head in _SUMS and bool(free_symbols(node) or exact(node) is not None)


def terms_of(node: Node) -> list[Node]:
    """The terms of a sum, signs included."""
    if isinstance(node, Op) and node.head == "add":
        return [*terms_of(node.args[0]), *terms_of(node.args[1])]
    if isinstance(node, Op) and node.head == "sub":
        return [*terms_of(node.args[0]), *[Op("neg", (term,)) for term in terms_of(node.args[1])]]
    return [node]


def like_key(term: Node) -> tuple[tuple[str, Fraction], ...]:
    """What makes terms alike: everything but the rational factor."""
    found: dict[str, Fraction] = {}
    for base, power in _factors(term):
        if exact(base) is None:
            found[repr(base)] = found.get(repr(base), Fraction(0)) + power
    return tuple(sorted(found.items()))


def _has_like_terms(node: Node) -> bool:
    keys = [like_key(term) for term in terms_of(node)]
    return len(set(keys)) < len(keys)


def _is_simplified(node: Node) -> bool:
    return _lowest_terms(node) and not any(_clumsy(item) for item in walk(node))


def _clumsy(node: Node) -> bool:
    if not isinstance(node, Op):
        return False
    if node.head in _SUMS and _has_like_terms(node):
        return True
    if node.head == "mul":
        return _clumsy_product(node)
    if node.head == "neg":
        return isinstance(node.args[0], Op) and node.args[0].head == "neg"
    if node.head == "pow":
        return _clumsy_power(node)
    if node.head in {"sqrt", "root"}:
        return _clumsy_root(node)
    return node.head == "div" and bool(heads(node.args[1]) & {"sqrt"}) and not free_symbols(node.args[1])


def _clumsy_product(node: Op) -> bool:
    factors = _factors(node)
    numbers = [base for base, _ in factors if exact(base) is not None and base != Num(Fraction(-1))]
    letters = [repr(base) for base, _ in factors if exact(base) is None]
    roots = [
        base for base, _ in factors if isinstance(base, Op) and base.head == "sqrt" and not free_symbols(base)
    ]
    unit = any(exact(base) == 1 for base in numbers)
    return len(numbers) > 1 or len(set(letters)) < len(letters) or len(roots) > 1 or unit


def _clumsy_power(node: Op) -> bool:
    base, power = exact(node.args[0]), exact(node.args[1])
    small = (
        base is not None
        and power is not None
        and abs(power) <= 4
        and power.denominator == 1
        and abs(base) < 100
    )
    return (
        small
        or power in {Fraction(0), Fraction(1)}
        or (isinstance(node.args[0], Op) and node.args[0].head == "pow")
    )


def _clumsy_root(node: Op) -> bool:
    inside = exact(node.args[0])
    degree = 2 if node.head == "sqrt" else int(exact(node.args[1]) or 2)
    if inside is None:
        return False
    if inside.denominator != 1:
        return True
    return any(inside % k**degree == 0 for k in range(2, 100) if k**degree <= abs(inside)) or inside in {0, 1}


def _single_fraction(node: Node) -> bool:
    while isinstance(node, Op) and node.head == "neg":
        node = node.args[0]
    if isinstance(node, Op) and node.head == "div":
        return not any(
            isinstance(item, Op) and item.head in {"div", "mixed"} for arg in node.args for item in walk(arg)
        )
    return not any(
        isinstance(item, Op) and item.head in {"div", "mixed"} for item in walk(node)
    ) and not _negative_powers(node)


def _negative_powers(node: Node) -> bool:
    return any(
        isinstance(item, Op) and item.head == "pow" and (exact(item.args[1]) or 0) < 0 for item in walk(node)
    )


def _lowest_terms(node: Node) -> bool:
    return all(not (isinstance(item, Op) and item.head == "div" and _reducible(item)) for item in walk(node))


def _reducible(node: Op) -> bool:
    top, bottom = exact(node.args[0]), exact(node.args[1])
    if top is not None and bottom is not None:
        if top.denominator != 1 or bottom.denominator != 1:
            return True
        return gcd(int(top), int(bottom)) > 1 or abs(bottom) == 1 or bottom < 0
    letters = free_symbols(node)
    if len(letters) != 1:
        return _common_factor(node)
    letter = next(iter(letters))
    ratios = ratio_of(node.args[0], letter), ratio_of(node.args[1], letter)
    if ratios[0] is None or ratios[1] is None:
        return False
    return len(poly_gcd(trim(ratios[0][0]), trim(ratios[1][0]))) > 1 or _common_content(
        ratios[0][0], ratios[1][0]
    )


def _common_content(top: list[Fraction], bottom: list[Fraction]) -> bool:
    if any(value.denominator != 1 for value in [*top, *bottom]):
        return False
    content = 0
    for value in [*top, *bottom]:
        content = gcd(content, int(value))
    return content > 1


def _common_factor(node: Op) -> bool:
    tops = {repr(base) for base, power in _factors(node.args[0]) if power > 0}
    bottoms = {repr(base) for base, power in _factors(node.args[1]) if power > 0}
    numbers = [exact(base) for part in node.args for base, _ in _factors(part) if exact(base) is not None]
    shared = {name for name in tops & bottoms if not name.startswith("Num")}
    whole = [int(value) for value in numbers if value is not None and value.denominator == 1]
    return bool(shared) or (len(whole) == 2 and gcd(*whole) > 1)


def _is_exact(node: Node) -> bool:
    return not any(isinstance(item, Num) and item.decimal for item in walk(node))


def _is_standard(node: Node) -> bool:
    """Vertex form a(x-h)²+k, standard equation of a line, circle or conic, or scientific notation."""
    if kind_of(node) == "equation" and isinstance(node, Op):
        right = exact(node.args[1])
        pair = solved(node)
        if (right is not None and right in {0, 1}) or (right is not None and "pow" in heads(node.args[0])):
            return not _has_like_terms(node.args[0])
        return pair is not None and _is_standard(pair[1])
    squares = [
        item for term in terms_of(node) for item, power in _factors(term) if power == 2 and free_symbols(item)
    ]
    others = [
        term for term in terms_of(node) if free_symbols(term) and not any(p == 2 for _, p in _factors(term))
    ]
    return len(squares) == 1 and not others and not _has_like_terms(node)


_RULES: dict[str, tuple[str, Callable[[Node], bool]]] = {
    "factored": ("not_factored", _is_factored),
    "factorised": ("not_factored", _is_factored),
    "expanded": ("not_expanded", _is_expanded),
    "simplified": ("unsimplified", _is_simplified),
    "single_fraction": ("not_single_fraction", _single_fraction),
    "lowest_terms": ("not_lowest_terms", _lowest_terms),
    "partial_fractions": (
        "not_partial_fractions",
        lambda node: is_partial_fractions(node, terms_of(node)),
    ),
    "exact": ("not_exact", _is_exact),
    "standard": ("not_standard", _is_standard),
    "vertex": ("not_standard", _is_standard),
}
FORMS = frozenset(_RULES)
