"""OneRoster 1.1 and 1.2 packages: users, roles, classes and enrollments joined into entries of one school."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from zhiwei.engines.rosters import cells
from zhiwei.engines.rosters.subjects import subject_of
from zhiwei.engines.rosters.tables import Package, Record
from zhiwei.engines.rosters.values import (
    ClassRef,
    Entry,
    Guardian,
    Post,
    Problem,
    RosterFormat,
    UnusableRosterError,
)

Line = Entry | Problem
Terms = Mapping[str, date]
GUARDIAN_ROLES = frozenset({"guardian", "parent", "relative"})
PUPIL_ROLES = frozenset({"student"})
TEACHER_ROLES = frozenset({"teacher", "aide", "proctor"})
KEY_LENGTH, NAME_LENGTH = 64, 60


@dataclass
class _Joined:
    """What is held while users stream by: small tuples only."""

    classes: dict[str, tuple[ClassRef, str, tuple[str, ...]]] = field(default_factory=dict)
    posts: dict[str, list[Post]] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    births: dict[str, tuple[date | None, str | None]] = field(default_factory=dict)
    guardians: dict[str, tuple[str, str]] = field(default_factory=dict)
    agents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def format_of(package: Package) -> RosterFormat:
    """Return the version named by the manifest.

    Raises:
        UnusableRosterError: No manifest, another version, or a table that holds changes only.
    """
    if not package.has("manifest"):
        raise UnusableRosterError("manifest_missing")
    said = {one.get("propertyName", ""): one.get("value", "") for _row, one in package.records("manifest")}
    for name, value in said.items():
        if name.startswith("file.") and value.lower() == "delta":
            raise UnusableRosterError("manifest_delta", sheet="manifest.csv", field=name)
    version = said.get("oneroster.version", "")
    if version not in {"1.1", "1.2"}:
        raise UnusableRosterError("manifest_version", sheet="manifest.csv", value=version[:20])
    for table in ("orgs", "users", "classes", "enrollments"):
        if not package.has(table):
            raise UnusableRosterError("table_missing", sheet=f"{table}.csv")
    return RosterFormat.ONEROSTER_11 if version == "1.1" else RosterFormat.ONEROSTER_12


def entries(package: Package, *, school: str, codes: frozenset[str], today: date) -> Iterator[Line]:
    """Yield entries and problems of one school.

    Args:
        school: Name of the school the import is for; a package of several schools is cut down to it.
        codes: Identifiers the school is known by (``sourcedId`` or ``identifier`` of its organisation).

    Raises:
        UnusableRosterError: The package names several schools and none of them is this one.
    """
    joined = _Joined()
    here = _school(package, school, codes, joined)
    terms = _terms(package, joined)
    _classes(package, here, joined)
    _roles(package, joined)
    _enrollments(package, terms, joined)
    _demographics(package, today, joined)
    _agents(package, joined)
    yield from joined.problems
    yield from _users(package, joined)


def _school(package: Package, school: str, codes: frozenset[str], joined: _Joined) -> str:
    parents: dict[str, tuple[int, str]] = {}
    schools: dict[str, Record] = {}
    for row, org in package.records("orgs"):
        key = org["sourcedId"]
        if key in parents:
            joined.problems.append(
                _problem("twice", row, "sourcedId", "orgs", value=key, first=parents[key][0])
            )
            continue
        parents[key] = (row, org.get("parentSourcedId", ""))
        if org["type"].lower() == "school":
            schools[key] = org
    joined.problems.extend(_cycles({key: (one,) for key, (_row, one) in parents.items()}, parents, "orgs"))
    if len(schools) == 1:
        return next(iter(schools))
    for key, org in schools.items():
        if key in codes or org.get("identifier", "") in codes - {""} or org["name"] == school:
            return key
    raise UnusableRosterError("school_unknown", sheet="orgs.csv", value=school, found=len(schools))


def _cycles(
    links: Mapping[str, tuple[str, ...]], rows: Mapping[str, tuple[int, str]], table: str
) -> Iterator[Problem]:
    """Yield one problem for each ring of links (walked without recursion)."""
    done: set[str] = set()
    for start in links:
        path: dict[str, None] = {}
        trail = [(start, iter(links.get(start, ())))] if start not in done else []
        path[start] = None
        while trail:
            key, following = trail[-1]
            step = next(following, None)
            if step is None:
                trail.pop()
                path.pop(key, None)
                done.add(key)
            elif step in path:
                name = "parentSourcedId" if table == "orgs" else "agentSourcedIds"
                yield _problem("cycle", rows[key][0], name, table, value=step)
            elif step in links and step not in done:
                path[step] = None
                trail.append((step, iter(links[step])))


def _terms(package: Package, joined: _Joined) -> Terms:
    """Return the first day of each term."""
    terms = {}
    for row, one in package.records("academicSessions"):
        begin = _day(one.get("startDate", ""), row, "startDate", "academicSessions", joined)
        if begin is not None:
            terms[one.get("sourcedId", "")] = begin
    return terms


def _classes(package: Package, school: str, joined: _Joined) -> None:
    subjects = {
        one.get("sourcedId", ""): _first(one.get("subjects", "")) or one.get("title", "")
        for _row, one in package.records("courses")
    }
    seen: dict[str, int] = {}
    titles: dict[str, int] = {}
    for row, one in package.records("classes"):
        key = one["sourcedId"]
        if one.get("schoolSourcedId", school) not in {school, ""}:
            continue
        if key in seen:
            joined.problems.append(_problem("twice", row, "sourcedId", "classes", value=key, first=seen[key]))
            continue
        seen[key] = row
        title = " ".join(one["title"].split())
        if not title or len(title) > NAME_LENGTH or len(key) > KEY_LENGTH or not key:
            code, name = ("empty", "title") if not title else ("too_long", "title")
            joined.problems.append(_problem(code, row, name, "classes", limit=NAME_LENGTH))
            continue
        if title in titles:
            joined.problems.append(
                _problem("twice", row, "title", "classes", value=title, first=titles[title])
            )
            continue
        titles[title] = row
        subject = ""
        if one.get("classType", "").lower() != "homeroom":
            subject = subject_of(
                _first(one.get("subjects", "")) or subjects.get(one.get("courseSourcedId", ""), "")
            )
        grade = cells.grade_of(_first(one.get("grades", "")))
        named = tuple(word.strip() for word in one.get("termSourcedIds", "").split(","))
        joined.classes[key] = (ClassRef(key, title, grade, key), subject, named)


def _roles(package: Package, joined: _Joined) -> None:
    """Version 1.2 keeps roles in a table of their own; the primary one decides."""
    for _row, one in package.records("roles"):
        user, role = one.get("userSourcedId", ""), one.get("role", "").lower()
        if one.get("roleType", "").lower() == "primary" or user not in joined.roles:
            joined.roles[user] = role


def _enrollments(package: Package, terms: Terms, joined: _Joined) -> None:
    """Keep the posts of each user; without dates of its own an enrollment runs from its class's first term."""
    for row, one in package.records("enrollments"):
        found = joined.classes.get(one["classSourcedId"])
        if found is None:
            continue
        place, subject, named = found
        role = one["role"].lower()
        begin = _day(one.get("beginDate", ""), row, "beginDate", "enrollments", joined)
        end = _day(one.get("endDate", ""), row, "endDate", "enrollments", joined)
        begin = begin or min((terms[term] for term in named if term in terms), default=None)
        if begin and end and end <= begin:
            joined.problems.append(_problem("period", row, "endDate", "enrollments", value=one["endDate"]))
            continue
        if role in PUPIL_ROLES:
            post = Post("pupil", place, "", begin, end)
        elif role in TEACHER_ROLES and not subject and one.get("primary", "").lower() == "true":
            post = Post("class_teacher", place, "", begin, end)
        elif role in TEACHER_ROLES:
            post = Post("teacher", place, subject, begin, end)
        else:
            continue
        joined.posts.setdefault(one["userSourcedId"], []).append(post)


