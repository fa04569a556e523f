"""Every test of learning starts without kept graphs."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _fresh_graphs() -> Iterator[None]:
    from zhiwei.learning.queries.graph import forget_graphs

    forget_graphs()
    yield
    forget_graphs()
