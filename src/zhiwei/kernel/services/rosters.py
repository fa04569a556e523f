"""Roster imports: take in a file, check all of it, then write it piece by piece when a person confirms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from itertools import islice
from typing import BinaryIO

from django.db.models import QuerySet

from zhiwei.engines.rosters import ClassRef, Entry, Limits, Problem, Roster, UnusableRosterError, open_roster
from zhiwei.kernel import audit, files, jobs, outbox, scope
from zhiwei.kernel.clock import today as day_of
from zhiwei.kernel.errors import ConflictError, InvalidInputError
from zhiwei.kernel.events import PeopleImported
from zhiwei.kernel.models import Holding, Notification, Organisation, RosterImport, RosterState
from zhiwei.kernel.services.organisations import found_classes
from zhiwei.kernel.services.roster_known import Classes, Known, active, known_about
from zhiwei.kernel.services.roster_plan import Change, conflicts, plan
from zhiwei.kernel.services.roster_write import Writing, write
from zhiwei.kernel.values import Actor, Level, OrganisationKind, Role, Verb

PIECE = 1000
SHOWN_PROBLEMS = 1000
MAX_BYTES = Limits().file_bytes
CHECK, APPLY = "kernel.check_roster", "kernel.apply_roster"
Progress = Callable[[int, int, str], None]


def take_in(*, actor: Actor, now: datetime, tenant_id: int, content: BinaryIO, name: str) -> RosterImport:
    """Keep the file and plan its check; nothing of it is in force yet.

    Raises:
        InvalidInputError: Empty or too large.

    Effects:
        One audit row, one job.
    """
    file = files.store(content, tenant_id=tenant_id, now=now, max_bytes=MAX_BYTES, name=name[:120])
    row = RosterImport.objects.create(
        tenant_id=tenant_id,
        name=name[:120],
        file_id=file.id,
        owner_id=actor.person_id or None,
        created_at=now,
    )
    row.job_id = _plan_job(CHECK, row, now)
    row.save(update_fields=["job"])
    audit.record(
        actor=actor, verb=Verb.CREATE, kind="roster", object_id=row.pk, tenant_id=tenant_id,
        level=Level.SENSITIVE, now=now,
    )  # fmt: skip
    return row


def confirm(*, actor: Actor, now: datetime, import_id: int, begins_on: date, end_missing: bool) -> None:
    """Let a checked roster be written from ``begins_on`` on.

    Raises:
        ConflictError: The check has not passed, or somebody confirmed already.

    Effects:
        One audit row, one job.
    """
    row = RosterImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    if row.state != RosterState.READY:
        raise ConflictError("这份花名册现在不能导入：请先通过检查，且只能确认一次。", code="roster.not_ready")
    row.state, row.begins_on, row.end_missing = RosterState.RUNNING, begins_on, end_missing
    row.job_id = _plan_job(APPLY, row, now)
    row.save(update_fields=["state", "begins_on", "end_missing", "job"])
    audit.record(
        actor=actor, verb=Verb.IMPORT, kind="roster", object_id=row.pk, tenant_id=row.tenant_id,
        level=Level.SENSITIVE, now=now, detail={"end_missing": end_missing},
    )  # fmt: skip


def discard(*, actor: Actor, now: datetime, import_id: int) -> None:
    """Put a checked roster aside without writing anything.

    Raises:
        ConflictError: It is being written or was.

    Effects:
        One audit row.
    """
    row = RosterImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    if row.state not in {RosterState.READY, RosterState.UNUSABLE}:
        raise ConflictError("只有待确认或有问题的花名册可以放弃。", code="roster.not_ready")
    row.state, row.finished_at = RosterState.DISCARDED, now
    row.save(update_fields=["state", "finished_at"])
    audit.record(
        actor=actor, verb=Verb.DELETE, kind="roster", object_id=row.pk, tenant_id=row.tenant_id, now=now
    )


class MovedOnError(Exception):
    """A worker that was thought dead has written a piece meanwhile: the job is tried again from there."""


@dataclass
class _Findings:
    """What a check has gathered so far; identifiers are kept as hashes to stay small."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    total: int = 0
    numbers: dict[int, tuple[str, int]] = field(default_factory=dict)
    guardians: set[int] = field(default_factory=set)
    places: list[list[str | int | None]] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        self.total += 1
        if len(self.problems) < SHOWN_PROBLEMS:
            self.problems.append(problem)


