"""The catalogue: one line for every field of every table, built from the code's own declarations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from django.apps import apps
from django.db import models
from django.utils import translation

from zhiwei.data.rules import products
from zhiwei.data.values import CatalogueField
from zhiwei.kernel.values import Actor, Declaration

_OWN = "zhiwei."


class UndeclaredError(LookupError):
    """A table or field of our own says nothing of its data: a fault in our code, so it must be loud."""


def all_fields(actor: Actor) -> list[CatalogueField]:
    """Return every line: tables, data products, and what was brought in as far as the actor may see it."""
    found = [*table_fields(), *_product_fields()]
    for source in products.field_sources():
        found.extend(source(actor))
    return _with_lineage(found)


def table_fields() -> list[CatalogueField]:
    """Return the fields of all tables of the house, by room and table.

    Raises:
        UndeclaredError: A table without declaration, or a field without meaning.
    """
    return list(_table_fields())


@lru_cache(maxsize=1)
def _table_fields() -> tuple[CatalogueField, ...]:
    """Built once, in Chinese whatever the reader's language: meanings are part of the standard."""
    with translation.override("zh-hans"):
        return tuple(_own_fields())


def _own_fields() -> Iterator[CatalogueField]:
    own = [model for model in apps.get_models() if model.__module__.startswith(_OWN)]
    own.sort(key=lambda model: (model._meta.app_label, model._meta.object_name or ""))
    for model in own:
        yield from fields_of(model)


def fields_of(model: type[models.Model]) -> Iterator[CatalogueField]:
    """Yield the lines of one table.

    Raises:
        UndeclaredError: The table has no declaration, or a field no Chinese meaning.
    """
    declaration = getattr(model, "declaration", None)
    if not isinstance(declaration, Declaration):
        raise UndeclaredError(f"table {model._meta.label} has no declaration")
    for field in model._meta.local_fields:
        yield _line(model, field, declaration)


def _line(
    model: type[models.Model], field: models.Field[object, object], declaration: Declaration
) -> CatalogueField:
    meaning = "内部编号" if field.primary_key else str(field.verbose_name)
    if not any("\u4e00" <= character <= "\u9fff" for character in meaning):
        if field.name != "last_login":
            raise UndeclaredError(f"field {model._meta.label}.{field.name} has no Chinese meaning")
        meaning = "上次登录"
    return CatalogueField(
        key=f"{model._meta.label}.{field.name}",
        kind="table",
        owner=str(apps.get_app_config(model._meta.app_label).verbose_name),
        table=model._meta.label,
        table_meaning=declaration.meaning,
        name=field.name,
        meaning=meaning,
        type=_type(field),
        level=declaration.levels.get(field.name, declaration.level),
        retention=declaration.retention,
        person=bool(declaration.person),
        code=declaration.codes.get(field.name, ""),
    )


def _type(field: models.Field[object, object]) -> str:
    target = field.related_model
    if isinstance(target, type):
        return f"→ {target._meta.label}"
    size = getattr(field, "max_length", None)
    kind = field.get_internal_type().removesuffix("Field")
    return f"{kind}({size})" if size and kind == "Char" else kind


def _product_fields() -> Iterator[CatalogueField]:
    for product in products.products():
        owner = str(apps.get_app_config(product.owner).verbose_name)
        for field in product.fields:
            yield CatalogueField(
                key=f"{product.key}.{field.name}",
                kind="product",
                owner=owner,
                table=product.key,
                table_meaning=product.meaning,
                name=field.name,
                meaning=field.meaning,
                type="",
                level=field.level,
                retention=product.retention,
                code=field.code,
                sources=field.sources,
            )


def _with_lineage(found: Iterable[CatalogueField]) -> list[CatalogueField]:
    """Add where each field goes, and where the targets of flows come from."""
    lines = list(found)
    forward: dict[str, dict[str, str]] = defaultdict(dict)
    backward: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        for source in line.sources:
            forward[source][line.key] = line.table
    for flow in products.flows():
        for source in flow.sources:
            forward[source][flow.target] = flow.via
            backward[flow.target].append(source)
    return [_linked(line, forward.get(line.key, {}), backward.get(line.key, [])) for line in lines]


def _linked(line: CatalogueField, onward: Mapping[str, str], origins: list[str]) -> CatalogueField:
    sources = tuple(dict.fromkeys((*line.sources, *origins)))
    return replace(line, sources=sources, targets=tuple(onward), via=tuple(onward.values()))


def dangling(lines: Iterable[CatalogueField]) -> list[str]:
    """Return lineage that names fields the catalogue does not have (a renamed column); a test keeps it empty."""
    known = {line.key for line in lines}
    named = {key for line in lines for key in (*line.sources, *line.targets)}
    named |= {key for flow in products.flows() for key in (*flow.sources, flow.target)}
    return sorted(named - known)


def search(
    lines: Iterable[CatalogueField], text: str = "", *, owner: str = "", level: str = "", kind: str = ""
) -> list[CatalogueField]:
    """Return the lines that contain every word in key, meaning, table or code, and fit the choices."""
    words = [word.casefold() for word in text.split()[:6]]
    return [
        line
        for line in lines
        if (not owner or line.owner == owner)
        and (not level or str(int(line.level)) == level)
        and (not kind or line.kind == kind)
        and all(word in _haystack(line) for word in words)
    ]


def _haystack(line: CatalogueField) -> str:
    return f"{line.key} {line.meaning} {line.table_meaning} {line.code}".casefold()
