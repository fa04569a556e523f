"""Rosters: read a OneRoster package or a sheet with Chinese headings into entries, and say all that is wrong.

Its readers of workbooks and text tables serve other engines as well (``open_workbook``, ``encoding_of``).

``read`` streams: entries and problems come in the order of the file, so that 100,000 pupils need little memory.
"""

from zhiwei.engines.rosters.gate import open_package
from zhiwei.engines.rosters.package import HEAD_BYTES, open_roster
from zhiwei.engines.rosters.template import template_xlsx
from zhiwei.engines.rosters.text import check_row, encoding_of
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
from zhiwei.engines.rosters.xlsx import open_workbook, rows_of

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
    "check_row",
    "encoding_of",
    "open_package",
    "open_roster",
    "open_workbook",
    "rows_of",
    "template_xlsx",
]
