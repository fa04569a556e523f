"""Words the whole house shares: levels, kinds of organisation, roles, verbs, actors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How sensitive a field is (GB/T 43697 and the education guide, folded into four steps)."""

    PUBLIC = 1
    INTERNAL = 2
    PERSONAL = 3
    SENSITIVE = 4


class OrganisationKind(StrEnum):
    """Kinds of organisation, from the widest to the narrowest."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    SCHOOL = "school"
    UNIVERSITY = "university"
    COLLEGE = "college"
    PROGRAMME = "programme"
    CLASS = "class"


TENANT_KINDS = frozenset(
    {
        OrganisationKind.PROVINCE,
        OrganisationKind.CITY,
        OrganisationKind.COUNTY,
        OrganisationKind.SCHOOL,
        OrganisationKind.UNIVERSITY,
    }
)
"""Organisations that keep records of their own; colleges, programmes and classes live inside one."""

PARENTS: Mapping[OrganisationKind, frozenset[OrganisationKind]] = {
    OrganisationKind.PROVINCE: frozenset(),
    OrganisationKind.CITY: frozenset({OrganisationKind.PROVINCE}),
    OrganisationKind.COUNTY: frozenset({OrganisationKind.CITY, OrganisationKind.PROVINCE}),
    OrganisationKind.SCHOOL: frozenset(
        {OrganisationKind.COUNTY, OrganisationKind.CITY, OrganisationKind.PROVINCE}
    ),
    OrganisationKind.UNIVERSITY: frozenset({OrganisationKind.PROVINCE, OrganisationKind.CITY}),
    OrganisationKind.COLLEGE: frozenset({OrganisationKind.UNIVERSITY}),
    OrganisationKind.PROGRAMME: frozenset({OrganisationKind.COLLEGE, OrganisationKind.UNIVERSITY}),
    OrganisationKind.CLASS: frozenset({OrganisationKind.SCHOOL, OrganisationKind.PROGRAMME}),
}


class Role(StrEnum):
    """What a person is to an organisation. Held over a half-open period ``[starts_on, ends_on)``."""

    PUPIL = "pupil"
    GUARDIAN = "guardian"
    TEACHER = "teacher"
    CLASS_TEACHER = "class_teacher"
    SUBJECT_LEAD = "subject_lead"
    COUNSELLOR = "counsellor"
    PRINCIPAL = "principal"
    SCHOOL_ADMIN = "school_admin"
    DATA_OFFICER = "data_officer"
    SECURITY_OFFICER = "security_officer"
    RESEARCH_OFFICER = "research_officer"
    BUREAU_ADMIN = "bureau_admin"
    AUDITOR = "auditor"
    RESEARCHER = "researcher"


STAFF_ROLES = frozenset(Role) - {Role.PUPIL, Role.GUARDIAN}
PRIVILEGED_ROLES = frozenset(
    {
        Role.PRINCIPAL,
        Role.SCHOOL_ADMIN,
        Role.DATA_OFFICER,
        Role.SECURITY_OFFICER,
        Role.BUREAU_ADMIN,
        Role.AUDITOR,
    }
)
"""Staff whose account opens a whole school or more."""


SCOPES = (
    "works:read",
    "works:write",
    "answers:write",
    "marks:write",
    "scans:write",
    "results:read",
    "items:read",
    "facts:read",
    "shares:read",
    "shares:write",
)
"""What a key for programs may be limited to; the person's own rights always hold besides."""


class Verb(StrEnum):
    """What may be done to an object."""

    LIST = "list"
    READ = "read"
    SEARCH = "search"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    ANSWER = "answer"
    MARK = "mark"
    RELEASE = "release"
    EXPORT = "export"
    IMPORT = "import"
    APPROVE = "approve"
    MANAGE = "manage"


