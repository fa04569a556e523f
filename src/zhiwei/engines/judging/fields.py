"""Reading a JSON object field by field, with errors that say where they are."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

from .errors import ItemError
from .values import Json, text_of

MAX_TEXT_CHARS = 200_000
MAX_LIST = 5_000
T = TypeVar("T")


class Fields:
    """One JSON object and the words for where it stands (``line 3``, ``rubric[2]``).

    Every reader takes the documented key first and then other spellings that strangers use for it.
    """

    def __init__(self, shape: Json, where: str) -> None:
        if not isinstance(shape, dict):
            raise ItemError(f"{where}: an object is needed, not {kind_of(shape)}")
        self.shape = shape
        self.where = where

    def raw(self, *keys: str) -> Json:
        """The first of ``keys`` that is there and not null."""
        return next((self.shape[key] for key in keys if self.shape.get(key) is not None), None)

    def has(self, *keys: str) -> bool:
        """Whether any of ``keys`` is there (null counts as absent)."""
        return self.raw(*keys) is not None

    def text(self, *keys: str) -> str:
        """A text; numbers and lists of lines are taken as text, objects refused."""
        value = self.raw(*keys)
        if isinstance(value, dict):
            raise self.error(keys[0], f"a text is needed, not {kind_of(value)}")
        return self._sized(keys[0], text_of(value))

    def texts(self, *keys: str) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of one."""
        return tuple(self._sized(keys[0], text_of(entry)) for entry in self.entries(*keys))

    def entries(self, *keys: str) -> list[Json]:
        """A list; a single value is a list of one, absence is empty."""
        value = self.raw(*keys)
        found = [] if value is None else value if isinstance(value, list) else [value]
        if len(found) > MAX_LIST:
            raise self.error(keys[0], f"at most {MAX_LIST} entries are read, there are {len(found)}")
        return found

    def number(self, *keys: str) -> float | None:
        """A finite number, or a text that is one; ``None`` when absent."""
        value = self.raw(*keys)
        if value is None:
            return None
        found = _finite(value)
        if found is None:
            raise self.error(keys[0], f"a number is needed, not {kind_of(value)}")
        return found

    def flag(self, key: str) -> bool:
        """A truth value; absent is false."""
        value = self.shape.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.error(key, f"true or false is needed, not {kind_of(value)}")
        return bool(value)

    def mapping(self, *keys: str) -> dict[str, Json]:
        """An object; absent is empty."""
        value = self.raw(*keys)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.error(keys[0], f"an object is needed, not {kind_of(value)}")
        return value

    def each(self, read: Callable[[Json, str], T], *keys: str) -> tuple[T, ...]:
        """Every entry of a list read by ``read(entry, where)``."""
        return tuple(
            read(entry, f"{self.where}: {keys[0]}[{n}]") for n, entry in enumerate(self.entries(*keys), 1)
        )

    def error(self, key: str, message: str) -> ItemError:
        """An error about ``key``, to be raised."""
        return ItemError(f"{self.where}: {key}: {message}")

    def _sized(self, key: str, text: str) -> str:
        if len(text) > MAX_TEXT_CHARS:
            raise self.error(key, f"at most {MAX_TEXT_CHARS} characters are read, there are {len(text)}")
        return text


def kind_of(value: Json) -> str:
    """What a JSON value is, in words for an error message."""
    names: list[tuple[type, str]] = [(bool, "true or false"), (int, "a number"), (float, "a number")]
    names += [(str, "a text"), (list, "a list"), (dict, "an object")]
    return next((name for kind, name in names if isinstance(value, kind)), "null")


def _finite(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None
