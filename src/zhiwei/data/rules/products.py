"""What other rooms hand in: data products, readers of released answers, flows, sources brought in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from zhiwei.data.values import (
    AnswerItem,
    AnswerQuery,
    CatalogueField,
    Facet,
    Flow,
    JudgedAnswer,
    ProductField,
)
from zhiwei.kernel.values import Actor


@dataclass(frozen=True, slots=True)
class DataProduct:
    """What a room offers to the data centre, with the meaning and origin of each field.

    Attributes:
        key: Stable dotted key (``assessment.judged_answers``).
        owner: Label of the room (``assessment``).
    """

    key: str
    owner: str
    meaning: str
    fields: tuple[ProductField, ...]
    retention: str = "life"


class AnswerReader(Protocol):
    """Reads released, judged answers in the scope that is open; everything streams."""

    def facets(self, query: AnswerQuery) -> list[Facet]:
        """Return what there is, counted by subject, scene, item type and grade."""

    def items(self, query: AnswerQuery) -> Iterator[AnswerItem]:
        """Yield the questions that have answers, in a stable order."""

    def answers(self, query: AnswerQuery, item_key: str) -> Iterator[JudgedAnswer]:
        """Yield the answers to one question, by ``ref``."""

    def fetch(self, refs: Collection[int]) -> dict[int, JudgedAnswer]:
        """Return answers by ``ref``; those recalled or removed meanwhile are missing."""

    def item(self, key: str) -> AnswerItem | None:
        """Return one question."""


FieldSource = Callable[[Actor], Iterable[CatalogueField]]

_PRODUCTS: dict[str, DataProduct] = {}
_READERS: dict[str, AnswerReader] = {}
_FLOWS: list[Flow] = []
_SOURCES: dict[str, FieldSource] = {}


def register_product(product: DataProduct) -> None:
    """Add a data product.

    Raises:
        ValueError: The key is taken.
    """
    if product.key in _PRODUCTS:
        raise ValueError(f"data product registered twice: {product.key}")
    _PRODUCTS[product.key] = product


def register_answers(key: str, reader: AnswerReader) -> None:
    """Let corpora be built from a product of released answers."""
    _READERS[key] = reader


def register_flows(flows: Iterable[Flow]) -> None:
    """Tell which fields are made from which, where no product says it."""
    _FLOWS.extend(flows)


def register_fields(name: str, source: FieldSource) -> None:
    """Add catalogue lines that are known only at run time (sources brought in); asked with the actor."""
    _SOURCES[name] = source


def products() -> tuple[DataProduct, ...]:
    """Return all data products by key."""
    return tuple(_PRODUCTS[key] for key in sorted(_PRODUCTS))


def readers() -> dict[str, AnswerReader]:
    """Return the readers of released answers by product key."""
    return dict(_READERS)


def flows() -> tuple[Flow, ...]:
    """Return what registered flows there are."""
    return tuple(_FLOWS)


def field_sources() -> tuple[FieldSource, ...]:
    """Return who adds catalogue lines at run time."""
    return tuple(_SOURCES.values())
