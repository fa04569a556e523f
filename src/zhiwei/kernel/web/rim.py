"""The REST rim: who may call an operation and pages of results."""

from __future__ import annotations

from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Schema
from ninja.security import HttpBearer
from pydantic import Field

from zhiwei.kernel.errors import ForbiddenError
from zhiwei.kernel.values import Actor
from zhiwei.kernel.web.tokens import token_of

MOST = 200
Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)


class Needs(HttpBearer):
    """Let an operation be called only with a token that carries its scope; the policy's gates hold besides."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return who acts; ``None`` (401) when the token does not work.

        Raises:
            ForbiddenError: The token lacks the scope.
        """
        del token
        actor: Actor | None = getattr(request, "actor", None)
        carried = token_of(request)
        if actor is None or carried is None:
            return None
        if self.scope not in carried.scopes:
            raise ForbiddenError(f"令牌没有所需的权限范围 {self.scope}。", code="token.scope")
        return actor


class Slice(Schema):
    """Which part of a list is asked for."""

    limit: int = Field(50, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=1_000_000)


class Listed(Schema, Generic[Item]):
    """A part of a list: its items, how many there are in all, and where the next part begins."""

    items: list[Item]
    total: int
    next_offset: int | None = None


def sliced(rows: QuerySet[Row], part: Slice) -> tuple[list[Row], int, int | None]:
    """Return the rows of a part, the total, and the next offset."""
    total = rows.count()
    found = list(rows[part.offset : part.offset + part.limit])
    end = part.offset + len(found)
    return found, total, end if end < total else None
