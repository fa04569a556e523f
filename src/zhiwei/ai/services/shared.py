"""The gateway of this process: one pool for the ledger, one thread that reads tables, connections kept open."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

from django.conf import settings
from django.db import connection

from zhiwei.ai.services.calling import Gateway
from zhiwei.ai.services.grants import Grants
from zhiwei.ai.services.ledger import default_ledger
from zhiwei.ai.upstream.connections import Connections
from zhiwei.ai.upstream.egress import read_allowed
from zhiwei.engines.privacy import build_roster, detect
from zhiwei.engines.safety import find_hits, normalise

log = logging.getLogger(__name__)
Result = TypeVar("Result")
_INSTEAD: list[Gateway] = []
_BUILDING = threading.Lock()


def the_gateway() -> Gateway:
    """Return the process's gateway."""
    if _INSTEAD:
        return _INSTEAD[-1]
    with _BUILDING:  # the first calls of a process come together: one of them builds for all
        return _built()


def use(gateway: Gateway | None) -> None:
    """Use another gateway from now on (tests); ``None`` takes back the last one."""
    if gateway is None:
        _INSTEAD.pop()
    else:
        _INSTEAD.append(gateway)


@lru_cache(maxsize=1)
def _built() -> Gateway:
    reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ai-reader")

    def read(work: Callable[[], Result]) -> Result:
        return reader.submit(_renewed, work).result()

    def aside(work: Callable[[], None]) -> None:
        reader.submit(_logged, work)

    allowed = read_allowed(settings.AI_PRIVATE_NETWORKS)
    _read_word_lists()
    grants = Grants(reader=read, aside=aside)
    return Gateway(default_ledger(), Connections(allowed), grants, aside=aside)


def _read_word_lists() -> None:
    """Have the guard and the privacy engine read their lists once, before many threads ask for them together."""
    find_hits(normalise("预热 warm"))
    detect("请联系张伟老师。", build_roster([]))


def _renewed(work: Callable[[], Result]) -> Result:
    """Do work on this thread's connection; one broken by a database restart is renewed first."""
    if connection.connection is not None and connection.connection.closed:
        connection.close()
    return work()


def _logged(work: Callable[[], None]) -> None:
    try:
        _renewed(work)
    except Exception:
        log.exception("side work of a call failed")
