"""Who reaches whom: generated from the policy, with and without the managers' filters."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from tests.cast import NOW, TODAY, Cast

from zhiwei.kernel import scope
from zhiwei.kernel.access import access_person, people_in_reach
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.models import Holding, Person
from zhiwei.kernel.rules import policy
from zhiwei.kernel.services import people
from zhiwei.kernel.values import Elevated, Level, Relation, Role, Verb, system_actor

FILTERS: list[Callable[[], AbstractContextManager[None]]] = [nullcontext, scope.without_filters]
NICKNAMES = [
    "teacher", "head", "admin", "principal", "auditor", "pupil", "classmate", "pupil_two", "guardian", "outsider",
    "other_teacher", "bureau",
]  # fmt: skip
IN_CLASS_ONE = {"teacher", "head", "pupil", "classmate"}
IN_SCHOOL = set(NICKNAMES) - {"outsider", "other_teacher", "bureau"}


def expected(actor: str, about: str, verb: Verb, level: Level, elevated: bool) -> bool:
    """Say from the policy's rows alone, by hand-written relations, whether ``actor`` reaches ``about``."""
    roles = {
        "teacher": Role.TEACHER, "head": Role.CLASS_TEACHER, "admin": Role.SCHOOL_ADMIN, "principal": Role.PRINCIPAL,
        "auditor": Role.AUDITOR, "guardian": Role.GUARDIAN, "outsider": Role.SCHOOL_ADMIN,
        "other_teacher": Role.TEACHER, "bureau": Role.BUREAU_ADMIN,
    }  # fmt: skip
    role = roles.get(actor, Role.PUPIL)
    for rule in policy.table():
        if rule.kind != "person" or rule.role is not role or verb not in rule.verbs or rule.level < level:
            continue
        if rule.elevated and not elevated:
            continue
        if rule.relation is Relation.SELF and actor == about:
            return True
        if rule.relation is Relation.WARD and (actor, about) == ("guardian", "pupil"):
            return True
        if rule.relation is Relation.PLACE and about in places(actor):
            return True
    return False


def places(actor: str) -> set[str]:
    """Return who is at or below the place where an actor holds a role."""
    if actor in {"teacher", "head"}:
        return IN_CLASS_ONE | {"guardian"}
    if actor in {"outsider", "other_teacher"}:
        return {"outsider", "other_teacher"}
    return set(NICKNAMES) if actor == "bureau" else IN_SCHOOL


@pytest.mark.parametrize("filters", FILTERS, ids=["filters-on", "database-alone"])
@pytest.mark.parametrize("verb", [Verb.LIST, Verb.READ, Verb.MANAGE])
@pytest.mark.parametrize("level", [Level.INTERNAL, Level.PERSONAL, Level.SENSITIVE])
def test_the_matrix_of_people(
    cast: Cast, verb: Verb, level: Level, filters: Callable[[], AbstractContextManager[None]]
) -> None:
    wrong = []
    for nickname, elevation in product(NICKNAMES, (None, Elevated(1, "test", ""))):
        actor = replace(cast.actor(nickname), elevation=elevation)
        with scope.entered(actor.tenants), filters():
            found = set(people_in_reach(actor, verb, level=level).values_list("pk", flat=True))
        for about in NICKNAMES:
            if (cast.people[about] in found) != expected(nickname, about, verb, level, elevation is not None):
                wrong.append((nickname, about, elevation))
    assert not wrong


def test_absent_and_forbidden_are_one_answer(cast: Cast) -> None:
    actor = cast.actor("pupil")
    with scope.entered(actor.tenants):
        classmate = Person.objects.get(pk=cast.people["classmate"])
        with pytest.raises(NotFoundError) as forbidden:
            access_person(actor, classmate.uuid)
        with pytest.raises(NotFoundError) as absent:
            access_person(actor, "00000000-0000-0000-0000-000000000000")
    assert str(forbidden.value) == str(absent.value)


def test_a_role_that_ended_opens_nothing_the_next_day(cast: Cast) -> None:
    with scope.everywhere("test"):
        holding = Holding.objects.get(person_id=cast.people["teacher"])
        people.end_role(actor=system_actor(), now=NOW, holding_id=holding.pk, ends_on=TODAY)
    assert cast.actor("teacher").held == ()
    assert cast.actor("teacher", date(2026, 10, 11)).held != ()


def test_denied_by_default() -> None:
    assert not policy.reach(system_actor(), Verb.READ, "person")
    assert not policy.reach(system_actor(), Verb.READ, "kind nobody named")


def test_the_same_row_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        policy.register([policy.table()[0]])
