"""Founds the demo county through the kernel's own services: two schools, six classes, staff, 120 pupils, guardians."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from zhiwei.config.demo.names import Names
from zhiwei.kernel import scope
from zhiwei.kernel.models import Account, Organisation
from zhiwei.kernel.services import accounts, organisations, people
from zhiwei.kernel.values import OrganisationKind, Role, system_actor

SEED = 20260901
CLASS_SIZE = 20
SCHOOLS = (
    ("青溪实验中学", "QX", ((7, "七年级1班"), (8, "八年级1班"), (8, "八年级2班"), (8, "八年级3班"))),
    ("云岭乡中心学校", "YL", ((8, "八年级1班"), (8, "八年级2班"))),
)
SUBJECTS = ("math", "physics", "chinese", "english")
LEADERS = (Role.PRINCIPAL, Role.SCHOOL_ADMIN, Role.DATA_OFFICER, Role.AUDITOR, Role.SECURITY_OFFICER)
TITLES = {
    "bureau": "教育局管理员", "principal": "校长", "school_admin": "学校管理员", "data_officer": "数据专员",
    "auditor": "审计员", "security_officer": "安全专员", "teacher-math": "数学教师", "teacher-physics": "物理教师",
    "pupil": "学生", "guardian": "家长",
}  # fmt: skip
"""Who has a demo account: the login behind ``PREFIX``, and the role in words."""
PREFIX = "demo-"


@dataclass
class County:
    """What was founded, for those who go on building (ids) and for printing sign-in links."""

    county_id: int
    schools: list[int] = field(default_factory=list)
    classes: dict[int, list[int]] = field(default_factory=dict)
    accounts: list[tuple[str, int]] = field(default_factory=list)


def found_county(*, now: datetime, seed: int = SEED) -> County:
    """Found the county in one transaction; nothing is left half-done.

    Returns:
        The county with its demo accounts ``(role in words, account id)``.
    """
    with scope.everywhere("found the demo county"):
        return _Founder(now, random.Random(seed)).found()  # noqa: S311 - a repeatable fiction, not a secret


def standing_accounts() -> list[tuple[str, int]]:
    """Return the demo accounts of a county that stands, as ``found_county`` gave them."""
    with scope.everywhere("list demo accounts"):
        found = dict(Account.objects.filter(login__startswith=PREFIX).values_list("login", "pk"))
    return [(title, found[PREFIX + login]) for login, title in TITLES.items() if PREFIX + login in found]


def find_county() -> County | None:
    """Return the demo county of this database, or ``None`` before it was founded."""
    with scope.everywhere("find the demo county"):
        county = Organisation.objects.filter(source_key="demo-county").first()
        return None if county is None else County(county.pk, list(_schools(county)))


def _schools(county: Organisation) -> list[int]:
    return list(Organisation.objects.filter(parent=county, kind="school").values_list("pk", flat=True))


class _Founder:
    def __init__(self, now: datetime, generator: random.Random) -> None:
        self.now, self.generator, self.names = now, generator, Names(generator)
        self.actor = system_actor()
        self.begin = date(now.year if now.month >= 8 else now.year - 1, 8, 20)

    def found(self) -> County:
        province = self._place(OrganisationKind.PROVINCE, "示例省", None)
        city = self._place(OrganisationKind.CITY, "临川市", province)
        county = County(self._place(OrganisationKind.COUNTY, "青溪县", city, source_key="demo-county"))
        officer = self._staff(county.county_id, Role.BUREAU_ADMIN, "B001")
        self._open(county, officer, "bureau")
        for number, (name, code, classes) in enumerate(SCHOOLS):
            self._school(county, name, code, classes, first=number == 0)
        return county

    def _school(
        self, county: County, name: str, code: str, classes: tuple[tuple[int, str], ...], *, first: bool
    ) -> None:
        school = self._place(OrganisationKind.SCHOOL, name, county.county_id, code=code)
        county.schools.append(school)
        county.classes[school] = [
            self._place(OrganisationKind.CLASS, title, school, grade=grade) for grade, title in classes
        ]
        for number, role in enumerate(LEADERS, start=1):
            person = self._staff(school, role, f"{code}9{number:02d}")
            if first:
                self._open(county, person, role.value)
        self._teachers(county, school, code, first=first)
        for class_id in county.classes[school]:
            self._class(county, school, class_id, code, first=first)

    def _teachers(self, county: County, school: int, code: str, *, first: bool) -> None:
        for number, subject in enumerate(SUBJECTS, start=1):
            person = self._staff(school, None, f"{code}1{number:02d}")
            for class_id in county.classes[school]:
                self._role(person, class_id, Role.TEACHER, subject)
            self._role(person, school, Role.SUBJECT_LEAD, subject)
            if number <= len(county.classes[school]):
                self._role(person, county.classes[school][number - 1], Role.CLASS_TEACHER)
            if first and subject in {"math", "physics"}:
                self._open(county, person, f"teacher-{subject}")

    def _class(self, county: County, school: int, class_id: int, code: str, *, first: bool) -> None:
        for seat in range(1, CLASS_SIZE + 1):
            number = f"{code}{self.begin.year}{class_id:03d}{seat:02d}"
            name = self.names.fresh()
            born = date(self.begin.year - 14, 9, 1) + timedelta(days=self.generator.randrange(365))
            pupil = people.register_person(
                actor=self.actor,
                now=self.now,
                tenant_id=school,
                name=name,
                number=number,
                birth_on=born,
                sex=self.generator.choice("12"),
            )
            self._role(pupil, class_id, Role.PUPIL)
            guardian = self._guardian(school, pupil, name[0])
            if first and seat == 1 and class_id == county.classes[school][1]:
                self._open(county, pupil, "pupil")
                self._open(county, guardian, "guardian")

    def _guardian(self, school: int, pupil: int, surname: str) -> int:
        relation = self.generator.choice(("父亲", "母亲"))
        guardian = people.register_person(
            actor=self.actor,
            now=self.now,
            tenant_id=school,
            name=self.names.fresh(surname if relation == "父亲" else ""),
        )
        self._role(guardian, school, Role.GUARDIAN)
        people.name_guardian(
            actor=self.actor, now=self.now, child_id=pupil, guardian_id=guardian, relation=relation
        )
        people.give_consent(
            actor=self.actor,
            now=self.now,
            person_id=pupil,
            given_by_id=guardian,
            purpose="teaching",
            text_version="2026-1",
        )
        return guardian

    def _place(
        self,
        kind: OrganisationKind,
        name: str,
        parent: int | None,
        *,
        code: str = "",
        grade: int | None = None,
        source_key: str = "",
    ) -> int:
        return organisations.found_organisation(
            actor=self.actor,
            now=self.now,
            kind=kind,
            name=name,
            parent_id=parent,
            code=code,
            grade=grade,
            source_key=source_key,
        )

    def _staff(self, place: int, role: Role | None, number: str) -> int:
        person = people.register_person(
            actor=self.actor, now=self.now, tenant_id=place, name=self.names.fresh(), number=number
        )
        if role is not None:
            self._role(person, place, role)
        return person

    def _role(self, person: int, place: int, role: Role, subject: str = "") -> None:
        people.give_role(
            actor=self.actor,
            now=self.now,
            person_id=person,
            organisation_id=place,
            role=role,
            subject=subject,
            starts_on=self.begin,
            by_hand=False,
        )

    def _open(self, county: County, person: int, login: str) -> None:
        account = accounts.open_account(
            actor=self.actor, now=self.now, person_id=person, login=f"{PREFIX}{login}"
        )
        county.accounts.append((TITLES[login], account))
