"""Why a query is not answered."""

from __future__ import annotations


class RefusedQueryError(ValueError):
    """The query asks for something that is not allowed.

    Attributes:
        code: What is not allowed (``window``, ``subquery``, ``function`` …), stable.
        detail: The word in the query it is about; "" when it is about the whole.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail[:80]
