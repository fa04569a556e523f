"""Bases for tables: what belongs to a tenant, and how every table declares its data."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel import scope
from zhiwei.kernel.values import Declaration

Row = TypeVar("Row", bound=models.Model, covariant=True)


class TenantManager(models.Manager[Row]):
    """Rows of the tenants in scope; without a scope a query raises (see ``kernel.scope``)."""

    def get_queryset(self) -> models.QuerySet[Row]:
        """Return the rows in reach."""
        rows = super().get_queryset()
        now = scope.current()
        if now.everywhere or not scope.filters_on():
            return rows
        if len(now.tenants) == 1:
            return rows.filter(tenant_id=next(iter(now.tenants)))
        return rows.filter(tenant_id__in=now.tenants)


class DeclaredModel(models.Model):
    """A table that says what its data are; ``declaration`` is checked by ``tests/house``."""

    declaration: ClassVar[Declaration]

    class Meta:
        abstract = True


class TenantModel(DeclaredModel):
    """A table whose rows belong to one tenant (school, university or bureau).

    Row-level security, the unique key ``(tenant_id, id)`` and composite foreign keys to other tenant tables are
    put up by ``kernel.walls`` after each migration.
    """

    tenant = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("所属单位")
    )

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


def tenant_models() -> list[type[TenantModel]]:
    """Return every concrete tenant table of the house."""
    from django.apps import apps

    found: list[Any] = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    return sorted(found, key=lambda model: model._meta.db_table)
