"""The register of erasers: upper rooms first, no name twice."""

from __future__ import annotations

import pytest

from zhiwei.kernel import erasure


def test_the_last_registered_lets_go_first_and_no_name_comes_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasure, "_ERASERS", {})
    erasure.register("lower.rows", lambda subject, now: {})
    erasure.register("upper.vectors", lambda subject, now: {"片段": 1}, remaining=lambda subject: {"片段": 0})
    assert [one.name for one in erasure.erasers()] == ["upper.vectors", "lower.rows"]
    with pytest.raises(ValueError, match="twice"):
        erasure.register("lower.rows", lambda subject, now: {})
