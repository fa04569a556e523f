"""Template processing of QTI as parameters, where our arithmetic can say it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from xml.etree.ElementTree import Element

from zhiwei.engines.exchange.markup import attribute, each, first, tag
from zhiwei.engines.exchange.values import Content, NotUnderstoodError
from zhiwei.engines.variants import FormulaError, evaluate, holds

MOST_CHOICES = 400
LONGEST_HOLE = 200
LONGEST_CONDITION = 400
"""Characters of a formula that the arithmetic reads."""


@dataclass(slots=True)
class Template:
    """What template processing says, in our words.

    Attributes:
        drawn: Parameters with the numbers they are drawn from.
        derived: Formulas by name, each using those before it.
        words: Variables that hold a word: fixed, as parameters here are numbers.
        answers: Formulas of the right responses.
    """

    drawn: dict[str, list[str]] = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    conditions: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def shown(self, name: str) -> str | None:
        """Return what stands where a variable is printed; None when there is no such variable."""
        if name in self.words:
            return self.words[name]
        return f"{{{{{name}}}}}" if name in self.drawn or name in self.derived else None

    def answer(self, name: str) -> str | None:
        """Return the right response that was computed, as it stands in an item."""
        source = self.answers.get(name)
        if source is None:
            return None
        if len(source) > LONGEST_HOLE:
            raise NotUnderstoodError(f"computes its answer by a formula of over {LONGEST_HOLE} characters")
        return f"{{{{{source}}}}}" if self.drawn else source

    def parameters(self) -> Content:
        """Return the keys of a parameterised item; nothing when every number is fixed."""
        if not self.drawn:
            return {}
        made: Content = {"parameters": [{"name": k, "choices": v} for k, v in self.drawn.items()]}
        made.update({"derived": self.derived} if self.derived else {})
        made.update({"conditions": self.conditions} if self.conditions else {})
        return made


def read_template(root: Element) -> Template:
    """Read the template declarations and processing of an item.

    Raises:
        NotUnderstoodError: It draws or computes something that the arithmetic here has no word for.
    """
    found = Template()
    processing = first(root, "templateprocessing")
    for one in processing if processing is not None else ():
        step = _STEPS.get(tag(one))
        if step is None:
            raise NotUnderstoodError(f"draws its numbers with '{tag(one)[:40]}', which is not read")
        step(found, one)
    return found if found.drawn else _settled(found)


def _settled(found: Template) -> Template:
    """A template that draws no number says plain numbers."""
    values = dict[str, Fraction]()
    try:
        for name, source in found.derived.items():
            values[name] = evaluate(source, values)
        answers = {name: _plain(evaluate(source, values)) for name, source in found.answers.items()}
    except FormulaError as error:
        raise NotUnderstoodError(f"its numbers cannot be computed: {error}") from error
    words = found.words | {name: _plain(value) for name, value in values.items()}
    return Template(words=words, answers=answers, notes=found.notes)


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.12g}"


def _set(found: Template, element: Element) -> None:
    name, value = attribute(element, "identifier"), element[0]
    kind = tag(value)
    if kind == "randominteger":
        found.drawn[name] = _range(value)
    elif kind == "random":
        _random(found, name, value)
    elif kind == "basevalue" and attribute(value, "basetype") not in {"integer", "float"}:
        found.words[name] = (value.text or "").strip()
    elif kind in {"randomfloat", "ordered", "index", "multiple"}:
        raise NotUnderstoodError(f"draws '{name}' with '{kind}', which parameters here cannot say")
    else:
        found.derived[name] = formula(found, value)


def _range(value: Element) -> list[str]:
    low, high = int(attribute(value, "min", "0")), int(attribute(value, "max"))
    step = int(attribute(value, "step", "1"))
    if step < 1 or not low <= high <= low + step * MOST_CHOICES:
        raise NotUnderstoodError(
            f"draws from {low} to {high} by {step}; at most {MOST_CHOICES} numbers are read"
        )
    return [str(one) for one in range(low, high + 1, step)]


def _random(found: Template, name: str, value: Element) -> None:
    values = list(each(value, "basevalue"))
    texts = [(one.text or "").strip() for one in values]
    if not texts or tag(value[0]) != "multiple":
        raise NotUnderstoodError(f"draws '{name}' from something other than a list")
    if attribute(values[0], "basetype") in {"integer", "float"}:
        found.drawn[name] = list(map(_checked_number, texts))
        return
    found.words[name] = texts[0]
    found.notes.append(f"the drawn word '{name}' is always '{texts[0]}'; others: {', '.join(texts[1:])}")


def _constraint(found: Template, element: Element) -> None:
    found.conditions.append(_short(condition(found, element[0])))


def _answer(found: Template, element: Element) -> None:
    value = element[0]
    if tag(value) == "basevalue" and attribute(value, "basetype") not in {"integer", "float"}:
        raise NotUnderstoodError("its right option depends on the numbers drawn")
    found.answers[attribute(element, "identifier")] = formula(found, value)


def _branches(found: Template, element: Element) -> None:
    """One of several branches by the value of what was drawn before: fixed ones at once, others by enumerating."""
    taken: list[tuple[str, Element]] = []
    for branch in element:
        rest = [one for one in branch if tag(one) in {"settemplatevalue", "setcorrectresponse"}]
        test = branch[0] if tag(branch) != "templateelse" else None
        sure = _fixed(found, test) if test is not None else True
        if sure is False:
            continue
        if len(rest) + (test is not None) != len(branch) or any(
            tag(one) != "settemplatevalue" for one in rest
        ):
            raise NotUnderstoodError(
                "its right answer depends on the numbers drawn in a way that is not read"
            )
        if sure and not taken:
            for one in rest:
                _set(found, one)
            return
        taken += [(condition(found, test) if test is not None else "", one) for one in rest]
    _by_value(found, taken)


def _fixed(found: Template, test: Element | None) -> bool | None:
    """Whether a test on words holds, which is known already; None when it asks for numbers."""
    if test is None or tag(test) != "match" or tag(test[0]) != "variable":
        return None
    name = attribute(test[0], "identifier")
    return found.words[name] == (test[1].text or "").strip() if name in found.words else None


def _by_value(found: Template, taken: list[tuple[str, Element]]) -> None:
    """A number that is drawn from another list in each branch: all lists together, and conditions on the pairs."""
    names = {attribute(one, "identifier") for _test, one in taken}
    if len(names) != 1 or len(found.drawn) > 3:
        raise NotUnderstoodError("its numbers depend on one another in a way that is not read")
    name, lists = names.pop(), []
    for test, one in taken:
        draft = Template(drawn=dict(found.drawn), derived=dict(found.derived))
        _set(draft, one)
        if name not in draft.drawn:
            raise NotUnderstoodError(f"'{name}' is computed in another way in each case")
        lists.append((test, draft.drawn[name]))
    before = list(found.drawn)
    allowed = list[str]()
    for numbers in product(*found.drawn.values()):
        values = {key: Fraction(one) for key, one in zip(before, numbers, strict=True)}
        fitting = next((choices for test, choices in lists if not test or _holds(test, values)), None)
        said = " and ".join(f"{key} == {one}" for key, one in zip(before, numbers, strict=True))
        allowed += [f"{said} and {name} == {one}" for one in fitting or ()]
    found.drawn[name] = list(dict.fromkeys(one for _test, choices in lists for one in choices))
    found.conditions.append(_short(" or ".join(allowed)))


def _holds(test: str, values: Mapping[str, Fraction]) -> bool:
    try:
        return holds(test, values)
    except FormulaError as error:
        raise NotUnderstoodError(f"its numbers cannot be computed: {error}") from error


def _short(text: str) -> str:
    if len(text) > LONGEST_CONDITION:
        raise NotUnderstoodError("the conditions of its numbers are too long for the parameters here")
    return text


def condition(found: Template, element: Element) -> str:
    """Return a logical expression as a condition."""
    kind = tag(element)
    if kind == "and":
        return " and ".join(condition(found, one) for one in element)
    sign = _COMPARE.get(kind)
    if sign is None or (kind == "equal" and attribute(element, "tolerancemode", "exact") != "exact"):
        raise NotUnderstoodError(f"has the condition '{kind[:40]}', which is not read")
    return f"{formula(found, element[0])} {sign} {formula(found, element[1])}"


def formula(found: Template, element: Element) -> str:
    """Return a numeric expression as a formula of our arithmetic.

    Raises:
        NotUnderstoodError: It computes what the arithmetic has no word for.
    """
    kind = tag(element)
    if kind == "basevalue":
        return _checked_number((element.text or "").strip())
    if kind == "variable":
        return _variable(found, attribute(element, "identifier"))
    if kind == "roundto":
        return _rounded(found, element)
    write = _FORMULAS.get(kind)
    if write is None:
        raise NotUnderstoodError(
            f"computes with '{(attribute(element, 'name') or kind)[:40]}', which is not read"
        )
    try:
        return write(*[formula(found, one) for one in element])
    except TypeError as error:
        raise NotUnderstoodError(f"computes with '{kind}' of {len(element)} numbers") from error


def _variable(found: Template, name: str) -> str:
    if name not in found.drawn and name not in found.derived:
        raise NotUnderstoodError(f"computes with '{name[:40]}', which is no number drawn before")
    return name


def _rounded(found: Template, element: Element) -> str:
    if attribute(element, "roundingmode") != "decimalPlaces":
        raise NotUnderstoodError("rounds to significant figures, which parameters here cannot say")
    scale = 10 ** min(max(int(attribute(element, "figures", "0")), 0), 9)
    return f"(floor({formula(found, element[0])} * {scale} + 1/2) / {scale})"


def _checked_number(text: str) -> str:
    try:
        evaluate(text, {})
    except FormulaError as error:
        raise NotUnderstoodError(f"'{text[:40]}' is no number that is read") from error
    return text


def _joined(sign: str) -> Callable[..., str]:
    return lambda *given: f"({f' {sign} '.join(given)})"


def _called(name: str) -> Callable[..., str]:
    return lambda *given: f"{name}({', '.join(given)})"


_STEPS: Mapping[str, Callable[[Template, Element], None]] = {
    "settemplatevalue": _set, "templateconstraint": _constraint, "setcorrectresponse": _answer,
    "templatecondition": _branches,
}  # fmt: skip
_COMPARE = {"equal": "==", "match": "==", "lt": "<", "gt": ">", "lte": "<=", "gte": ">="}
_FORMULAS: Mapping[str, Callable[..., str]] = {
    "sum": _joined("+"), "subtract": _joined("-"), "product": _joined("*"), "divide": _joined("/"),
    "power": _joined("^"), "integermodulus": _joined("%"), "gcd": _called("gcd"), "lcm": _called("lcm"),
    "min": _called("min"), "max": _called("max"), "round": lambda a: f"floor({a} + 1/2)",
    "integerdivide": lambda a, b: f"floor({a} / {b})",
    "integertofloat": lambda a: a,
}  # fmt: skip
