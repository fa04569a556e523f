"""What other rooms hand in: data products, readers of released answers, flows, sources brought in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
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


class Selected(Protocol):
    """The released answers a query found, in the scope that is open."""

    def items(self) -> Sequence[AnswerItem]:
        """Return the questions that have answers, in a stable order."""

    def answers(self, item_key: str) -> Iterator[JudgedAnswer]:
        """Stream the answers to one question, by ``ref``."""


class AnswerReader(Protocol):
    """Reads released, judged answers in the scope that is open; a recalled answer is not there."""

    def facets(self, tenants: Collection[int]) -> Sequence[Facet]:
        """Return what there is, counted by subject, scene, item type and grade."""

    def select(self, query: AnswerQuery) -> Selected:
        """Return what a query finds."""

    def fetch(self, refs: Collection[int]) -> Mapping[int, tuple[JudgedAnswer, AnswerItem]]:
        """Return answers with their questions by ``ref``; those recalled or removed meanwhile are missing."""


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
