"""Reading what the editor's script sends."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from zhiwei.curriculum.rules.contents import LONGEST_BYTES
from zhiwei.kernel.errors import InvalidInputError


def body_of(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of a request.

    Raises:
        InvalidInputError: Larger than two items' content, not JSON, or not an object.
    """
    if len(request.body) > 2 * LONGEST_BYTES:
        raise InvalidInputError(_("内容太大：一道题最多 400 KB。"), code="item.too_large")
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(_("内容不是有效的 JSON。"), code="item.not_json") from error
    if not isinstance(found, dict):
        raise InvalidInputError(_("内容应是一个对象。"), code="item.not_json")
    return found


def content_of(body: dict[str, Any]) -> dict[str, Any]:
    """Return the item's content in a request's body.

    Raises:
        InvalidInputError: There is none.
    """
    content = body.get("content")
    if not isinstance(content, dict):
        raise InvalidInputError(_("缺少题目内容。"), code="item.not_json")
    return content
