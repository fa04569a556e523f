"""The wrong-answer book: list, one entry, trying again."""

from __future__ import annotations

import json
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.assessment.access import access_wrong_entry
from zhiwei.assessment.queries import wrong_book as books
from zhiwei.assessment.queries.questions import present
from zhiwei.assessment.rules.reasons import CAUSES
from zhiwei.assessment.services import retrying
from zhiwei.assessment.services.wrong_book import correct_cause
from zhiwei.assessment.templatetags.assessment_words import cause_name, state_name
from zhiwei.kernel import api as kernel
from zhiwei.kernel import audit, clock
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.wording import SUBJECTS
from zhiwei.ui.values import Choice, Crumb

PAGE = 20


@require_GET
@signed_in(Role.PUPIL, Role.GUARDIAN)
def wrong_book(request: HttpRequest) -> HttpResponse:
    """One's own book; guardians come to their first child's."""
    actor = actor_of(request)
    if Role.PUPIL not in actor.roles:
        children = kernel.people_by_id(actor.wards)
        if not children:
            raise NotFoundError
        first = children[min(children)]
        return redirect(f"{reverse('assessment:wrong_book_of', args=[first.uuid])}?{request.GET.urlencode()}")
    return _book_page(request, kernel.get_person(actor.person_id).uuid)


@require_GET
@signed_in()
def wrong_book_of(request: HttpRequest, person_uuid: str) -> HttpResponse:
    """A child's or a pupil's book."""
    return _book_page(request, str(person_uuid))


@require_GET
@signed_in()
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry: the question, one's answer, the reference, the reviews."""
    actor, now = actor_of(request), clock.now()
    found = access_wrong_entry(actor, entry_id, verb=Verb.READ)
    page = books.entry_page(found, now)
    own = found.person_id == actor.person_id
    context = {
        "page": page,
        "own": own,
        "may_correct": own or Role.TEACHER in actor.roles,
        "causes": [(key, cause_name(key)) for key in CAUSES],
        "can_retry": own and found.response.item.type not in retrying.BY_ONESELF,
        "trail": _trail(request, found.person_id, Crumb(page.row.work)),
    }
    return render(request, "assessment/wrong_entry.html", context)


@require_POST
@signed_in()
def cause(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Correct the cause."""
    actor = actor_of(request)
    found = access_wrong_entry(actor, entry_id, verb=Verb.UPDATE)
    correct_cause(actor=actor, now=clock.now(), entry=found, cause=request.POST.get("cause", ""))
    return redirect("assessment:wrong_entry", entry_id=entry_id)


@signed_in(Role.PUPIL)
def again(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Try the same question again."""
    return _try_page(request, entry_id, "")


@signed_in(Role.PUPIL)
def similar(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Try a question like it."""
    found = access_wrong_entry(actor_of(request), entry_id, verb=Verb.UPDATE)
    choices = retrying.similar_items(found)
    wanted = request.POST.get("item", request.GET.get("item", ""))
    if not choices:
        return redirect("assessment:wrong_again", entry_id=entry_id)
    return _try_page(request, entry_id, wanted if wanted in choices else choices[0])


@require_GET
@signed_in(Role.PUPIL)
def verdict(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The newest try's verdict, once a job has judged it; asked for by the page until then."""
    found = access_wrong_entry(actor_of(request), entry_id, verb=Verb.UPDATE)
    seen = request.GET.get("seen", "0")
    context = _verdict(found, int(seen) if seen.isdigit() else 0)
    return render(request, "assessment/wrong_verdict.html", context)


@require_POST
@signed_in(Role.PUPIL)
def by_oneself(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Say oneself whether one knows it now."""
    found = access_wrong_entry(actor_of(request), entry_id, verb=Verb.UPDATE)
    if found.person_id != actor_of(request).person_id:
        raise NotFoundError
    retrying.rate_oneself(now=clock.now(), entry=found, known=request.POST.get("known") == "yes")
    return redirect("assessment:wrong_entry", entry_id=entry_id)


def _book_page(request: HttpRequest, person_uuid: str) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    filters = books.Filters(
        **{key: request.GET.get(key, "")[:120] for key in ("subject", "point", "cause", "state")}
    )
    book = books.book_of(actor, person_uuid, now=now, filters=filters)
    audit.record_reads(
        actor=actor,
        kind="wrong_entry",
        now=now,
        about_ids=[book.person.id],
        tenant_id=book.person.tenant_id,
        level=Level.PERSONAL,
    )
    page = Paginator(book.rows, PAGE).get_page(request.GET.get("page"))
    children = [] if actor.is_staff else list(kernel.people_by_id(actor.wards).values())
    context = {
        "book": book,
        "page": page,
        "rows": books.entry_rows(list(page.object_list), now),
        "choices": _choices(book, filters),
        "filters": filters,
        "children": children if len(children) > 1 else [],
        "trail": (Crumb(_("错题本")),),
    }
    return render(request, "assessment/wrong_book.html", context)


def _choices(book: books.Book, filters: books.Filters) -> tuple[Choice, ...]:
    states = (("due", _("该复习")), *((str(one), state_name(str(one))) for one in books.STATES))
    return (
        Choice(
            "subject", _("学科"), tuple((k, str(SUBJECTS.get(k, k))) for k in book.subjects), filters.subject
        ),
        Choice("point", _("知识点"), book.points, filters.point),
        Choice("cause", _("错因"), tuple((one, cause_name(one)) for one in book.causes), filters.cause),
        Choice("state", _("状态"), states, filters.state),
    )


def _try_page(request: HttpRequest, entry_id: int, item_uuid: str) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    found = access_wrong_entry(actor, entry_id, verb=Verb.UPDATE)
    if found.person_id != actor.person_id:
        raise NotFoundError
    content = retrying.content_for(found, item_uuid)
    context: dict[str, Any] = {
        "entry": found,
        "item": item_uuid,
        "question": present(content, key=item_uuid or "own", number="1"),
        "trail": _trail(request, found.person_id, Crumb(_("再练一题") if item_uuid else _("再做一遍"))),
    }
    if request.method == "POST":
        seen = len(found.card.get("tries", []))
        done = retrying.try_again(now=now, entry=found, value=_value(request), item_uuid=item_uuid)
        context |= {"posted": True, **_verdict(done or found, seen)}
    return render(request, "assessment/wrong_try.html", context)


def _verdict(found: Any, seen: int) -> dict[str, Any]:
    """What the page shows of the newest try; nothing yet while a job judges it."""
    tries = found.card.get("tries", [])
    if len(tries) <= seen:
        return {"entry": found, "waiting": True, "seen": seen}
    newest = tries[-1]
    detail = newest.get("detail") or {}
    content = retrying.content_for(found, str(detail.get("item", "")))
    return {
        "entry": found,
        "waiting": False,
        "seen": seen,
        "verdict": books.verdict_of(content, newest),
        "more": retrying.similar_items(found)[:1],
    }


def _value(request: HttpRequest) -> dict[str, Any]:
    try:
        value = json.loads(request.POST.get("value", ""))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InvalidInputError(_("没有收到答案，请再试一次。"), code="response.shape")
    return value


def _trail(request: HttpRequest, person_id: int, last: Crumb) -> tuple[Crumb, ...]:
    own = actor_of(request).person_id == person_id
    uuid = kernel.get_person(person_id).uuid
    url = reverse("assessment:wrong_book") if own else reverse("assessment:wrong_book_of", args=[uuid])
    return (Crumb(_("错题本"), url), last)