def _demographics(package: Package, today: date, joined: _Joined) -> None:
    for row, one in package.records("demographics"):
        try:
            birth = cells.date_of(one.get("birthDate", ""), today=today)
            sex = cells.sex_of(one.get("sex", ""))
        except cells.UnusableValueError as error:
            name = "sex" if error.code == "sex" else "birthDate"
            joined.problems.append(
                _problem(error.code, row, name, "demographics", value=one.get(name, "")[:60])
            )
            continue
        joined.births[one.get("sourcedId", "")] = (birth, sex)


def _agents(package: Package, joined: _Joined) -> None:
    """Walk users once for guardians' names and who is whose agent."""
    rows: dict[str, tuple[int, str]] = {}
    for row, one in package.records("users"):
        key = one["sourcedId"]
        rows.setdefault(key, (row, ""))
        agents = tuple(word.strip() for word in one.get("agentSourcedIds", "").split(",") if word.strip())
        if agents:
            joined.agents[key] = agents
        if one.get("role"):
            joined.roles.setdefault(key, one["role"].lower())
        if joined.roles.get(key, "") in GUARDIAN_ROLES:
            joined.guardians[key] = (_name_of(one), one.get("sms", "") or one.get("phone", ""))
    linked = {key: joined.agents.get(key, ()) for key in rows if key in joined.agents}
    both = {
        key: tuple(one for one in agents if one in joined.agents or one == key)
        for key, agents in linked.items()
    }
    joined.problems.extend(_cycles(both, rows, "users"))


