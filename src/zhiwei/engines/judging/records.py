"""Item, response and mark files: size limits first, then JSON line by line, errors with the line named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from .errors import ItemError
from .reading import item_from_json, marked_from_json, response_from_json
from .values import Item, Json, Marked, Response

MAX_ITEM_BYTES = 8 * 2**20
MAX_LINE_BYTES = 8 * 2**20
MAX_LINES = 500_000
T = TypeVar("T")


def read_item(path: Path) -> Item:
    """The item in a JSON file.

    Raises:
        ItemError: the file is missing, too large, not JSON, or not an item.
    """
    with _opened(path) as file:
        data = file.read(MAX_ITEM_BYTES + 1)
    if len(data) > MAX_ITEM_BYTES:
        raise ItemError(f"{path.name}: an item may have {MAX_ITEM_BYTES // 2**20} MiB at most")
    return item_from_json(parse_json(data, path.name), path.name)


def read_responses(path: Path) -> Iterator[Response]:
    """The responses of a JSON Lines file, one by one; raises ItemError as it reads."""
    return _records(path, response_from_json)


def read_marked(path: Path, item: Item) -> list[Marked]:
    """The marked responses of a JSON Lines file; scores must lie within the item's maximum."""
    return list(_records(path, lambda shape, where: marked_from_json(shape, where, max_score=item.max_score)))


def parse_json(data: bytes, where: str) -> Json:
    """JSON as the standard has it: UTF-8, no NaN or Infinity, bounded depth.

    Raises:
        ItemError: it is not; the message says where.
    """
    try:
        return cast(Json, json.loads(data.decode("utf-8-sig"), parse_constant=_no_constant))
    except UnicodeDecodeError as error:
        raise ItemError(f"{where}: not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise ItemError(f"{where}: not JSON: {error.msg} at character {error.pos + 1}") from None
    except (ValueError, RecursionError) as error:
        raise ItemError(f"{where}: not JSON: {str(error)[:80]}") from None


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not a JSON number")


def _records(path: Path, read: Callable[[Json, str], T]) -> Iterator[T]:
    with _opened(path) as file:
        number = 0
        while line := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            where = f"{path.name}: line {number}"
            if len(line) > MAX_LINE_BYTES:
                raise ItemError(f"{where}: a line may have {MAX_LINE_BYTES // 2**20} MiB at most")
            if number > MAX_LINES:
                raise ItemError(f"{path.name}: at most {MAX_LINES} lines are read")
            if line.strip():
                yield read(parse_json(line.strip(), where), where)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise ItemError(f"{path.name}: cannot be read: {error.strerror}") from None