def check(*, import_id: int, tenant_id: int, now: datetime, progress: Progress) -> dict[str, int]:
    """Read all of a roster, note every problem and count what would change. Writes only the import's own row."""
    found = _Findings()
    with scope.entered([tenant_id]):
        row = RosterImport.objects.get(pk=import_id)
        if row.state != RosterState.CHECKING:
            return {}
    try:
        kind = _look_through(row, found, now, progress)
    except UnusableRosterError as error:
        found.add(error.problem)
        kind = row.format
    usable = found.total == 0 and found.counts["people"] > 0
    if not found.total and not usable:
        found.add(Problem("no_people"))
    with scope.entered([tenant_id]):
        RosterImport.objects.filter(pk=import_id, state=RosterState.CHECKING).update(
            state=RosterState.READY if usable else RosterState.UNUSABLE,
            format=kind,
            counts={**found.counts, "places": found.places},
            problems=[_stored(one) for one in found.problems],
            problem_total=found.total,
            total=found.counts["people"],
        )
    return {"problems": found.total, "people": found.counts["people"]}


def _look_through(row: RosterImport, found: _Findings, now: datetime, progress: Progress) -> str:
    day, tenant_id = day_of(now), row.tenant_id
    with scope.entered([tenant_id]):
        roster = _opened(row, day)
        classes = Classes(tenant_id)
        school = Organisation.objects.get(pk=tenant_id)
    pupils = 0
    for piece in _pieces(roster, found.add):
        _twice_across(piece, found)
        with scope.entered([tenant_id]):
            known = known_about(tenant_id, piece)
            for entry in piece:
                for problem in conflicts(entry, known, classes):
                    found.add(problem)
            for change in plan(piece, known, classes, tenant_id=tenant_id, day=day):
                found.counts.update({"people": 1, change.verdict: 1, "kept": change.kept})
                found.counts["moved"] += bool(change.end)
                pupils += _attending(change, known, day)
            found.guardians.update(
                hash(one.source_key)
                for entry in piece
                for one in entry.guardians
                if one.source_key not in known.by_source
            )
        progress(found.counts["people"], 0, "")
    if classes.new and school.kind != OrganisationKind.SCHOOL:
        first = next(iter(classes.new.values()))
        found.add(Problem("class_unknown", facts={"value": first.name}))
    found.counts.update({"classes": len(classes.new), "guardians": len(found.guardians)})
    found.places = [[one.key, one.name, one.grade, one.source_key] for one in classes.new.values()]
    with scope.entered([tenant_id]):
        found.counts["missing"] = max(_present(tenant_id, day) - pupils, 0)
    return roster.format


def _attending(change: Change, known: Known, day: date) -> bool:
    """Tell whether a pupil of the roster attends today by an imported holding."""
    held = known.held.get(change.person.pk, ()) if change.person else ()
    return any(one.role == Role.PUPIL and not one.hand_set for one in active(held, day))


def _twice_across(piece: list[Entry], found: _Findings) -> None:
    """A number may stand in one sheet only: the same number for a pupil and a teacher is one person to us."""
    for entry in piece:
        if entry.number:
            sheet, row = found.numbers.setdefault(hash(entry.number), (entry.sheet, entry.row))
            if (sheet, row) != (entry.sheet, entry.row):
                facts = {"value": entry.number, "first": str(row)}
                found.add(Problem("twice", entry.row, "", entry.sheet, facts))


def apply(*, import_id: int, tenant_id: int, now: datetime, progress: Progress) -> dict[str, int]:
    """Write a confirmed roster in pieces of 1,000, each in a transaction that also notes how far it is.

    Called again after a crash it goes on behind the last piece written.

    Effects:
        Audit rows, ``PeopleImported``, and a notice to the person who imported.
    """
    with scope.entered([tenant_id]):
        row = RosterImport.objects.select_related("owner").get(pk=import_id)
        if row.state != RosterState.RUNNING:
            return dict(row.counts.get("written", {}))
        roster = _opened(row, day_of(row.created_at))
        actor = _owner(row)
        _found_classes(row, actor, now)
    writing = Writing(actor, now, tenant_id, row.pk, row.begins_on or day_of(now))
    done = row.applied
    for piece in _pieces(roster, _refuse, skip=done):
        with scope.entered([tenant_id]):
            _apply_piece(piece, row.pk, done, writing)
        done += len(piece)
        progress(done, row.total, "")
    with scope.entered([tenant_id]):
        return _finish(row.pk, roster, writing)


def _apply_piece(piece: list[Entry], import_id: int, done: int, about: Writing) -> None:
    row = RosterImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    if row.applied != done:
        raise MovedOnError(f"{row.applied} rows written, not {done}")
    known = known_about(about.tenant_id, piece)
    changes = list(plan(piece, known, Classes(about.tenant_id), tenant_id=about.tenant_id, day=about.day))
    tally = Counter(change.verdict for change in changes)
    write(changes, known, about)
    written = Counter(row.counts.get("written", {}))
    row.counts["written"] = dict(written + tally)
    row.applied = done + len(piece)
    row.save(update_fields=["applied", "counts"])


