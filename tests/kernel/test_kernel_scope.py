"""Both walls: managers refuse without a scope, and the database holds alone when they are switched off."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from tests.cast import NOW, Cast

from zhiwei.kernel import audit, scope
from zhiwei.kernel.errors import ScopeMissingError
from zhiwei.kernel.models import AuditRow, Holding, Person
from zhiwei.kernel.values import Verb


def test_a_query_without_scope_is_a_loud_fault(cast: Cast) -> None:
    with pytest.raises(ScopeMissingError):
        Person.objects.count()


def test_a_scope_shows_one_tenant_only(cast: Cast) -> None:
    with scope.entered([cast.other_school]):
        assert set(Person.objects.values_list("tenant_id", flat=True)) == {cast.other_school}


def test_the_database_wall_holds_without_filters(cast: Cast) -> None:
    with scope.entered([cast.other_school]), scope.without_filters():
        assert set(Person.objects.values_list("tenant_id", flat=True)) == {cast.other_school}
        assert not Person.objects.filter(pk=cast.people["pupil"]).exists()


def test_no_scope_shows_no_row_even_to_raw_sql(cast: Cast) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('zhiwei.tenants', '', true)")
        cursor.execute("select count(*) from kernel_person")
        assert cursor.fetchone()[0] == 0


def test_the_setting_does_not_outlive_its_transaction(transactional_db: None) -> None:
    with scope.entered([7]):
        pass
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting('zhiwei.tenants', true), '')")
        assert cursor.fetchone()[0] == ""


def test_writing_into_another_tenant_is_refused_by_the_database(cast: Cast) -> None:
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with scope.entered([cast.school]), refused, transaction.atomic():
        Person.objects.create(tenant_id=cast.other_school, name="越界")


def test_a_key_into_another_tenant_is_refused(cast: Cast) -> None:
    with scope.everywhere("test"), pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
        Holding.objects.filter(person_id=cast.people["pupil"]).update(person_id=cast.people["outsider"])
        connection.check_constraints()


def test_scopes_nest_and_come_back(cast: Cast) -> None:
    with scope.entered([cast.school]):
        with scope.entered([cast.other_school]):
            assert not Person.objects.filter(pk=cast.people["pupil"]).exists()
        with scope.without_filters():
            assert Person.objects.filter(pk=cast.people["pupil"]).exists()


@pytest.mark.parametrize(
    "statement", ["update kernel_auditrow set verb = 'x'", "delete from kernel_auditrow"]
)
def test_the_trail_cannot_be_changed_or_removed(cast: Cast, statement: str) -> None:
    with scope.everywhere("test"):
        audit.record(actor=cast.actor("admin"), verb=Verb.READ, kind="person", now=NOW)
        before = AuditRow.objects.count()
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
        assert AuditRow.objects.count() == before


def test_the_app_role_is_no_owner_and_cannot_bypass(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        assert cursor.fetchone()[0] is False
