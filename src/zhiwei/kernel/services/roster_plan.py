"""What a piece of a roster would change: worked out without writing, the same at preview and at import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from zhiwei.engines.rosters import Entry, Post, Problem
from zhiwei.kernel.models import Holding, Person
from zhiwei.kernel.services.roster_known import IMPORTED_ROLES, Classes, Known, active
from zhiwei.kernel.values import Role

FIELDS = ("name", "number", "source_key", "sex", "birth_on", "phone")


@dataclass
class Change:
    """One entry and what it means: a new or known person, changed fields, holdings to begin, end or reopen."""

    entry: Entry
    person: Person | None
    fields: dict[str, object] = field(default_factory=dict)
    begin: list[tuple[str, int, str, Post]] = field(default_factory=list)
    end: list[Holding] = field(default_factory=list)
    reopen: list[tuple[Holding, Post]] = field(default_factory=list)
    kept: int = 0

    @property
    def verdict(self) -> str:
        """``created``, ``updated`` or ``unchanged``."""
        if self.person is None:
            return "created"
        return "updated" if self.fields or self.begin or self.end or self.reopen else "unchanged"


def plan(
    entries: Sequence[Entry], known: Known, classes: Classes, *, tenant_id: int, day: date
) -> Iterator[Change]:
    """Yield what each entry changes.

    Args:
        day: New holdings begin on this day unless the roster says another; replaced ones end on it.
    """
    for entry in entries:
        person = known.person(entry)
        change = Change(entry, person)
        _fields(change)
        _holdings(change, known.held.get(person.pk, ()) if person else (), classes, tenant_id, day)
        yield change


def conflicts(entry: Entry, known: Known, classes: Classes) -> Iterator[Problem]:
    """Yield what in the tables stands against an entry."""
    by_source, by_number = known.by_source.get(entry.source_key), known.by_number.get(entry.number)
    person = by_source or by_number
    other = by_source and by_number and by_source.pk != by_number.pk
    renamed = person and person.source_key and entry.source_key and person.source_key != entry.source_key
    if other or renamed:
        yield Problem("identity", entry.row, "", entry.sheet, {"value": entry.number or entry.source_key})
    elif person is not None and _other_kind(entry, known.held.get(person.pk, ())):
        yield Problem("other_kind", entry.row, "", entry.sheet, {"value": entry.number or entry.source_key})
    for post in entry.posts:
        row = classes.row_of(post.place) if post.place else None
        if row is not None and row.closed_on is not None:
            yield Problem("class_closed", entry.row, "", entry.sheet, {"value": row.name})


def _other_kind(entry: Entry, held: Sequence[Holding]) -> bool:
    """Tell whether a pupil's number belongs to staff (or the other way round): never overwrite those."""
    pupil = any(one.role == Role.PUPIL for one in held)
    other = any(one.role != Role.PUPIL for one in held)
    return other and not pupil if entry.kind == "pupil" else pupil


def _fields(change: Change) -> None:
    entry, person = change.entry, change.person
    for name in FIELDS:
        value = getattr(entry, name)
        if value in (None, ""):
            continue
        if person is None:
            change.fields[name] = value
        elif getattr(person, name) != value:
            if name in person.hand_set:
                change.kept += 1
            else:
                change.fields[name] = value
    if person is not None and person.removed_at is not None:
        change.fields["removed_at"] = None


def _holdings(change: Change, held: Sequence[Holding], classes: Classes, tenant_id: int, day: date) -> None:
    wanted: dict[tuple[str, int, str], Post] = {}
    for post in change.entry.posts:
        if post.ends_on is None or post.ends_on > day:
            place = classes.id_of(post.place) if post.place else tenant_id
            wanted.setdefault((post.role, place, post.subject), post)
    now = {(one.role, one.organisation_id, one.subject): one for one in active(held, day)}
    past = {(one.role, one.organisation_id, one.subject, one.starts_on): one for one in held}
    fixed = {role for (role, _place, _subject), one in now.items() if one.hand_set and role == Role.PUPIL}
    for (role, place, subject), post in wanted.items():
        found = now.get((role, place, subject))
        if found is not None:
            if found.ends_on != post.ends_on and not found.hand_set:
                change.reopen.append((found, post))
        elif role in fixed:
            change.kept += 1
        elif (again := past.get((role, place, subject, post.starts_on or day))) is not None:
            if again.hand_set:
                change.kept += 1
            else:
                change.reopen.append((again, post))
        else:
            change.begin.append((role, place, subject, post))
    if wanted:
        _ended(change, now, set(wanted))


def _ended(
    change: Change, now: dict[tuple[str, int, str], Holding], wanted: set[tuple[str, int, str]]
) -> None:
    """What the roster no longer names ends, unless a person set it by hand; a roster without posts says nothing."""
    for key, holding in now.items():
        if key in wanted or key[0] not in IMPORTED_ROLES:
            continue
        if holding.hand_set:
            change.kept += 1
        else:
            change.end.append(holding)
