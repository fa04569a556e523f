"""``bench policy``: the generated permission matrix, its mutants, and the database wall alone.

What must hold is read from the pristine table by hand-written relations (``policy_cases``); what does hold is asked of
the code. A mutant is killed when any case of the matrix changes. Rows that other rows cover wholly make mutants that
change nothing anywhere: they are counted as survivors and named with ``--survivors``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.policy_mutants import Gate
    from zhiwei.kernel.models import Holding
    from zhiwei.kernel.rules.policy import Reach
    from zhiwei.kernel.values import Actor, Level, Verb

AIM = 98.0
SINGLES = ("teacher", "admin", "pupil")
"""Who is also asked for each person singly, besides the list."""


@dataclass(frozen=True)
class Result:
    """What a run showed; ``wrong`` and ``wall_wrong`` must be 0, ``killed_percent`` at least 98."""

    cases: int
    wrong: int
    people_cases: int
    people_wrong: int
    wall_cases: int
    wall_wrong: int
    table_mutants: int
    table_killed: int
    gate_mutants: int
    gate_killed: int

    @property
    def killed_percent(self) -> float:
        """Killed mutants in percent of all."""
        return 100 * (self.table_killed + self.gate_killed) / (self.table_mutants + self.gate_mutants)

    @property
    def passed(self) -> bool:
        """Whether every aim is reached."""
        return not (self.wrong or self.people_wrong or self.wall_wrong) and self.killed_percent >= AIM


def main(argv: Sequence[str]) -> int:
    """Measure on a throwaway data folder; 1 when a case is wrong or too many mutants live."""
    parser = argparse.ArgumentParser(prog="bench policy")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--survivors", action="store_true", help="name the mutants that live")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="zhiwei-policy-") as folder:
        Path(folder).chmod(0o711)
        os.environ["ZHIWEI_DATA"] = folder
        os.environ.pop("ZHIWEI_DATABASE_URL", None)
        sys.path.insert(0, str(Path(__file__).parents[1]))
        from zhiwei.config.commands import boot

        with boot.ready():
            result, survivors = measure()
    shown = {**asdict(result), "killed_percent": round(result.killed_percent, 2), "passed": result.passed}
    if given.json:
        print(json.dumps({**shown, "survivors": survivors}, ensure_ascii=False))
    else:
        for name, value in shown.items():
            print(f"{name:<18}{value}")
        for one in survivors if given.survivors else ():
            print(f"  lives: {one}")
    return 0 if result.passed else 1


def measure() -> tuple[Result, list[str]]:
    """Run the matrix, the wall and the mutants."""
    from benchmarks import policy_cases as cases
    from zhiwei.kernel import scope
    from zhiwei.kernel.rules import policy
    from zhiwei.kernel.values import Role

    pristine = policy.table()
    asked = list(cases.questions(Role, policy.kinds()))
    wrong = sum(_differences(cases.expected(pristine, one), cases.answered(one)) for one in asked)
    people = _People()
    people_cases, people_wrong = people.count()
    people_wrong += people.filter_wrong()
    with scope.without_filters():
        wall_cases, wall_wrong = people.count()
    table, table_lives = _table_mutants()
    gates, gate_lives = _gate_mutants(people)
    result = Result(
        len(asked) * len(cases.PLACES), wrong, people_cases, people_wrong, wall_cases, wall_wrong,
        table, table - len(table_lives), gates, gates - len(gate_lives),
    )  # fmt: skip
    return result, [*table_lives, *gate_lives]


def _differences(expected: tuple[bool, ...], found: tuple[bool, ...]) -> int:
    if len(expected) != len(found):
        return len(expected)
    return sum(one != other for one, other in zip(expected, found, strict=True))


def _table_mutants() -> tuple[int, list[str]]:
    """Bend each row in turn and ask again about the roles and the kind it touches."""
    from benchmarks import policy_cases as cases
    from benchmarks.policy_mutants import table_mutants
    from zhiwei.kernel.rules import policy

    pristine, rules = policy.table(), policy._RULES
    known: dict[tuple[object, ...], list[tuple[cases.Question, tuple[bool, ...]]]] = {}
    tried, lives = 0, []
    for what, rule, instead in table_mutants(pristine):
        tried += 1
        alike = [one for one in pristine if one.kind == rule.kind]
        bent = [one for one in alike if one is not rule] + ([instead] if instead else [])
        rules[:] = bent
        try:
            for role in {rule.role, instead.role if instead else rule.role}:
                if (role, rule.kind) not in known:
                    asked = list(cases.questions([role], [rule.kind]))
                    known[role, rule.kind] = [(one, cases.expected(alike, one)) for one in asked]
                if any(cases.answered(one) != wanted for one, wanted in known[role, rule.kind]):
                    break
            else:
                lives.append(
                    f"{what}: {rule.role} {rule.relation} {rule.kind} {sorted(rule.verbs)} -> {instead}"
                )
        finally:
            rules[:] = pristine
    return tried, lives


def _gate_mutants(people: _People) -> tuple[int, list[str]]:
    """Bend each expression of the gates in turn; both matrices are asked."""
    from benchmarks import policy_cases as cases
    from benchmarks.policy_mutants import gate_mutants
    from zhiwei.kernel.rules import policy
    from zhiwei.kernel.values import Role

    roles = (Role.TEACHER, Role.GUARDIAN, Role.BUREAU_ADMIN, Role.SUBJECT_LEAD, Role.RESEARCHER)
    asked = list(cases.questions(roles, policy.kinds()))
    rules = policy.table()
    known = {one: cases.expected(rules, one) for one in asked}
    tried, lives = 0, []
    for gate in _gates():
        for name, mutant in gate_mutants(gate):
            tried += 1
            gate.install(mutant)
            try:
                pure = gate.module is policy or gate.name == "require"
                killed = pure and any(cases.answered(one) != known[one] for one in asked)
                killed = killed or people.any_wrong()
            except Exception:  # noqa: BLE001 - a mutant that breaks down is dead
                killed = True
            finally:
                gate.install(gate.function)
            if not killed:
                lives.append(name)
    return tried, lives


def _gates() -> Iterator[Gate]:
    from benchmarks.policy_mutants import Gate
    from zhiwei.kernel import access
    from zhiwei.kernel.rules import policy

    yield Gate("reach", policy.reach, policy, policy)
    yield Gate("_matching", policy._matching, policy, policy)
    yield Gate("covers", policy.Reach.covers, policy.Reach, policy)
    yield Gate("require", access.require, access, access)
    yield Gate("reach_q", access.reach_q, access, access)
    yield Gate("people_in_reach", access.people_in_reach, access, access)
    yield Gate("one", access.one, access, access)


def _within(reach: Reach, row: Holding, place: str, about: str, subject: str) -> bool:
    """Tell by hand whether a row is in reach, as far as its place, person and subject are looked at."""
    if reach.anyone or (about and row.person_id in reach.people):
        return True
    return bool(place) and any(
        row.organisation.path.startswith(root) and (not held or not subject or held == row.subject)
        for root, held in reach.places
    )


class _People:
    """Real people of two schools and a bureau in a real database: who reaches whom, by query."""

    def __init__(self) -> None:
        from tests.cast import found_cast

        self.cast = found_cast()

    def count(self) -> tuple[int, int]:
        """Return how many cases were tried and how many were wrong."""
        from tests.kernel.test_kernel_access import NICKNAMES

        found = list(self._each())
        asked = len(found) + len(found) // len(NICKNAMES) * len(SINGLES)
        return asked * len(NICKNAMES), sum(found)

    def any_wrong(self) -> bool:
        """Tell whether any case is wrong; stops at the first."""
        return self.filter_wrong() > 0 or any(self._each())

    def filter_wrong(self) -> int:
        """Compare the filter made of a reach, by query, with the reach itself, for reaches of every shape."""
        from zhiwei.kernel import access, scope
        from zhiwei.kernel.models import Holding
        from zhiwei.kernel.rules.policy import Reach

        person, bad = self.cast.people["teacher"], 0
        with scope.everywhere("bench"):
            rows = list(Holding.objects.select_related("organisation"))
            path = next(one.organisation.path for one in rows if one.person_id == person)
            people, everywhere = frozenset({person}), frozenset({(path, "")})
            shapes = (Reach(), Reach(anyone=True), Reach(people=people), Reach(places=everywhere),
                      Reach(places=frozenset({(path, "math")})), Reach(places=frozenset({(path, "physics")})),
                      Reach(people=people, places=frozenset({("/0/", "")})),
                      Reach(places=frozenset({(path, "physics"), (path, "math")})))  # fmt: skip
            for reach in shapes:
                for names in (("organisation__path", "person_id", "subject"), ("organisation__path", "", ""),
                              ("", "person_id", "")):  # fmt: skip
                    place, about, subject = names
                    found = set(
                        Holding.objects.filter(
                            access.reach_q(reach, place=place, person=about, subject=subject)
                        ).values_list("pk", flat=True)
                    )
                    for row in rows:
                        bad += (row.pk in found) != _within(reach, row, *names)
        return bad

    def _each(self) -> Iterator[int]:
        from tests.kernel.test_kernel_access import NICKNAMES

        from zhiwei.kernel.values import Elevated, Level, Verb

        for nickname in NICKNAMES:
            for elevation in (None, Elevated(1, "bench", "")):
                actor = replace(self.cast.actor(nickname), elevation=elevation)
                for verb in (Verb.LIST, Verb.READ, Verb.MANAGE):
                    for level in (Level.INTERNAL, Level.PERSONAL, Level.SENSITIVE):
                        yield self._wrong(nickname, actor, verb, level)

    def _wrong(self, nickname: str, actor: Actor, verb: Verb, level: Level) -> int:
        """Compare list and single access with what the pristine table says of each person."""
        from tests.kernel.test_kernel_access import NICKNAMES, expected

        from zhiwei.kernel import access, scope
        from zhiwei.kernel.errors import NotFoundError

        bad = 0
        with scope.entered(actor.tenants):
            rows = access.people_in_reach(actor, verb, level=level)
            found = set(rows.values_list("pk", flat=True))
            for about in NICKNAMES:
                wanted = expected(nickname, about, verb, level, actor.elevated)
                bad += (self.cast.people[about] in found) != wanted
                if nickname not in SINGLES:
                    continue
                try:
                    single = access.one(rows, pk=self.cast.people[about]).pk == self.cast.people[about]
                except NotFoundError:
                    single = False
                bad += single != wanted
        return bad