class ErasureState(StrEnum):
    """Where an erasure stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    DONE = "done"


class Relation(StrEnum):
    """How an object must stand to the holder of a role for a rule to apply."""

    SELF = "self"
    """The object is about the actor."""
    WARD = "ward"
    """The object is about a child of whom the actor is guardian."""
    PLACE = "place"
    """The object belongs to the held organisation or one below it."""
    SUBJECT = "subject"
    """As PLACE, and in the subject that the holding names."""
    ANYONE = "anyone"
    """Any object of this kind."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role in force: which, where, and (for teaching) in which subject; ``path`` is the organisation's."""

    role: Role
    organisation_id: int
    path: str
    subject: str = ""


class Protocol(StrEnum):
    """How an institution vouches for its people."""

    OIDC = "oidc"
    SAML = "saml"
    CAS = "cas"
    WECOM = "wecom"
    DINGTALK = "dingtalk"


class MatchField(StrEnum):
    """What of a known person an institution's answer is compared with."""

    NUMBER = "number"
    """学号/工号 of the roster."""
    SOURCE_KEY = "source_key"
    """Unified id of the roster (OneRoster ``sourcedId``)."""


class FactorRule(StrEnum):
    """Whom a second factor is asked of at sign-in, from nobody to all staff."""

    OFF = "off"
    PRIVILEGED = "privileged"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Elevated:
    """Elevated mode in force: which stretch of time, why, and (ISO 8601) until when."""

    id: int
    reason: str
    until: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is acting, as far as access is concerned.

    Attributes:
        account_id: Sign-in account; 0 for the system.
        person_id: The person record acted as; 0 for the system.
        tenant_id: The organisation whose records the person belongs to.
        name: For display and audit.
        held: Roles in force today.
        wards: Person ids of children the actor is guardian of.
        tenants: Organisations whose records the actor's roles reach.
        elevation: Elevated mode, while it is in force.
    """

    account_id: int
    person_id: int
    tenant_id: int
    name: str
    held: tuple[Held, ...] = ()
    wards: tuple[int, ...] = ()
    tenants: tuple[int, ...] = ()
    elevation: Elevated | None = None

    @property
    def elevated(self) -> bool:
        """Whether elevated mode is in force."""
        return self.elevation is not None

    @property
    def roles(self) -> frozenset[Role]:
        """The roles in force, without places."""
        return frozenset(one.role for one in self.held)

    @property
    def is_staff(self) -> bool:
        """Whether any role is a staff role."""
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_system(self) -> bool:
        """Whether no person acts, but the platform itself."""
        return self.account_id == 0


def system_actor(tenant_id: int = 0) -> Actor:
    """Return the actor for work that the platform does by itself (jobs, event consumers)."""
    return Actor(0, 0, tenant_id, "系统", tenants=(tenant_id,) if tenant_id else ())


@dataclass(frozen=True)
class Declaration:
    """What a table says of its data: the catalogue, the access checks and the erasure are built from it.

    Attributes:
        meaning: What a row is, in Chinese.
        level: Level of fields that ``levels`` does not name.
        retention: How long rows are kept (ISO 8601 duration, or "life" for as long as their owner).
        levels: Level by field name.
        codes: Standard data-element code by field name (JY/T 0633 where one exists).
        person: Name of the field that points to the person the row is about; "" when about nobody.
    """

    meaning: str
    level: Level
    retention: str = "life"
    levels: Mapping[str, Level] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    person: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input, at the place the user knows it by.

    Attributes:
        code: Stable dotted code.
        message: Sentence in the user's language: what is wrong and what to do.
        row: Row of the sheet or line of the file, 1-based; 0 when it concerns the whole.
        field: Column heading or field name; "" when it concerns the whole row.
        sheet: Sheet or file name; "" when there is only one.
    """

    code: str
    message: str
    row: int = 0
    field: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class FileRef:
    """A stored file: content hash, size in bytes and type found by content."""

    id: int
    sha256: str
    size: int
    media_type: str
    name: str = ""
