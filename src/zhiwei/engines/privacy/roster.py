"""Names known beforehand: the school's roster as an automaton, with the ways a name gets written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import ahocorasick
from pypinyin import Style, pinyin

from zhiwei.engines.privacy.names import Scene, name_advantage
from zhiwei.engines.privacy.spans import Span

MOST_NAMES = 2_000_000
_COST = -9.5
_RARE_WORD = -13.0
_LATIN_EDGE = re.compile(r"[A-Za-z]")


@dataclass(frozen=True)
class Roster:
    """A searchable list of people.

    Attributes:
        names: the distinct names as given.
        automaton: Aho–Corasick over every written form; values are (length, name, how).
    """

    names: tuple[str, ...]
    automaton: object


def build_roster(names: Sequence[str]) -> Roster:
    """Prepare a list of names for matching.

    Args:
        names: full names; blanks and duplicates are ignored; at most two million.

    Returns:
        The roster. Each name is found plainly, with a blank between its characters, with any middle dot,
        and in pinyin in either order, joined or apart, in any case.

    Raises:
        ValueError: more than :data:`MOST_NAMES` names.
    """
    known = tuple(dict.fromkeys(name.strip() for name in names if len(name.strip()) > 1))
    if len(known) > MOST_NAMES:
        raise ValueError(f"the roster has {len(known)} names; at most {MOST_NAMES} fit")
    automaton = ahocorasick.Automaton()
    for name in known:
        for form, how in _written_forms(name):
            if form not in automaton:
                automaton.add_word(form, (len(form), name, how))
    automaton.make_automaton()
    return Roster(known, automaton)


def _written_forms(name: str) -> Iterator[tuple[str, str]]:
    plain = name.replace("•", "·").replace("・", "·").lower()
    yield plain, "plain"
    if "·" in plain:
        yield plain.replace("·", ""), "without its dot"
        yield plain.replace("·", " "), "blank for its dot"
    elif plain.isascii():
        return
    elif len(plain) <= 4:
        for blank in (" ", "  ", "   "):
            yield blank.join(plain), "with blanks"
        yield from ((form, "pinyin") for form in _pinyin_forms(plain))


def _pinyin_forms(name: str) -> Iterator[str]:
    size = 2 if len(name) == 4 else 1
    for surname, given in product(*(_readings(part) for part in (name[:size], name[size:]))):
        first, rest = "".join(surname), "".join(given)
        yield f"{first} {rest}"
        yield f"{first} {' '.join(given)}"
        yield f"{rest} {first}"
        if len(first) + len(rest) >= 7:
            yield first + rest


@lru_cache(maxsize=4096)
def _readings(part: str) -> list[tuple[str, ...]]:
    syllables = pinyin(part, style=Style.NORMAL, heteronym=False)
    return [tuple(options[0].replace("ü", "v") for options in syllables)]


def find_roster_names(scene: Scene, roster: Roster) -> Iterator[Span]:
    """Every place where somebody of the roster is written.

    A name that is also a word (高兴, 马上), or that cuts through words (方明 in 方明白), counts only
    when the words around it speak for a name.

    Args:
        scene: of the text after :func:`folding.fold`.
        roster: from :func:`build_roster`.
    """
    folded = scene.folded
    found = getattr(roster.automaton, "iter_long", None)
    if found is None or not roster.names:
        return
    for last, (length, name, how) in found(folded.lower()):
        start, end = last + 1 - length, last + 1
        if how == "pinyin":
            if not _joins_letters(folded, start, end):
                yield Span(start, end, "name", 0.9, "name: roster, in pinyin")
        elif how != "plain" or _stands_as_name(scene, start, end):
            yield Span(start, end, "name", 0.99 if len(name) > 2 else 0.96, f"name: roster, {how}")


def _word_penalty(as_word: float) -> float:
    """How much must speak for a name that is also a word: nothing for a rare word, much for a common one."""
    return max(0.0, min(3.5, 0.9 * (as_word - _RARE_WORD)))


def _joins_letters(folded: str, start: int, end: int) -> bool:
    before = start > 0 and _LATIN_EDGE.match(folded[start - 1]) is not None
    return before or (end < len(folded) and _LATIN_EDGE.match(folded[end]) is not None)


def _stands_as_name(scene: Scene, start: int, end: int) -> bool:
    as_word = scene.lexicon.words.get(scene.folded[start:end])
    cost = _COST if as_word is None else min(_COST, as_word - _word_penalty(as_word))
    return name_advantage(scene, start, end, cost) >= 0