def _users(package: Package, joined: _Joined) -> Iterator[Line]:
    seen: dict[str, int] = {}
    numbers: dict[str, int] = {}
    for row, one in package.records("users"):
        key, name, role = one["sourcedId"], _name_of(one), joined.roles.get(one["sourcedId"], "")
        problems = list(_user_problems(row, one, name, seen, numbers))
        seen.setdefault(key, row)
        if role in GUARDIAN_ROLES:
            yield from problems
            continue
        posts = tuple(dict.fromkeys(joined.posts.get(key, ())))
        if not posts or role not in PUPIL_ROLES | TEACHER_ROLES:
            continue
        yield from problems
        if not problems:
            yield _entry(row, one, name, role, posts, joined)


def _entry(row: int, one: Record, name: str, role: str, posts: tuple[Post, ...], joined: _Joined) -> Entry:
    key = one["sourcedId"]
    birth, sex = joined.births.get(key, (None, None))
    kind = "pupil" if role in PUPIL_ROLES else "staff"
    phone = (one.get("sms", "") or one.get("phone", ""))[:20] if kind == "staff" else ""
    guardians = tuple(
        Guardian(agent, joined.guardians[agent][0], "", joined.guardians[agent][1][:20])
        for agent in joined.agents.get(key, ())
        if agent in joined.guardians
    )
    return Entry(
        kind,
        "users.csv",
        row,
        name,
        key,
        one.get("identifier", ""),
        sex,
        birth,
        phone or None,
        posts,
        guardians,
    )


def _user_problems(
    row: int, one: Record, name: str, seen: Mapping[str, int], numbers: dict[str, int]
) -> Iterator[Problem]:
    key, number = one["sourcedId"], one.get("identifier", "")
    if not key:
        yield _problem("empty", row, "sourcedId", "users")
    elif len(key) > KEY_LENGTH:
        yield _problem("too_long", row, "sourcedId", "users", limit=KEY_LENGTH)
    elif key in seen:
        yield _problem("twice", row, "sourcedId", "users", value=key, first=seen[key])
    if not name:
        yield _problem("empty", row, "givenName", "users")
    elif len(name) > NAME_LENGTH:
        yield _problem("too_long", row, "givenName", "users", limit=NAME_LENGTH)
    if number:
        try:
            cells.number_of(number, numeric=False)
        except cells.UnusableValueError as error:
            yield _problem(error.code, row, "identifier", "users", value=number[:60])
        first = numbers.setdefault(number, row)
        if first != row and key not in seen:
            yield _problem("twice", row, "identifier", "users", value=number, first=first)


def _name_of(one: Record) -> str:
    family, given = one.get("familyName", ""), one.get("givenName", "")
    western = (family + given).isascii()
    return f"{given} {family}".strip() if western else f"{family}{given}".replace(" ", "")


def _first(words: str) -> str:
    return words.partition(",")[0].strip()


def _day(value: str, row: int, name: str, table: str, joined: _Joined) -> date | None:
    try:
        return cells.date_of(value, today=date(2199, 12, 31))
    except cells.UnusableValueError as error:
        joined.problems.append(_problem(error.code, row, name, table, value=value[:60]))
        return None


def _problem(code: str, row: int, name: str, table: str, **facts: object) -> Problem:
    return Problem(code, row, name, f"{table}.csv", {key: str(value) for key, value in facts.items()})
