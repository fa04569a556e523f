"""Tables of the curriculum."""

from zhiwei.curriculum.models.graph import Edition, Point, Requirement
from zhiwei.curriculum.models.item import Item, ItemVersion

__all__ = ["Edition", "Item", "ItemVersion", "Point", "Requirement"]
