"""One call's books: reserve, watch, close exactly once, whatever happens between."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from zhiwei.ai.rules.pricing import Usage, cost
from zhiwei.ai.rules.requests import JsonMap
from zhiwei.ai.services.grants import Grant
from zhiwei.ai.services.guarding import Guarded
from zhiwei.ai.services.ledger import KEEP, Closing, Ledger
from zhiwei.ai.services.preparing import Prepared, reservation
from zhiwei.ai.services.sealing import seal
from zhiwei.ai.values import CallState, EntryKind
from zhiwei.kernel.errors import ZhiweiError

log = logging.getLogger(__name__)
CONTENT_PURPOSE = "call"
MOST_CONTENT = 256 * 1024


@dataclass
class Books:
    """The account of one call under way."""

    grant: Grant
    ready: Prepared
    ledger: Ledger
    kind: str
    streamed: bool
    about_id: int | None
    messages: tuple[JsonMap, ...]
    asked: Guarded
    began: datetime
    call: UUID = field(default_factory=uuid4)
    started: float = field(default_factory=time.perf_counter)
    first: float = 0.0
    warned: list[int] = field(default_factory=list)
    answered_by: str = ""
    attempts: int = 1
    closed: bool = False
    micro: int = 0

    def open(self) -> None:
        """Reserve.

        Raises:
            BudgetError: A hard limit would be passed.
            BusyError: Too many calls at once.
        """
        wanted = reservation(self.grant, self.ready, self.call, self.began)
        self.warned = self.ledger.hold(wanted, now=self.began)

    def spoke(self) -> None:
        """Note when the first piece of the answer came."""
        if not self.first:
            self.first = time.perf_counter()

    def settle(
        self, usage: Usage, said: str, state: CallState, *, answered: Guarded | None = None, error: str = ""
    ) -> None:
        """Close with what was used. Returns when it is durable."""
        self.micro = cost(self.ready.offered.rates, usage)
        self._close(EntryKind.SETTLE, usage, said, state, answered, error)
        self.ledger.flush()

    def give_back(self, error: ZhiweiError | None, state: CallState = CallState.FAILED) -> None:
        """Close with nothing used."""
        code = error.code if error is not None else "ai.fault"
        self._close(EntryKind.RELEASE, Usage(), "", state, None, code)

    def _close(
        self,
        kind: EntryKind,
        usage: Usage,
        said: str,
        state: CallState,
        answered: Guarded | None,
        error: str,
    ) -> None:
        if self.closed:
            return
        self.closed = True
        now = self.began + timedelta(seconds=time.perf_counter() - self.started)
        closing = Closing(
            kind,
            self.micro,
            usage,
            self._facts(state, answered, error),
            self._sealed(said),
            self.grant.key_version,
            now + KEEP,
        )
        found = self.ledger.close(self.call, self.grant.scope, closing, now=now)
        if found == "unknown":
            self.ledger.hold(reservation(self.grant, self.ready, self.call, self.began), now=now, force=True)
            found = self.ledger.close(self.call, self.grant.scope, closing, now=now)
        if found == "closed":
            log.warning("call %s was closed before; %s micro-yuan not charged", self.call, self.micro)

    def _facts(self, state: CallState, answered: Guarded | None, error: str) -> dict[str, object]:
        ended = time.perf_counter()
        guards: dict[str, object] = {}
        if self.asked.found:
            guards["asked"] = self.asked.found
        if answered is not None and answered.found:
            guards["answered"] = answered.found
        return {
            "account_id": self.grant.actor.account_id,
            "role": self.grant.role,
            "about_id": self.about_id,
            "purpose": self.grant.purpose,
            "kind": self.kind,
            "model_name": self.ready.offered.name,
            "answered_by": self.answered_by[:120],
            "prompt_hash": self.ready.prompt_hash,
            "level": int(self.ready.level),
            "replaced": self.ready.veil.replaced,
            "guards": guards,
            "state": state,
            "error": error,
            "streamed": self.streamed,
            "first_ms": round(((self.first or ended) - self.started) * 1000),
            "total_ms": round((ended - self.started) * 1000),
            "attempts": self.attempts,
        }

    def _sealed(self, said: str) -> bytes:
        content = json.dumps({"messages": self.messages, "answer": said}, ensure_ascii=False)
        return seal(self.grant.data_key, _without_pictures(content)[:MOST_CONTENT], CONTENT_PURPOSE)


def _without_pictures(content: str) -> str:
    if ";base64," not in content:
        return content
    import re

    return re.sub(r";base64,[A-Za-z0-9+/=]{64,}", ";base64,…", content)
