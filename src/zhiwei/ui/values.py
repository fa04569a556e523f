"""What a page hands to its frame and components; templates only draw it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FrameKind(StrEnum):
    """Which layout a page is drawn in; it follows from the person's role, not from the page."""

    STAFF = "staff"
    PUPIL = "pupil"
    GUARDIAN = "guardian"
    BUREAU = "bureau"
    PUBLIC = "public"


_TEMPLATES = {
    FrameKind.STAFF: "ui/frames/staff.html",
    FrameKind.PUPIL: "ui/frames/pupil.html",
    FrameKind.GUARDIAN: "ui/frames/pupil.html",
    FrameKind.BUREAU: "ui/frames/bureau.html",
    FrameKind.PUBLIC: "ui/frames/public.html",
}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One way to go.

    Attributes:
        label: Two characters in the staff rail and the pupil's tabs (``作业``); already translated.
        icon: A name from ``ui/assets/icons.txt``.
        url: Where it leads.
        active: True on the page one is on; drawn and announced (``aria-current``).
        badge: How many things there wait for this person; 0 draws nothing.
    """

    label: str
    icon: str
    url: str
    active: bool = False
    badge: int = 0


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the context line (school › class › work); without ``url`` it is where one is."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around a page's content.

    Every field but ``kind`` may be left out: what has no address is not drawn.

    Attributes:
        kind: Layout.
        nav: Rail entries (staff, bureau) or the bottom tabs (pupil, guardian; four of them).
        trail: The context line, widest first.
        person_name: Who is signed in; empty when nobody is.
        place_name: School or bureau, shown beside the name.
        notifications: Unread count; the bell is drawn when ``notifications_url`` is set.
        notifications_url: Page of notices.
        search_url: Endpoint of the Ctrl-K palette (see ``docs/front-end.md`` for its JSON).
        account_url: Page of one's own account.
        sign_in_url: Offered in the public frame when nobody is signed in.
        sign_out_url: Receives a POST with the CSRF token.
        language_url: Django's ``set_language``: receives a POST of ``language`` and ``next``.
        home_url: Where the mark 知微 leads.
        elevated_until: When elevated mode ends, ready to read; drawn as a band across every page.
        elevated_iso: The same instant in ISO 8601, for the countdown.
        elevated_end_url: Receives a POST that ends it early.
    """

    kind: FrameKind = FrameKind.PUBLIC
    nav: tuple[NavItem, ...] = ()
    trail: tuple[Crumb, ...] = ()
    person_name: str = ""
    place_name: str = ""
    notifications: int = 0
    notifications_url: str = ""
    search_url: str = ""
    account_url: str = ""
    sign_in_url: str = ""
    sign_out_url: str = ""
    language_url: str = ""
    home_url: str = "/"
    elevated_until: str = ""
    elevated_iso: str = ""
    elevated_end_url: str = ""

    @property
    def template(self) -> str:
        """Path of the frame's template; ``ui/page.html`` extends it."""
        return _TEMPLATES[self.kind]


@dataclass(frozen=True, slots=True)
class View:
    """A saved view of a list: a name, where it is, and how many it holds (``None``: not counted)."""

    label: str
    url: str
    total: int | None = None
    active: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A drop-down in a list's filter line: query name, label, ``(value, label)`` pairs, the chosen value."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str = ""


class Origin(StrEnum):
    """Who or what stands behind a mark; it decides colour, shape and word everywhere."""

    PERSON = "person"
    MACHINE = "machine"
    EARNED = "earned"
    UNSURE = "unsure"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of an answer that counts as evidence.

    Attributes:
        start: First character, from 0.
        end: One past the last character.
        origin: Drawn as colour and shape of the line under the words.
        note: Said when pointed at, and read aloud.
        label: Small sign after the piece, usually the rubric point's number.
    """

    start: int
    end: int
    origin: Origin = Origin.EARNED
    note: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class RubricLine:
    """One point of a rubric as applied to one answer; ``earned=None`` while nobody decided."""

    text: str
    points: float
    earned: float | None = None
    origin: Origin = Origin.MACHINE
    why: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Stat:
    """A figure that speaks: what it says, the figure, its trend, comparison and uncertainty.

    Attributes:
        sentence: What the figure means, in words.
        figure: Ready to read (``62%``).
        label: Name of the figure.
        unit: After the figure.
        spread: Its uncertainty, ready to read (``58%–66%``).
        spread_note: What the spread is (``95% 区间``).
        trend: Change in words (``比上周 +4``).
        direction: ``up``, ``down`` or ``flat``.
        good: Whether the change is welcome; ``None`` when neither.
        comparison: Beside whom (``年级 58%``).
        points: Earlier values, oldest first, for the small line.
        url: Evidence it was computed from.
    """

    sentence: str
    figure: str
    label: str = ""
    unit: str = ""
    spread: str = ""
    spread_note: str = ""
    trend: str = ""
    direction: str = "flat"
    good: bool | None = None
    comparison: str = ""
    points: tuple[float, ...] = ()
    url: str = ""
