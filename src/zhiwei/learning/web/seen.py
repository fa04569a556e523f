"""Whose pages these are: one's own, a child's, or a pupil's of a class one teaches; reading others is audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock
from zhiwei.kernel.api import PersonInfo
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor, Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of
from zhiwei.kernel.wording import SUBJECTS, subject_name
from zhiwei.learning import access
from zhiwei.learning.queries.subjects import subjects_of

READERS = (Role.PUPIL, Role.GUARDIAN, Role.TEACHER, Role.CLASS_TEACHER)
TABS = ("map", "path", "progress")


@dataclass(frozen=True, slots=True)
class Seen:
    """The pupil a page is about, in which subject, and how the reader stands to the pupil."""

    person: PersonInfo
    subject: str
    subjects: tuple[tuple[str, str], ...]
    own: bool
    ward: bool
    now: datetime
    today: date

    @property
    def staff(self) -> bool:
        """Whether a teacher reads."""
        return not self.own and not self.ward

    @property
    def query(self) -> str:
        """What keeps the subject in addresses."""
        return f"?subject={self.subject}"

    def url(self, page: str) -> str:
        """Return the address of another page about the same pupil and subject."""
        if self.own:
            return reverse(f"learning:{page}") + self.query
        return reverse(f"learning:{page}_of", args=[self.person.uuid]) + self.query

    def tabs(self) -> dict[str, str]:
        """Return the addresses of the pages about this pupil."""
        return {page: self.url(page) for page in TABS}


def seen(request: HttpRequest, person_uuid: str = "", *, kind: str = "mastery") -> Seen:
    """Return whom a page is about, checked and audited.

    Raises:
        NotFoundError: Absent, or not the actor's to see in this subject.
    """
    actor, now = actor_of(request), clock.now()
    today = clock.today(now)
    if not person_uuid:
        person = _self(actor)
    else:
        person = access.access_pupil(
            actor, person_uuid, subject=_wanted(request, actor), today=today, kind=kind
        )
    allowed = [
        one
        for one in subjects_of(person.id)
        if access.covers(actor, person.id, subject=one, today=today, kind=kind)
    ]
    subject = request.GET.get("subject") or (allowed[0] if allowed else "math")
    if subject not in allowed:
        if not access.covers(actor, person.id, subject=subject, today=today, kind=kind):
            raise NotFoundError
        allowed = [*allowed, subject]
    audit.record_reads(
        actor=actor,
        kind=kind,
        now=now,
        about_ids=[person.id],
        tenant_id=person.tenant_id,
        level=Level.PERSONAL,
        object_id=subject,
    )
    named = tuple((one, subject_name(one)) for one in allowed)
    ward = person.id in actor.wards
    return Seen(person, subject, named, person.id == actor.person_id, ward, now, today)


def language() -> str:
    """Return ``en`` for English readers, else ``zh``."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def _self(actor: Actor) -> PersonInfo:
    if Role.PUPIL not in actor.roles:
        raise NotFoundError
    return kernel.get_person(actor.person_id)


def _wanted(request: HttpRequest, actor: Actor) -> str:
    """Return the subject asked for; a teacher who names none is taken to mean the own one."""
    subject = request.GET.get("subject", "")
    return subject if subject in SUBJECTS else next(iter(kernel.subjects_taught(actor)), "math")


def may(seen_: Seen, actor: Actor, verb: Verb, kind: str) -> bool:
    """Tell whether the reader may also do something here."""
    return access.covers(
        actor, seen_.person.id, subject=seen_.subject, today=seen_.today, verb=verb, kind=kind
    )
