"""What the tables already know about the people and classes of a piece of a roster (a few queries a piece)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from zhiwei.engines.rosters import ClassRef, Entry
from zhiwei.kernel import sealed
from zhiwei.kernel.models import Guardianship, Holding, Organisation, Person
from zhiwei.kernel.values import OrganisationKind, Role


@dataclass(frozen=True)
class Known:
    """People found by source key and number, their holdings, and who is guardian of whom."""

    by_source: Mapping[str, Person]
    by_number: Mapping[str, Person]
    held: Mapping[int, Sequence[Holding]]
    guardians: frozenset[tuple[int, int]]

    def person(self, entry: Entry) -> Person | None:
        """Return the person an entry means: by source key first, then by number."""
        return self.by_source.get(entry.source_key) or self.by_number.get(entry.number)


def known_about(tenant_id: int, entries: Sequence[Entry]) -> Known:
    """Look up everybody of a piece of a roster."""
    sources = {entry.source_key for entry in entries} | {
        one.source_key for entry in entries for one in entry.guardians
    }
    numbers = {entry.number for entry in entries}
    found = list(
        Person.objects.filter(tenant_id=tenant_id).filter(
            Q(source_index__in=sealed.blinds(tenant_id, "person.source_key", sources))
            | Q(number__in=numbers - {""})
        )
    )
    ids = [person.pk for person in found]
    held: dict[int, list[Holding]] = {}
    for holding in Holding.objects.filter(person_id__in=ids):
        held.setdefault(holding.person_id, []).append(holding)
    links = Guardianship.objects.filter(child_id__in=ids).values_list("child_id", "guardian_id")
    return Known(
        {person.source_key: person for person in found if person.source_key},
        {person.number: person for person in found if person.number},
        held,
        frozenset(links),
    )


class Classes:
    """The classes of a school by what a roster calls them; new ones get stand-in ids below zero until founded."""

    def __init__(self, tenant_id: int) -> None:
        rows = Organisation.objects.filter(tenant_id=tenant_id, kind=OrganisationKind.CLASS)
        self._by_source: dict[str, Organisation] = {}
        self._by_name: dict[str, Organisation] = {}
        for row in rows:
            if row.source_key:
                self._by_source[row.source_key] = row
            self._by_name[row.name] = row
        self.new: dict[str, ClassRef] = {}
        self._stand_ins: dict[str, int] = {}

    def id_of(self, place: ClassRef) -> int:
        """Return the class's id; a class not seen before is noted as new."""
        row = self.row_of(place)
        if row is not None:
            return row.pk
        key = self._key(place)
        self.new.setdefault(key, place)
        return self._stand_ins.setdefault(key, -len(self.new))

    def row_of(self, place: ClassRef) -> Organisation | None:
        """Return the class if it is there."""
        return self._by_source.get(place.source_key) or self._by_name.get(place.name)

    @staticmethod
    def _key(place: ClassRef) -> str:
        return place.source_key or place.name


def active(held: Iterable[Holding], day: date) -> list[Holding]:
    """Return those that are in force on a day or begin later."""
    return [one for one in held if one.ends_on is None or one.ends_on > day]


IMPORTED_ROLES = frozenset({Role.PUPIL, Role.TEACHER, Role.CLASS_TEACHER, Role.SUBJECT_LEAD})
