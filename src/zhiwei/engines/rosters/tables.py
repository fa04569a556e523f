"""The tables of a OneRoster package: CSV members with their headings, rows by name."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator

from zhiwei.engines.rosters import text
from zhiwei.engines.rosters.gate import unpacked
from zhiwei.engines.rosters.values import Limits, UnusableRosterError

Record = dict[str, str]
NEEDED = {
    "orgs": ("sourcedId", "name", "type"),
    "users": ("sourcedId", "givenName", "familyName"),
    "classes": ("sourcedId", "title"),
    "enrollments": ("classSourcedId", "userSourcedId", "role"),
}


class Package:
    """The members of a package by table name; a package may have one folder around its files."""

    def __init__(self, package: zipfile.ZipFile, limits: Limits) -> None:
        self._package, self._limits = package, limits
        self._members = _members(package)

    def has(self, table: str) -> bool:
        """Whether the package holds this table."""
        return table in self._members

    def records(self, table: str) -> Iterator[tuple[int, Record]]:
        """Yield ``(row, record)`` of a table; nothing when it is absent. Deleted records are left out.

        Raises:
            UnusableRosterError: A heading is missing, or the table cannot be read.
        """
        if table not in self._members:
            return
        sheet = f"{table}.csv"
        content = b"".join(unpacked(self._package, self._members[table], self._limits))
        if content[:4] == b"PK\x03\x04":
            raise UnusableRosterError("zip_nested", sheet=sheet)
        rows = text.rows_of(content, sheet, self._limits)
        _number, headings = next(rows, (0, []))
        names = [heading.strip() for heading in headings]
        for needed in NEEDED.get(table, ()):
            if needed not in names:
                raise UnusableRosterError("heading_missing", sheet=sheet, row=1, field=needed)
        for number, cells in rows:
            if any(cells):
                record = dict(zip(names, map(str.strip, cells), strict=False))
                if record.get("status", "").lower() != "tobedeleted":
                    yield number, record


def _members(package: zipfile.ZipFile) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in package.namelist():
        parts = name.split("/")
        if name.lower().endswith(".csv") and len(parts) <= 2 and parts[0] != "__MACOSX":
            found.setdefault(parts[-1][:-4], name)
    return found
