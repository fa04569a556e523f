"""The policy: which role may do what to which kind of object, standing how to it, up to which level.

This table is the only source of permission. Each context declares its own rows (``rules/policy.py``) and
registers them; the gates read them, and the permission tests are generated from them. What no row allows is
denied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zhiwei.kernel.values import Actor, Level, Relation, Role, Verb


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the policy.

    Attributes:
        level: The highest field level the rule opens.
        elevated: The rule holds in elevated mode only.
    """

    role: Role
    relation: Relation
    kind: str
    verbs: frozenset[Verb]
    level: Level
    elevated: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """Where an actor may do one verb to one kind of object: the union of its parts.

    Attributes:
        anyone: Every object of the kind.
        people: Person ids whose objects are in reach (oneself, one's children).
        places: ``(organisation path, subject)``; an empty subject means every subject.
    """

    anyone: bool = False
    people: frozenset[int] = frozenset()
    places: frozenset[tuple[str, str]] = frozenset()

    def __bool__(self) -> bool:
        return self.anyone or bool(self.people) or bool(self.places)

    def covers(self, *, person_id: int | None = None, path: str = "", subject: str = "") -> bool:
        """Tell whether an object about ``person_id`` at ``path`` in ``subject`` is in reach."""
        if self.anyone or (person_id is not None and person_id in self.people):
            return True
        return bool(path) and any(
            path.startswith(root) and held in ("", subject) for root, held in self.places
        )


_RULES: list[Rule] = []


def rows(
    role: Role, relation: Relation, kind: str, verbs: Iterable[Verb], level: Level, *, elevated: bool = False
) -> Rule:
    """Make one rule (short form for the tables)."""
    return Rule(role, relation, kind, frozenset(verbs), level, elevated)


def register(rules: Iterable[Rule]) -> None:
    """Add a context's rows; the same row twice is a mistake in the table.

    Raises:
        ValueError: A row is registered twice.
    """
    for rule in rules:
        if rule in _RULES:
            raise ValueError(f"policy row registered twice: {rule}")
        _RULES.append(rule)


def table() -> tuple[Rule, ...]:
    """Return the whole policy."""
    return tuple(_RULES)


def kinds() -> frozenset[str]:
    """Return every kind of object the policy names."""
    return frozenset(rule.kind for rule in _RULES)


def reach(actor: Actor, verb: Verb, kind: str, *, level: Level = Level.PERSONAL) -> Reach:
    """Return where ``actor`` may do ``verb`` to objects of ``kind``, seeing fields up to ``level``."""
    anyone, people, places = False, set[int](), set[tuple[str, str]]()
    for rule in _matching(actor, verb, kind, level):
        if rule.relation is Relation.ANYONE:
            anyone = True
        elif rule.relation is Relation.SELF:
            people.add(actor.person_id)
        elif rule.relation is Relation.WARD:
            people.update(actor.wards)
        else:
            for held in actor.held:
                if held.role is rule.role:
                    places.add((held.path, held.subject if rule.relation is Relation.SUBJECT else ""))
    return Reach(anyone, frozenset(people), frozenset(places))


def _matching(actor: Actor, verb: Verb, kind: str, level: Level) -> Iterator[Rule]:
    roles = actor.roles
    for rule in _RULES:
        if rule.elevated and not actor.elevated:
            continue
        if rule.kind == kind and verb in rule.verbs and rule.role in roles and rule.level >= level:
            yield rule
