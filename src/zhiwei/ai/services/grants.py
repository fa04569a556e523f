"""What a caller may do: models, budgets and keys of a person in one role for one purpose, read once in a while.

A grant is kept for ``FRESH_SECONDS``, so that a call costs no question to the database for it; ending a key or
taking away a role holds within that time.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from zhiwei.ai.errors import KeyRefusedError, NoModelError
from zhiwei.ai.models import Budget, GatewayKey, GatewayModel, Price, Provider
from zhiwei.ai.queries.models import chain_of, models_in_chain
from zhiwei.ai.rules.periods import period_begin
from zhiwei.ai.rules.pricing import Rates
from zhiwei.ai.services.ledger import Share
from zhiwei.ai.services.sealing import unseal_of
from zhiwei.ai.upstream.server import Endpoint
from zhiwei.ai.values import BudgetFor, Period, Purpose, Unit
from zhiwei.engines.privacy import Roster, build_roster
from zhiwei.kernel import api as kernel
from zhiwei.kernel import keys, scope
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.values import Actor, Level, Role

FRESH_SECONDS = 5.0
AHEAD_SECONDS = 3.0
"""A grant in use is read again from this age on, aside, so that calls seldom wait for it."""
ROSTER_SECONDS = 900.0
MOST_KEPT = 4096
SEALED_FOR = "provider"


@dataclass(frozen=True, slots=True)
class Offered:
    """A model as one caller may use it, with its price snapshot and where it is served."""

    id: int
    tenant_id: int
    name: str
    upstream_name: str
    capabilities: frozenset[str]
    ceiling: Level
    deidentify: bool
    context_tokens: int
    output_tokens: int
    most_at_once: int
    fallbacks: tuple[str, ...]
    rates: Rates
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class Line:
    """A budget that counts this caller's use, for one subject (person, class or place)."""

    budget_id: int
    owner_id: int
    subject_id: int
    unit: Unit
    period: Period
    soft: int
    hard: int
    words: str

    def share(self, now: datetime) -> Share:
        """Return the budget as a call at this instant draws on it."""
        begins = period_begin(self.period, now)
        return Share(
            self.owner_id,
            self.budget_id,
            self.subject_id,
            begins,
            self.unit,
            self.soft,
            self.hard,
            self.words,
        )


@dataclass(frozen=True, slots=True)
class Grant:
    """Everything a call needs to know of its caller."""

    actor: Actor
    role: str
    purpose: Purpose
    key_id: int
    key_most: int
    models: Mapping[str, Offered]
    lines: tuple[Line, ...]
    scope: str
    data_key: bytes
    key_version: int
    roster: Roster
    ends_at: datetime | None = None

    @property
    def minor(self) -> bool:
        """Whether a pupil is asking."""
        return self.role == Role.PUPIL

    def model(self, name: str) -> Offered:
        """Return a model by name.

        Raises:
            NoModelError: Not offered to this caller.
        """
        found = self.models.get(name)
        if found is None:
            raise NoModelError(f"没有模型「{name}」，或您无权使用。")
        return found


@dataclass
class _Kept:
    at: float
    grant: Grant
    asked_again: bool = False


class Grants:
    """Grants kept for a short while."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        reader: Callable[[Callable[[], Grant]], Grant] = lambda read: read(),
        aside: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        """Args: reader, what runs a reading of the tables (a thread with a connection of its own, say); aside, what
        does so without anybody waiting (nothing is read ahead without it)."""
        self._clock = clock
        self._reader = reader
        self._aside = aside
        self._kept: dict[object, _Kept] = {}
        self._reading = threading.Lock()

    def by_key(self, secret: str, now: datetime) -> Grant:
        """Return what a key allows.

        Raises:
            KeyRefusedError: It does not work.
        """
        digest = hashed(secret)
        grant = self._fresh(digest, lambda: load_by_key(digest, now))
        if grant.ends_at is not None and grant.ends_at <= now:
            raise KeyRefusedError("密钥已失效。")
        return grant

    def of_person(self, actor: Actor, role: str, purpose: Purpose, now: datetime) -> Grant:
        """Return what a person may do through the house's own rooms."""
        return self._fresh(
            (actor.person_id, actor.tenant_id, role, purpose), lambda: load(actor, role, purpose, now)
        )

    def forget(self) -> None:
        """Read everything anew (after a change on this process's own pages)."""
        self._kept.clear()

    def _fresh(self, key: object, read: Callable[[], Grant]) -> Grant:
        kept = self._good(key)
        if kept is None:
            with self._reading:  # many threads find it stale at once: one reads, the others find what it read
                kept = self._good(key) or self._read(key, read)
        elif self._aside is not None and self._clock() - kept.at > AHEAD_SECONDS and not kept.asked_again:
            kept.asked_again = True
            self._aside(lambda: self._read_ahead(key, read))
        return kept.grant

    def _good(self, key: object) -> _Kept | None:
        kept = self._kept.get(key)
        return kept if kept is not None and self._clock() - kept.at <= FRESH_SECONDS else None

    def _read(self, key: object, read: Callable[[], Grant]) -> _Kept:
        began, grant = self._clock(), self._reader(read)
        return self._keep(key, _Kept(began, grant))

    def _read_ahead(self, key: object, read: Callable[[], Grant]) -> None:
        """Read what is in use again; what is refused now is forgotten, so that the next caller is told."""
        try:
            began, grant = self._clock(), read()
        except KeyRefusedError:
            self._kept.pop(key, None)
            return
        self._keep(key, _Kept(began, grant))

    def _keep(self, key: object, kept: _Kept) -> _Kept:
        if len(self._kept) > MOST_KEPT:
            self._kept.clear()
        self._kept[key] = kept
        return kept


