"""Find personal data in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhiwei.engines.privacy.accounts import find_accounts
from zhiwei.engines.privacy.citizen_id import find_citizen_ids
from zhiwei.engines.privacy.dates import find_birth_dates
from zhiwei.engines.privacy.folding import HAN, fold
from zhiwei.engines.privacy.lexicon import Lexicon, load_lexicon
from zhiwei.engines.privacy.names import find_names, set_scene
from zhiwei.engines.privacy.other_names import find_other_names
from zhiwei.engines.privacy.phones import find_phones
from zhiwei.engines.privacy.places import find_addresses, find_classes, find_schools
from zhiwei.engines.privacy.roster import Roster, find_roster_names
from zhiwei.engines.privacy.spans import Span, settle_overlaps

_HAN = re.compile(f"[{HAN}]")
_DIGIT = re.compile(r"[0-9]|[〇零一二三四五六七八九]年")
_MACHINE = re.compile(r"[0-9@]|[A-Za-z]{4}")
_FAMOUS_REACH = re.compile(r"(?:19|20)[0-9]{2}")


def detect(text: str, roster: Roster | None = None) -> tuple[Span, ...]:
    """Find every piece of personal data.

    Args:
        text: any text; offsets of the result are code points of exactly this string.
        roster: names known beforehand; without it names are told by grammar and context.

    Returns:
        Disjoint spans in text order.

    Cost:
        Linear; about a megabyte a second on one core.
    """
    return settle_overlaps(_findings(text, roster))


def _findings(text: str, roster: Roster | None) -> Iterator[Span]:
    folded = fold(text)
    lexicon = load_lexicon()
    if _DIGIT.search(folded):
        yield from find_citizen_ids(folded)
        yield from find_birth_dates(folded, _famous_ends(folded, lexicon))
    yield from find_phones(text, folded)
    if _MACHINE.search(folded):
        yield from find_accounts(folded)
    scene = set_scene(folded, lexicon)
    if _HAN.search(folded):
        yield from find_addresses(folded, lexicon)
        yield from find_names(scene)
    yield from find_schools(folded, lexicon)
    yield from find_classes(folded)
    yield from find_other_names(folded)
    if roster is not None and roster.names:
        yield from find_roster_names(scene, roster)


def _famous_ends(folded: str, lexicon: Lexicon) -> frozenset[int]:
    """Where a famous name ends close before a year; others cannot matter to a birth date."""
    ends: set[int] = set()
    for year in _FAMOUS_REACH.finditer(folded):
        window = max(0, year.start() - 18)
        piece = folded[window : year.start()]
        for size in (2, 3, 4):
            ends.update(
                window + at + size
                for at in range(len(piece) - size + 1)
                if piece[at : at + size] in lexicon.famous
            )
    return frozenset(ends)
