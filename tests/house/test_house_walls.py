"""What imports cannot show: every tenant table is walled, every table and field declared."""

from __future__ import annotations

import re

import pytest
from django.db import connection, models

from zhiwei.kernel import walls
from zhiwei.kernel.tenancy import DeclaredModel, TenantModel, tenant_models
from zhiwei.kernel.values import Declaration

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_tenant_table_is_walled(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind in ('r', 'p') and relrowsecurity and relforcerowsecurity"
        )
        walled = {row[0] for row in cursor.fetchall()}
        cursor.execute("select tablename, count(*) from pg_policies group by 1")
        policies = dict(cursor.fetchall())
    wanted = {model._meta.db_table for model in tenant_models()}
    assert wanted and wanted <= walled
    assert all(policies[table] == 2 for table in wanted)


def test_every_key_between_tenant_tables_takes_the_tenant_along(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select conname from pg_constraint where contype = 'f'")
        present = {row[0] for row in cursor.fetchall()}
    wanted = {key.name for key in walls.composite_keys()}
    assert wanted and wanted <= present


@pytest.mark.parametrize("model", walls.all_declared(), ids=lambda model: model._meta.label)
def test_every_table_says_what_its_data_are(model: type[models.Model]) -> None:
    assert issubclass(model, DeclaredModel) or isinstance(getattr(model, "declaration", None), Declaration)
    declaration: Declaration = model.declaration  # type: ignore[attr-defined]
    assert CHINESE.search(declaration.meaning)
    names = {field.name for field in model._meta.get_fields()} | {
        getattr(field, "attname", "") for field in model._meta.get_fields()
    }
    assert set(declaration.levels) <= names and set(declaration.codes) <= names
    assert not declaration.person or declaration.person in names
    for field in model._meta.local_fields:
        if not field.primary_key and field.name not in {"last_login"}:
            assert CHINESE.search(str(field.verbose_name)), f"{field} has no Chinese meaning"


def test_foreign_keys_point_down_only() -> None:
    order = ["kernel", "data", "ai", "curriculum", "assessment", "teaching", "learning", "evaluation"]
    for model in walls.all_declared():
        for field in model._meta.local_fields:
            target = field.related_model
            if isinstance(field, models.ForeignKey) and isinstance(target, type):
                here, there = model._meta.app_label, target._meta.app_label
                assert order.index(there) <= order.index(here), f"{field} points up"


def test_a_personal_table_belongs_to_a_tenant() -> None:
    shared = {"kernel.Account", "kernel.Device", "kernel.SignInLink"}
    for model in walls.all_declared():
        declaration: Declaration = model.declaration  # type: ignore[attr-defined]
        if declaration.level >= 3 and model._meta.label not in shared:
            assert issubclass(model, TenantModel), model