def hashed(secret: str) -> str:
    """Return the digest by which a key is known."""
    return hashlib.sha256(secret.encode()).hexdigest()


def load_by_key(digest: str, now: datetime) -> Grant:
    """Read what a key allows.

    Raises:
        KeyRefusedError: It does not work.
    """
    with scope.everywhere("find a model key"):
        row = GatewayKey.objects.filter(secret_hash=digest).first()
        if row is None or row.revoked_at is not None or row.expires_at <= now:
            raise KeyRefusedError("密钥不存在、已失效或已撤销。")
        try:
            actor = kernel.acting_person(account_id=row.account_id, person_id=row.person_id, now=now)
        except NotFoundError:
            raise KeyRefusedError("密钥的主人已不能使用平台。") from None
    if row.role not in actor.roles:
        raise KeyRefusedError("密钥所依据的任职已结束。")
    return load(actor, row.role, Purpose(row.purpose), now, key=row)


def load(actor: Actor, role: str, purpose: Purpose, now: datetime, key: GatewayKey | None = None) -> Grant:
    """Read what a person may do in a role for a purpose."""
    with scope.everywhere("what a caller of models may do"):
        chain = chain_of(actor.tenant_id)
        offered = [_offered(row) for row in _permitted(chain, role, purpose, key)]
        lines = tuple(_lines(actor, role, purpose, chain))
        data_key, version = keys.data_key(actor.tenant_id, now)
        places = sorted({actor.tenant_id, *(line.owner_id for line in lines)})
        roster = roster_of(actor.tenant_id, int(time.monotonic() // ROSTER_SECONDS))
    return Grant(
        actor,
        role,
        purpose,
        key.pk if key else 0,
        key.most_at_once if key else 0,
        {one.name: one for one in reversed(offered)},
        lines,
        ",".join(map(str, places)),
        data_key,
        version,
        roster,
        key.expires_at if key else None,
    )


@lru_cache(maxsize=64)
def roster_of(tenant_id: int, span: int) -> Roster:
    """Return the names of everybody a tenant knows; read again each ``ROSTER_SECONDS``."""
    del span
    return build_roster(kernel.names_of(tenant_id))


def _permitted(chain: list[int], role: str, purpose: Purpose, key: GatewayKey | None) -> list[GatewayModel]:
    rows = sorted(models_in_chain(chain), key=lambda row: (chain.index(row.tenant_id), row.pk))
    allowed = set(key.models_allowed) if key and key.models_allowed else None
    return [
        row
        for row in rows
        if (not row.roles or role in row.roles)
        and (not row.purposes or purpose in row.purposes)
        and (allowed is None or row.name in allowed)
    ]


def _offered(row: GatewayModel) -> Offered:
    price = Price.objects.filter(model=row).order_by("-pk").first()
    return Offered(
        row.pk,
        row.tenant_id,
        row.name,
        row.upstream_name,
        frozenset(row.capabilities),
        Level(row.ceiling),
        row.deidentify,
        row.context_tokens,
        row.output_tokens,
        row.most_at_once,
        tuple(row.fallbacks),
        rates_of(price),
        endpoint_of(row.provider),
    )


def rates_of(price: Price | None) -> Rates:
    """Return a price snapshot as numbers; a model without one costs nothing."""
    if price is None:
        return Rates(0)
    return Rates(
        price.pk,
        price.input_per_million,
        price.cached_per_million,
        price.output_per_million,
        price.per_page,
        price.per_second,
        price.per_call,
    )


def endpoint_of(row: Provider) -> Endpoint:
    """Return a server with its secret opened."""
    secret = ""
    if row.secret:
        secret = unseal_of(row.tenant_id, row.key_version, bytes(row.secret), SEALED_FOR)
    return Endpoint(
        row.pk, row.base_url, secret, float(row.first_byte_seconds), float(row.total_seconds), row.retries
    )


def _lines(actor: Actor, role: str, purpose: Purpose, chain: list[int]) -> list[Line]:
    rows = Budget.objects.filter(tenant_id__in=chain, enabled=True).select_related("organisation")
    own = kernel.get_organisation(actor.tenant_id).path
    paths = [own, *(one.path for one in actor.held)]
    found = []
    for row in rows.order_by("pk"):
        fits = row.role in ("", role) and row.purpose in ("", purpose)
        if fits and any(path.startswith(row.organisation.path) for path in paths):
            found += [
                Line(
                    row.pk, row.tenant_id, one, Unit(row.unit), Period(row.period), row.soft, row.hard, words
                )
                for one, words in _subjects(row, actor)
            ]
    return found


def _subjects(row: Budget, actor: Actor) -> list[tuple[int, str]]:
    if row.counted == BudgetFor.PERSON:
        return [(actor.person_id, "个人")]
    if row.counted == BudgetFor.PLACE:
        return [(row.organisation_id, row.organisation.name)]
    classes = {one.organisation_id for one in actor.held if one.role is Role.PUPIL}
    return [(one, "班级") for one in sorted(classes)]
