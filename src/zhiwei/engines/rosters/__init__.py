"""Rosters: read a OneRoster package or a sheet with Chinese headings into entries, and say all that is wrong.

``read`` streams: entries and problems come in the order of the file, so that 100,000 pupils need little memory.
"""

from zhiwei.engines.rosters.package import HEAD_BYTES, open_roster
from zhiwei.engines.rosters.template import template_xlsx
from zhiwei.engines.rosters.values import (
    ClassRef,
    Entry,
    Guardian,
    Limits,
    Post,
    Problem,
    Roster,
    RosterFormat,
    UnusableRosterError,
)

__all__ = [
    "HEAD_BYTES",
    "ClassRef",
    "Entry",
    "Guardian",
    "Limits",
    "Post",
    "Problem",
    "Roster",
    "RosterFormat",
    "UnusableRosterError",
    "open_roster",
    "template_xlsx",
]
