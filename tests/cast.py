"""The cast of all tests: two schools in one county, a teacher, pupils, a guardian, outsiders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from zhiwei.kernel import scope
from zhiwei.kernel.queries.actors import actors_of
from zhiwei.kernel.services import accounts, organisations, people
from zhiwei.kernel.values import Actor, OrganisationKind, Role, system_actor

NOW = datetime(2026, 10, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2026, 10, 12)
BEGIN = date(2026, 9, 1)
"""Cast: the day the term began."""


@dataclass
class Cast:
    """Ids of the places and, by nickname, of people; actors are resolved as the web would."""

    county: int
    school: int
    other_school: int
    class_one: int
    class_two: int
    people: dict[str, int]
    accounts: dict[str, int]

    def actor(self, nickname: str, today: date = TODAY) -> Actor:
        """Return somebody as the middleware would resolve them on ``today``."""
        with scope.everywhere("test"):
            (found,) = actors_of(self.accounts[nickname], today)
        return found


def found_cast() -> Cast:
    """Found the two schools with their people."""
    with scope.everywhere("test"):
        return _Casting().done()


class _Casting:
    def __init__(self) -> None:
        self.system = system_actor()
        self.people: dict[str, int] = {}
        self.accounts: dict[str, int] = {}

    def done(self) -> Cast:
        province = self._place(OrganisationKind.PROVINCE, "测试省", None)
        county = self._place(OrganisationKind.COUNTY, "测试县", province)
        school = self._place(OrganisationKind.SCHOOL, "甲校", county)
        other = self._place(OrganisationKind.SCHOOL, "乙校", county)
        one = self._place(OrganisationKind.CLASS, "八1班", school)
        two = self._place(OrganisationKind.CLASS, "八2班", school)
        self._person("teacher", school, one, Role.TEACHER, "math")
        self._person("head", school, one, Role.CLASS_TEACHER)
        self._person("admin", school, school, Role.SCHOOL_ADMIN)
        self._person("principal", school, school, Role.PRINCIPAL)
        self._person("auditor", school, school, Role.AUDITOR)
        self._person("pupil", school, one, Role.PUPIL)
        self._person("classmate", school, one, Role.PUPIL)
        self._person("pupil_two", school, two, Role.PUPIL)
        self._person("guardian", school, school, Role.GUARDIAN)
        self._person("outsider", other, other, Role.SCHOOL_ADMIN)
        self._person("other_teacher", other, other, Role.TEACHER, "math")
        self._person("bureau", county, county, Role.BUREAU_ADMIN)
        people.name_guardian(
            actor=self.system, now=NOW, child_id=self.people["pupil"], guardian_id=self.people["guardian"]
        )
        return Cast(county, school, other, one, two, self.people, self.accounts)

    def _place(self, kind: OrganisationKind, name: str, parent: int | None) -> int:
        return organisations.found_organisation(
            actor=self.system, now=NOW, kind=kind, name=name, parent_id=parent
        )

    def _person(self, nickname: str, tenant: int, place: int, role: Role, subject: str = "") -> None:
        person = people.register_person(
            actor=self.system, now=NOW, tenant_id=tenant, name=f"人{nickname}", number=nickname
        )
        people.give_role(
            actor=self.system,
            now=NOW,
            person_id=person,
            organisation_id=place,
            role=role,
            starts_on=BEGIN,
            subject=subject,
        )
        self.people[nickname] = person
        self.accounts[nickname] = accounts.open_account(
            actor=self.system, now=NOW, person_id=person, login=f"test-{nickname}"
        )
