"""The AI room's stage: a scripted model server, a gateway on the test's own connection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.ai.gateway_stage import Stage, build_stage
from tests.ai.scripted_provider import Scripted, scripted
from tests.cast import Cast

from zhiwei.ai.services import shared


@pytest.fixture(scope="session")
def model_server() -> Iterator[Scripted]:
    """One scripted server for all tests."""
    with scripted() as server:
        yield server


@pytest.fixture
def stage(cast: Cast, model_server: Scripted) -> Iterator[Stage]:
    """A school with a provider, two models, prices and a teacher's key."""
    made = build_stage(cast, model_server)
    shared.use(made.gateway)
    yield made
    shared.use(None)
