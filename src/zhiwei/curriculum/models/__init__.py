"""Tables of the curriculum."""

from zhiwei.curriculum.models.drafting import Draft
from zhiwei.curriculum.models.entry import ItemEntry
from zhiwei.curriculum.models.graph import Edition, Point, Requirement
from zhiwei.curriculum.models.item import Item, ItemVersion
from zhiwei.curriculum.models.note import ItemNote
from zhiwei.curriculum.models.resource import Resource

__all__ = [
    "Draft",
    "Edition",
    "Item",
    "ItemEntry",
    "ItemNote",
    "ItemVersion",
    "Point",
    "Requirement",
    "Resource",
]
