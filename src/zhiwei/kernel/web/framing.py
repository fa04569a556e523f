"""Builds the frame around every page from who is acting and where they are."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from zhiwei.kernel import navigation
from zhiwei.kernel.queries.frames import frame_facts
from zhiwei.kernel.values import Actor, Role
from zhiwei.ui.values import Frame, FrameKind, NavItem

BUREAU_ROLES = frozenset({Role.BUREAU_ADMIN, Role.RESEARCH_OFFICER})


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``frame`` for ``ui/page.html`` and ``actor`` for the templates."""
    actor: Actor | None = getattr(request, "actor", None)
    return {"frame": SimpleLazyObject(lambda: build(request, actor)), "actor": actor}


def build(request: HttpRequest, actor: Actor | None) -> Frame:
    """Return the frame for this page."""
    if actor is None:
        return Frame(sign_in_url=reverse("kernel:sign_in"), language_url=reverse("kernel:language"))
    facts = frame_facts(actor)
    return Frame(
        kind=frame_kind(actor),
        nav=tuple(_nav(request, actor)),
        person_name=actor.name,
        place_name=facts.place_name,
        notifications=facts.unread,
        notifications_url=reverse("kernel:notifications"),
        search_url=reverse("kernel:search") if actor.is_staff else "",
        account_url=reverse("kernel:account"),
        sign_out_url=reverse("kernel:sign_out"),
        language_url=reverse("kernel:language"),
        home_url=reverse("kernel:home"),
        elevated_until=_clock_time(actor),
        elevated_iso=actor.elevation.until if actor.elevation else "",
        elevated_end_url=reverse("kernel:end_elevation"),
    )


def frame_kind(actor: Actor) -> FrameKind:
    """Return the layout that follows from the actor's roles."""
    if actor.roles & BUREAU_ROLES:
        return FrameKind.BUREAU
    if actor.is_staff:
        return FrameKind.STAFF
    return FrameKind.GUARDIAN if Role.GUARDIAN in actor.roles else FrameKind.PUPIL


def _nav(request: HttpRequest, actor: Actor) -> list[NavItem]:
    found = []
    for entry in navigation.entries_for(actor):
        with suppress(NoReverseMatch):
            found.append((entry, reverse(entry.url_name)))
    here = _nearest(request.path, [url for _entry, url in found])
    return [
        NavItem(str(entry.label), entry.icon, url, url == here, entry.badge(actor) if entry.badge else 0)
        for entry, url in found
    ]


def _nearest(path: str, addresses: Sequence[str]) -> str:
    """Return the address that a page lies under, the longest when one lies under another; "" for none."""
    above = [one for one in addresses if path == one or (one != "/" and path.startswith(one))]
    return max(above, key=len, default="")


def _clock_time(actor: Actor) -> str:
    """Return when elevated mode ends, as people read a clock."""
    if actor.elevation is None:
        return ""
    return timezone.localtime(datetime.fromisoformat(actor.elevation.until)).strftime("%H:%M")
