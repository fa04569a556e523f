"""A database that bears the stamp is not migrated again; anything that shapes tables changes the stamp."""

from __future__ import annotations

from pathlib import Path

import psycopg

from zhiwei.config import stamp


def test_the_stamp_is_put_and_found(embedded_server: str) -> None:
    with psycopg.connect(embedded_server, autocommit=True) as connection:
        connection.execute("comment on schema public is 'something else'")
    assert not stamp.is_current(embedded_server)
    stamp.put(embedded_server)
    assert stamp.is_current(embedded_server)


def test_a_changed_model_changes_the_stamp(tmp_path: Path) -> None:
    models = tmp_path / "kernel" / "models"
    models.mkdir(parents=True)
    (models / "person.py").write_text("a = 1\n")
    before = stamp.wanted(tmp_path)
    assert before == stamp.wanted(tmp_path) and before.startswith("zhiwei tables ")
    (models / "person.py").write_text("a = 2\n")
    assert stamp.wanted(tmp_path) != before
