"""The sealed trail: whole when nobody touched it, and every kind of tampering is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from tests.cast import NOW, Cast

from zhiwei.engines.seals import FindingKind
from zhiwei.kernel import audit, scope
from zhiwei.kernel.models import AuditSeal
from zhiwei.kernel.services import sealing
from zhiwei.kernel.values import Verb, system_actor

LATER = NOW + timedelta(minutes=10)


@contextmanager
def as_owner() -> Iterator[Callable[[str], None]]:
    """Tamper as somebody who owns the database: no grant and no row security in the way."""
    with connection.cursor() as cursor:
        cursor.execute("set role none")

        def run(statement: str) -> None:
            cursor.execute(statement)

        yield run
        cursor.execute("set role zhiwei_app")


@pytest.fixture
def sealed(cast: Cast) -> int:
    """Seal the cast's own audit rows and a few more; returns the school's id."""
    for _round in range(2):
        with scope.entered([cast.school]):
            for number in range(5):
                audit.record(
                    actor=system_actor(cast.school), verb=Verb.READ, kind="test", now=NOW, object_id=number
                )
        assert sealing.seal_trail(tenant_id=cast.school, now=LATER) > 0
    return cast.school


def kinds() -> set[FindingKind]:
    return {finding.kind for finding in sealing.verify_trail().findings}


def test_an_untouched_trail_is_whole(sealed: int) -> None:
    report = sealing.verify_trail()
    assert (report.seals, report.findings) == (2, ())
    assert report.heads[sealed] == report.heads[sealed].lower()
    assert sealing.seal_trail(tenant_id=sealed, now=LATER) == 0


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("update kernel_auditrow set actor_name = 'x' where object_id = '3'", FindingKind.CHANGED),
        ("update kernel_auditrow set detail = '{\"a\": 1}' where object_id = '3'", FindingKind.CHANGED),
        (
            "update kernel_auditrow set at = at + interval '1 second' where object_id = '3'",
            FindingKind.CHANGED,
        ),
        ("delete from kernel_auditrow where object_id = '3'", FindingKind.REMOVED),
        ("delete from kernel_auditseal where number = 1", FindingKind.BROKEN_CHAIN),
        ("update kernel_auditseal set root = repeat('a', 64) where number = 2", FindingKind.BAD_SIGNATURE),
        ("update kernel_auditseal set sealed_at = sealed_at - interval '1 day'", FindingKind.BAD_SIGNATURE),
        (
            "update kernel_auditseal set leaves = decode(repeat('00', 64), 'hex') where number = 2",
            FindingKind.BAD_ROOT,
        ),
    ],
)
def test_tampering_shows(sealed: int, statement: str, kind: FindingKind) -> None:
    with as_owner() as run:
        run(statement)
    assert kind in kinds()


def test_an_inserted_row_shows(sealed: int) -> None:
    with as_owner() as run:
        run(f"update kernel_auditrow set id = id + 1000000 where tenant_id = {sealed} and object_id = '4'")
    assert FindingKind.REMOVED in kinds()


def test_swapped_rows_show(sealed: int) -> None:
    with as_owner() as run:
        run(
            "update kernel_auditrow a set object_id = b.object_id from kernel_auditrow b"
            " where a.tenant_id = b.tenant_id and a.kind = 'test'"
            " and b.kind = 'test' and a.object_id in ('1', '2') and b.object_id in ('1', '2')"
            " and a.object_id <> b.object_id"
        )
    assert FindingKind.CHANGED in kinds()


def test_a_trail_cut_short_shows_against_heads_kept_elsewhere(sealed: int) -> None:
    heads = sealing.verify_trail().heads
    with as_owner() as run:
        run("delete from kernel_auditseal where number = 2")
        run(
            "delete from kernel_auditrow where id > (select max((i)::int) from kernel_auditseal s,"
            " jsonb_array_elements_text(s.ids) i where s.number = 1) and kind = 'test'"
        )
    assert sealing.verify_trail().findings == ()
    assert {one.kind for one in sealing.verify_trail(against=heads).findings} == {FindingKind.BROKEN_CHAIN}


def test_the_app_cannot_touch_seals(sealed: int) -> None:
    with (
        scope.everywhere("test"),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        AuditSeal.objects.update(root="0" * 64)