def _found_classes(row: RosterImport, actor: Actor, now: datetime) -> None:
    """Found the classes that the check found missing; those founded meanwhile are used as they are."""
    classes = Classes(row.tenant_id)
    missing = [
        (name, grade, source_key)
        for key, name, grade, source_key in row.counts.get("places", [])
        if classes.row_of(ClassRef(key, name, grade, source_key)) is None
    ]
    if missing:
        found_classes(actor=actor, now=now, school_id=row.tenant_id, classes=missing)


def _finish(import_id: int, roster: Roster, about: Writing) -> dict[str, int]:
    row = RosterImport.objects.select_for_update(of=("self",)).get(pk=import_id)
    ended = _end_missing(roster, about) if row.end_missing else 0
    written = Counter(row.counts.get("written", {}))
    row.counts["written"] = {**written, "ended": ended}
    row.state, row.finished_at = RosterState.DONE, about.now
    row.save(update_fields=["state", "finished_at", "counts"])
    outbox.publish(
        PeopleImported(tenant_id=row.tenant_id, created=written["created"], updated=written["updated"]),
        tenant_id=row.tenant_id,
        now=about.now,
    )
    if row.owner_id:
        Notification.objects.bulk_create(
            [
                Notification(
                    tenant_id=row.tenant_id, person_id=row.owner_id, text=f"花名册「{row.name[:60]}」已导入。",
                    url=f"/rosters/{row.uuid}/", key=f"roster-{row.pk}", at=about.now,
                )
            ],
            ignore_conflicts=True,
        )  # fmt: skip
    return {**row.counts["written"]}


def _end_missing(roster: Roster, about: Writing) -> int:
    """End the imported holdings of pupils whom the roster does not name; a roster of staff alone ends nobody."""
    seen: set[int] = set()
    for piece in _pieces(roster, _refuse):
        known = known_about(about.tenant_id, [entry for entry in piece if entry.kind == "pupil"])
        people = (known.person(entry) for entry in piece if entry.kind == "pupil")
        seen.update(person.pk for person in people if person is not None)
    if not seen:
        return 0
    rows = _pupils_in_force(about.tenant_id, about.day)
    gone = {pk: person for pk, person in rows.values_list("pk", "person_id") if person not in seen}
    for start in range(0, len(gone), PIECE):
        some = list(gone)[start : start + PIECE]
        Holding.objects.filter(pk__in=some, starts_on__gte=about.day).delete()
        Holding.objects.filter(pk__in=some, starts_on__lt=about.day).update(ends_on=about.day)
    audit.record_each(
        actor=about.actor, verb=Verb.UPDATE, kind="holding", now=about.now, tenant_id=about.tenant_id,
        about_ids=sorted(set(gone.values())), object_id=about.import_id, detail={"ended": True},
    )  # fmt: skip
    return len(set(gone.values()))


def _pupils_in_force(tenant_id: int, day: date) -> QuerySet[Holding]:
    rows = Holding.objects.filter(tenant_id=tenant_id, role=Role.PUPIL, hand_set=False)
    return rows.exclude(ends_on__lte=day)


def _present(tenant_id: int, day: date) -> int:
    return _pupils_in_force(tenant_id, day).values("person_id").distinct().count()


def _opened(row: RosterImport, today: date) -> Roster:
    school = Organisation.objects.get(pk=row.tenant_id)
    codes = frozenset({school.code, school.source_key} - {""})
    content = BytesIO(files.read(row.file_id))
    return open_roster(content, name=row.name, school=school.name, codes=codes, today=today)


def _pieces(roster: Roster, tell: Callable[[Problem], None], *, skip: int = 0) -> Iterator[list[Entry]]:
    """Yield entries in pieces of 1,000; problems are told on the way."""

    def good() -> Iterator[Entry]:
        for line in roster.lines():
            if isinstance(line, Problem):
                tell(line)
            else:
                yield line

    source = islice(good(), skip, None)
    while piece := list(islice(source, PIECE)):
        yield piece


def _refuse(problem: Problem) -> None:
    """A confirmed roster has no problems; one that has now was changed under us."""
    raise InvalidInputError(f"花名册与检查时不一致（{problem.code}）。", code="roster.changed")


def _owner(row: RosterImport) -> Actor:
    owner = row.owner
    if owner is None:
        return Actor(0, 0, row.tenant_id, "系统")
    return Actor(owner.account_id or 0, owner.pk, row.tenant_id, owner.name)


def _plan_job(task: str, row: RosterImport, now: datetime) -> int:
    return jobs.enqueue(
        task, tenant_id=row.tenant_id, key=f"roster-{row.pk}", now=now, arguments={"import_id": row.pk},
        title=row.name, owner_id=row.owner_id,
    )  # fmt: skip


def _stored(problem: Problem) -> dict[str, object]:
    return {
        "code": problem.code, "row": problem.row, "field": problem.field, "sheet": problem.sheet,
        "facts": dict(problem.facts),
    }  # fmt: skip
