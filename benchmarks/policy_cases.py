"""The generated matrix of the policy: every role, verb, kind and level against every way an object can stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from zhiwei.kernel.errors import ForbiddenError
from zhiwei.kernel.rules.policy import Rule
from zhiwei.kernel.values import Actor, Elevated, Held, Level, Relation, Role, Verb

OWN, WARD, STRANGER = 5, 7, 9
HERE, SIDE = "/1/2/3/", "/1/2/4/"
COMPANION = Role.RESEARCHER
"""A second role that every actor holds elsewhere: a rule for one must not open the place of the other."""


@dataclass(frozen=True)
class Place:
    """Where an object stands, and which relations that is, told by hand.

    Attributes:
        first: Relations to the role held at ``HERE`` (in mathematics).
        second: Relations to the companion role held at ``SIDE``.
    """

    name: str
    person: int
    path: str
    subject: str
    first: frozenset[Relation] = frozenset()
    second: frozenset[Relation] = frozenset()


_SELF, _WARD = frozenset({Relation.SELF}), frozenset({Relation.WARD})
_PLACE, _BOTH = frozenset({Relation.PLACE}), frozenset({Relation.PLACE, Relation.SUBJECT})
PLACES = (
    Place("oneself", OWN, "/9/", "math", _SELF, _SELF),
    Place("one's child", WARD, "/9/", "math", _WARD, _WARD),
    Place("here", STRANGER, HERE, "math", _BOTH),
    Place("here, another subject", STRANGER, HERE, "physics", _PLACE),
    Place("below", STRANGER, HERE + "8/", "math", _BOTH),
    Place("above", STRANGER, "/1/2/", "math"),
    Place("a place that begins alike", STRANGER, "/1/2/30/", "math"),
    Place("the companion's place", STRANGER, SIDE, "math", frozenset(), _BOTH),
    Place("a stranger without place", STRANGER, "", "math"),
)


@dataclass(frozen=True)
class Question:
    """One row of the matrix before the place of the object is chosen."""

    actor: Actor
    role: Role
    verb: Verb
    kind: str
    level: Level

    @property
    def elevated(self) -> bool:
        """Whether it is asked in elevated mode."""
        return self.actor.elevated


def actor_with(role: Role, *, elevated: bool, alone: bool) -> Actor:
    """Return somebody with this role at ``HERE``, and the companion role at ``SIDE`` unless ``alone``."""
    first = Held(role, 3, HERE, "math")
    held = (first,) if alone else (first, Held(COMPANION, 4, SIDE))
    plain = Actor(1, OWN, 2, "somebody", held, (WARD,), (2,))
    return replace(plain, elevation=Elevated(1, "bench", "")) if elevated else plain


def questions(roles: Iterable[Role], kinds: Iterable[str]) -> Iterator[Question]:
    """Yield every question about these roles and kinds."""
    kinds = tuple(kinds)
    for role in roles:
        for elevated, alone in product((False, True), (True, False)):
            actor = actor_with(role, elevated=elevated, alone=alone)
            for kind in kinds:
                for verb in Verb:
                    for level in Level:
                        yield Question(actor, role, verb, kind, level)


def expected(rules: Iterable[Rule], asked: Question) -> tuple[bool, ...]:
    """Return, for each place, whether the rows of the table allow it; told without the code under test."""
    second = COMPANION if len(asked.actor.held) > 1 else None
    open_to = [
        (rule.relation, rule.role is asked.role, rule.role is second)
        for rule in rules
        if rule.kind == asked.kind
        and asked.verb in rule.verbs
        and rule.level >= asked.level
        and (asked.elevated or not rule.elevated)
        and rule.role in (asked.role, second)
    ]
    return tuple(any(_stands(place, *one) for one in open_to) for place in PLACES)


def _stands(place: Place, relation: Relation, first: bool, second: bool) -> bool:
    if relation is Relation.ANYONE:
        return True
    return (first and relation in place.first) or (second and relation in place.second)


def answered(asked: Question) -> tuple[bool, ...]:
    """Return, for each place, what the code under test says; the gate must agree with the reach."""
    from zhiwei.kernel import access
    from zhiwei.kernel.rules import policy

    reach = policy.reach(asked.actor, asked.verb, asked.kind, level=asked.level)
    try:
        gate = bool(access.require(asked.actor, asked.verb, asked.kind, level=asked.level))
    except ForbiddenError:
        gate = False
    if gate != bool(reach):
        return ()
    return tuple(
        bool(reach.covers(person_id=place.person, path=place.path, subject=place.subject)) for place in PLACES
    )
