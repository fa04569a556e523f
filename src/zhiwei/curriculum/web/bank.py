"""The list of items, with its search."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from zhiwei.curriculum import wording
from zhiwei.curriculum.queries.bank import point_names
from zhiwei.curriculum.queries.searching import Search, find_items
from zhiwei.curriculum.values import ItemState
from zhiwei.curriculum.wording import word
from zhiwei.kernel.values import STAFF_ROLES
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Choice, Crumb

PAGE = 30
BANDS = {"easy": (0.0, 0.3), "middle": (0.3, 0.6), "hard": (0.6, 1.0)}


@signed_in(*STAFF_ROLES)
def items(request: HttpRequest) -> HttpResponse:
    """Items in reach that fit what was typed and chosen."""
    query = request.GET
    number = max(int(query["page"]) if query.get("page", "").isdigit() else 1, 1)
    search = _search(query)
    found = find_items(actor_of(request), search, limit=PAGE, offset=(number - 1) * PAGE)
    names = point_names(found.rows)
    rows = [
        (one, word(wording.TYPES, one.type), word(wording.SUBJECTS, one.subject),
         [(key, names.get(key, key)) for key in one.points], word(wording.STATES, one.state),
         wording.STATE_TONES.get(one.state, "plain"))
        for one in found.rows
    ]  # fmt: skip
    context = {
        "rows": rows,
        "found": found,
        "total": f"{found.total}+" if found.more else found.total,
        "number": number,
        "last": number * PAGE >= found.total,
        "choices": _choices(query),
        "trail": (Crumb(_("题库")),),
        "shortcuts": (("N", _("新建题目")), ("/", _("搜索"))),
    }
    return render(request, "curriculum/items.html", context)


def _search(query: Mapping[str, str]) -> Search:
    low, high = BANDS.get(query.get("difficulty", ""), (None, None))
    states = [one for one in query.get("state", "").split(",") if one in set(ItemState)]
    return Search(
        text=query.get("q", ""),
        subject=query.get("subject", ""),
        types=[query["type"]] if query.get("type") else [],
        points=[query["point"]] if query.get("point") else [],
        grade=int(query["grade"]) if query.get("grade", "").isdigit() else None,
        easiest=low,
        hardest=high,
        states=states or [ItemState.PUBLISHED, ItemState.REVIEW, ItemState.DRAFT],
        mine=query.get("whose") == "mine",
    )


def _choices(query: Mapping[str, str]) -> tuple[Choice, ...]:
    def choice(name: str, label: str, table: Mapping[str, object]) -> Choice:
        options = tuple((code, str(words)) for code, words in table.items())
        return Choice(name, label, options, query.get(name, ""))

    bands = {"easy": _("容易（0–0.3）"), "middle": _("中等（0.3–0.6）"), "hard": _("较难（0.6–1）")}
    grades = {str(one): _("{}年级").format(one) for one in range(1, 13)}
    return (
        choice("subject", _("学科"), wording.SUBJECTS),
        choice("grade", _("年级"), grades),
        choice("type", _("题型"), wording.TYPES),
        choice("difficulty", _("难度"), bands),
        choice("state", _("状态"), wording.STATES),
        choice("whose", _("作者"), {"mine": _("我写的")}),
    )
