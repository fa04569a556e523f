"""Contexts meet only at their doors, and pages reach tables only through access, queries and services."""

from __future__ import annotations

from functools import lru_cache

import grimp
import pytest

CONTEXTS = ("kernel", "curriculum", "assessment", "learning", "data", "ai")
DOORS = {"api", "values", "events", "errors"}
KERNEL_DOORS = DOORS | {
    "access", "audit", "bulk", "clock", "erasure", "files", "jobs", "keys", "media", "names", "navigation", "outbox",
    "rules", "scope", "sealed", "tables", "tenancy", "web", "wording",
}  # fmt: skip
ENGINES = "zhiwei.engines"


@lru_cache(maxsize=1)
def graph() -> grimp.ImportGraph:
    """The imports between our own modules."""
    return grimp.build_graph("zhiwei", exclude_type_checking_imports=True)


@lru_cache(maxsize=1)
def imports() -> tuple[tuple[str, str], ...]:
    """Every direct import between our own modules, as ``(importer, imported)``."""
    return tuple(
        (importer, imported)
        for importer in sorted(graph().modules)
        for imported in graph().find_modules_directly_imported_by(importer)
    )


def by_the_face(importer: str, imported: str) -> bool:
    """Tell whether an engine's inside is named only through the engine's face.

    A function that a face exports under its module's own name looks like an import of the module.
    """
    face = ".".join(imported.split(".")[:3])
    details = graph().get_import_details(importer=importer, imported=imported)
    lines = [str(one["line_contents"]) for one in details]
    return all(line.startswith((f"from {face} import", "from zhiwei.engines import")) for line in lines)


def room(module: str) -> str:
    """Return the room a module stands in."""
    return ([*module.split("."), ""])[1]


def part(module: str) -> str:
    """Return the part of its room a module stands in."""
    return ([*module.split("."), "", ""])[2]


def test_contexts_meet_only_at_their_doors() -> None:
    wrong = [
        f"{importer} -> {imported}"
        for importer, imported in imports()
        if room(importer) in CONTEXTS
        and room(imported) in CONTEXTS
        and room(importer) != room(imported)
        and part(imported) not in (KERNEL_DOORS if room(imported) == "kernel" else DOORS)
    ]
    assert not wrong


@pytest.mark.parametrize("rim", ["web", "rest"])
def test_pages_of_contexts_never_touch_tables(rim: str) -> None:
    wrong = [
        f"{importer} -> {imported}"
        for importer, imported in imports()
        if room(importer) in CONTEXTS[1:] and part(importer) == rim and part(imported) == "models"
    ]
    assert not wrong


def test_engines_meet_only_at_their_faces() -> None:
    wrong = []
    for importer, imported in imports():
        if importer.startswith(f"{ENGINES}.") and imported.startswith(f"{ENGINES}."):
            other = part(importer) != part(imported)
            if other and len(imported.split(".")) > 3 and not by_the_face(importer, imported):
                wrong.append(f"{importer} -> {imported}")
    assert not wrong


def test_the_house_uses_engines_by_their_faces() -> None:
    wrong = [
        f"{importer} -> {imported}"
        for importer, imported in imports()
        if not importer.startswith(ENGINES)
        and imported.startswith(ENGINES)
        and len(imported.split(".")) > 3
        and not by_the_face(importer, imported)
    ]
    assert not wrong
