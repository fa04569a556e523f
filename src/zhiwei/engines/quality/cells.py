"""Rules that a row breaks by itself: each becomes one expression, so that one scan answers them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from zhiwei.engines.quality.sql import Column, literal, texts
from zhiwei.engines.quality.values import Form, Rule

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MARKS = "10X98765432"
PATTERNS = {
    "mobile": "1[3-9][0-9]{9}",
    "email": "[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}([.][A-Za-z0-9-]{1,63})+",
    "name": r"\p{Han}{1,8}(·\p{Han}{1,12})*|[A-Za-z][A-Za-z .'-]{0,60}",
}


def fails(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    """Return the expression that is true where a row breaks the rule; it may be null where it is not tested."""
    return _MAKERS[rule.form](rule, columns, as_of)


def tested(rule: Rule, columns: Sequence[Column]) -> str:
    """Return the aggregate that counts the rows the rule has something to say of."""
    if rule.form is Form.FILLED:
        return "count(*)"
    if rule.form is Form.WHEN:
        return f"count(*) filter (where {_condition(rule, columns)})"
    if len(columns) == 1:
        return f"count({columns[0].plain})"
    return f"count(*) filter (where {' and '.join(one.filled for one in columns)})"


def is_cellwise(form: Form) -> bool:
    """Whether single rows break rules of this form without looking at others."""
    return form in _MAKERS


def citizen_id(one: Column) -> str:
    """Return the expression that is true for a number of the right shape, day of birth and check digit."""
    digits = (f"({one.body} // {10 ** (16 - place)} % 10) * {w}" for place, w in enumerate(_WEIGHTS))
    mark = f"substr({literal(_MARKS)}, (({' + '.join(digits)}) % 11)::int + 1, 1)"
    shaped = f"regexp_full_match({one.text}, '[1-9][0-9]{{16}}[0-9Xx]')"
    return f"coalesce({shaped} and {_is_day(one)} and {mark} = upper(substr({one.text}, 18, 1)), false)"


def _birth(one: Column) -> str:
    """Return the day of birth that a citizen id tells, as a number such as 20130903."""
    return f"({one.body} // 1000 % 100000000)"


def _is_day(one: Column) -> str:
    birth = _birth(one)
    year, month, day = f"({birth} // 10000)", f"({birth} // 100 % 100)", f"({birth} % 100)"
    leap = f"({year} % 4 = 0 and ({year} % 100 <> 0 or {year} % 400 = 0))"
    longest = f"case {month} when 2 then 28 + {leap}::int when 4 then 30 when 6 then 30 when 9 then 30 when 11 then 30"
    return f"{year} between 1800 and 2199 and {month} between 1 and 12 and {day} between 1 and ({longest} else 31 end)"


def _filled(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    del rule, as_of
    return f"not {columns[0].filled}"


def _number(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    del as_of
    (one,) = columns
    wrong = f"{one.number} is null or not isfinite({one.number})"
    if rule.params.get("whole"):
        wrong += f" or {one.number} <> floor({one.number})"
    return f"{one.filled} and ({wrong})"


def _date(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    del rule, as_of
    return f"{columns[0].filled} and {columns[0].day} is null"


def _range(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    del as_of
    (one,) = columns
    return f"{one.filled} and ({one.number} is null or not ({between(one.number, rule.params)}))"


def _length(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    del as_of
    (one,) = columns
    return f"{one.filled} and not ({between(f'length({one.text})', rule.params)})"


def _pattern(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    del as_of
    (one,) = columns
    return f"{one.filled} and not regexp_full_match({one.text}, {literal(str(rule.params['pattern']))})"


def _among(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    del as_of
    (one,) = columns
    return f"{one.filled} and not ({among(one, values_of(rule, 'values'))})"


def _format(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    del as_of
    (one,) = columns
    wanted = str(rule.params["format"])
    if wanted == "citizen_id":
        return f"{one.filled} and not {citizen_id(one)}"
    return f"{one.filled} and not regexp_full_match({one.text}, {literal(PATTERNS[wanted])})"


def _compare(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    """Numbers are compared as numbers, days as days, everything else as text."""
    del as_of
    left, right = columns
    holds = str(rule.params["operator"])
    both = f"{left.filled} and {right.filled}"
    if not (left.is_text or right.is_text):
        return f"{both} and not ({left.plain} {holds} {right.plain})"
    numbers = f"{left.number} {holds} {right.number}"
    days = f"{left.moment} {holds} {right.moment}"
    return f"{both} and not coalesce({numbers}, {days}, {left.text} {holds} {right.text})"


def _total(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    """The first column is the sum of the others, as far as all are filled."""
    del as_of
    within = literal(float(str(rule.params.get("within", 0) or 0)) + 1e-9)
    whole, *parts = columns
    total = " + ".join(one.number for one in parts)
    both = " and ".join(one.filled for one in columns)
    return f"{both} and coalesce(abs({whole.number} - ({total})) > {within}, true)"


def _when(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    """Where the first column has one of the values, the second is filled, or one of ``then``."""
    del as_of
    wanted = values_of(rule, "then")
    right = columns[1]
    holds = f"{right.filled} and {among(right, wanted)}" if wanted else right.filled
    return f"{_condition(rule, columns)} and not ({holds})"


def _condition(rule: Rule, columns: Sequence[Column]) -> str:
    return f"({columns[0].filled} and {among(columns[0], values_of(rule, 'values'))})"


def _agrees(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    """The first column is a citizen id; the second is the day of birth or the sex that it tells."""
    del as_of
    number, other = columns
    both = f"{number.filled} and {other.filled}"
    if rule.params["with"] == "birth":
        day = f"(year({other.day}) * 10000 + month({other.day}) * 100 + day({other.day}))"
        return f"{both} and coalesce({_birth(number)} <> {day}, true)"
    wanted = f"case when {number.body} % 2 = 1 then {{}} else {{}} end"
    codes, words = wanted.format("'1'", "'2'"), wanted.format("'男'", "'女'")
    return f"{both} and coalesce({other.text} <> {codes} and {other.text} <> {words}, true)"


def _recent(rule: Rule, columns: Sequence[Column], as_of: date) -> str:
    """A day at most ``days`` back and at most ``ahead`` days in the future."""
    (one,) = columns
    today = f"date {literal(as_of.isoformat())}"
    back, ahead = (int(float(str(rule.params.get(name, 0) or 0))) for name in ("days", "ahead"))
    age = f"date_diff('day', {one.day}, {today})"
    return f"{one.filled} and coalesce({age} > {back} or {age} < {-ahead}, true)"


def among(column: Column, values: Sequence[str]) -> str:
    """Return the expression that holds where a cell is one of the values; numbers are compared as numbers."""
    if not column.is_number:
        return f"{column.text} in {texts(values)}"
    numbers = [f"try_cast({literal(one)} as double)" for one in values]
    return f"coalesce({column.number} in ({', '.join(numbers)}), false)"


def between(value: str, params: Mapping[str, object]) -> str:
    """Return the expression that holds a value between the bounds that are given."""
    bounds = ((">=", params.get("low", "")), ("<=", params.get("high", "")))
    return " and ".join(f"{value} {sign} {literal(float(str(one)))}" for sign, one in bounds if one != "")


def values_of(rule: Rule, param: str) -> list[str]:
    """Return a list param as texts."""
    given = rule.params.get(param, ())
    return [str(one) for one in given] if isinstance(given, (list, tuple)) else []


_MAKERS: Mapping[Form, Callable[[Rule, Sequence[Column], date], str]] = {
    Form.FILLED: _filled,
    Form.NUMBER: _number,
    Form.DATE: _date,
    Form.RANGE: _range,
    Form.LENGTH: _length,
    Form.PATTERN: _pattern,
    Form.AMONG: _among,
    Form.FORMAT: _format,
    Form.COMPARE: _compare,
    Form.TOTAL: _total,
    Form.WHEN: _when,
    Form.AGREES: _agrees,
    Form.RECENT: _recent,
}
