"""The answers of a corpus: listed by what they fail, one at a time with everything known, put back or taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.data import access
from zhiwei.data.queries import corpora as queries
from zhiwei.data.rules.checks import EXCLUDING
from zhiwei.data.services.corpora import keep_entry
from zhiwei.data.wording_corpora import BANDS, CHECKS, SPLITS, check_name, marker_name
from zhiwei.kernel import audit, clock, files
from zhiwei.kernel.values import Actor, Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Choice, Crumb

if TYPE_CHECKING:
    from zhiwei.data.models import Corpus

PAGE = 30


@require_GET
@signed_in(Role.DATA_OFFICER)
def entries(request: HttpRequest, corpus_uuid: str) -> HttpResponse:
    """Entries by check, band, split, kept or not."""
    actor = actor_of(request)
    row = access.access_corpus(actor, corpus_uuid, verb=Verb.READ, level=Level.PERSONAL)
    wanted = {name: request.GET.get(name, "") for name in ("flag", "band", "split", "kept")}
    page = Paginator(queries.entries(row, **wanted), PAGE).get_page(request.GET.get("page"))
    shown = queries.shown(list(page.object_list))
    _audit_reads(actor, row, [one.entry.person_id for one in shown], shown[0].entry.tenant_id if shown else 0)
    context = {
        "row": row,
        "page": page,
        "shown": [
            (one, [check_name(flag) for flag in one.entry.flags], BANDS[one.entry.band]) for one in shown
        ],
        "choices": _choices(wanted),
        "trail": _trail(row, _("作答")),
    }
    return render(request, "data/entries.html", context)


@require_GET
@signed_in(Role.DATA_OFFICER)
def entry(request: HttpRequest, corpus_uuid: str, entry_id: int) -> HttpResponse:
    """One entry: question, answer, marks, what it fails."""
    actor = actor_of(request)
    row = access.access_corpus(actor, corpus_uuid, verb=Verb.READ, level=Level.PERSONAL)
    found = access.access_entry(row, entry_id)
    (one,) = queries.shown([found])
    _audit_reads(actor, row, [found.person_id], found.tenant_id)
    context = {
        "row": row,
        "one": one,
        "flags": [(check_name(flag), CHECKS[flag][1] if flag in CHECKS else "") for flag in found.flags],
        "band": BANDS[found.band],
        "split": SPLITS.get(found.split, found.split),
        "marks": [(marker_name(mark.kind), mark) for mark in one.answer.marks] if one.answer else (),
        "pictures": range(len(one.answer.images)) if one.answer else (),
        "trail": _trail(row, _("作答")),
    }
    return render(request, "data/entry.html", context)


@require_POST
@signed_in(Role.DATA_OFFICER)
def keep(request: HttpRequest, corpus_uuid: str, entry_id: int) -> HttpResponse:
    """Put an entry back, or take it out."""
    actor = actor_of(request)
    row = access.access_corpus(actor, corpus_uuid, verb=Verb.UPDATE, level=Level.PERSONAL)
    keep_entry(
        actor=actor, now=clock.now(), corpus=row, entry_id=entry_id, keep=request.POST.get("keep") == "1"
    )
    return redirect("data:entry", corpus_uuid=corpus_uuid, entry_id=entry_id)


@require_GET
@signed_in(Role.DATA_OFFICER, Role.SUBJECT_LEAD, Role.RESEARCH_OFFICER)
def picture(request: HttpRequest, corpus_uuid: str, entry_id: int, place: int) -> HttpResponse:
    """A picture of an answer: to the officer, and of sampled answers to reviewers."""
    actor = actor_of(request)
    if Role.DATA_OFFICER in actor.roles:
        row = access.access_corpus(actor, corpus_uuid, verb=Verb.READ, level=Level.PERSONAL)
    else:
        row = access.access_review(actor, corpus_uuid)
    found = access.access_entry(row, entry_id)
    if Role.DATA_OFFICER not in actor.roles:
        access.sampled(found)
    kept = files.describe(queries.picture_of(found, place))
    response = HttpResponse(files.read(kept.id), content_type=kept.media_type)
    response.headers["Content-Disposition"] = "inline"
    return response


def _audit_reads(actor: Actor, row: Corpus, about: list[int], tenant_id: int) -> None:
    audit.record_reads(
        actor=actor,
        kind="corpus_entry",
        now=clock.now(),
        about_ids=about,
        tenant_id=tenant_id,
        level=Level.PERSONAL,
        object_id=row.pk,
    )


def _choices(wanted: dict[str, str]) -> tuple[Choice, ...]:
    flags = (
        *((str(one), check_name(one)) for one in CHECKS if one in EXCLUDING),
        ("hand", check_name("hand")),
    )
    bands = tuple((key, str(word)) for key, word in BANDS.items())
    splits = tuple((key, str(word)) for key, word in SPLITS.items())
    return (
        Choice("flag", _("未通过的检查"), flags, wanted["flag"]),
        Choice("band", _("分数段"), bands, wanted["band"]),
        Choice("split", _("划分"), splits, wanted["split"]),
        Choice("kept", _("保留"), (("1", _("是")), ("0", _("否"))), wanted["kept"]),
    )


def _trail(row: Corpus, here: str) -> tuple[Crumb, ...]:
    return (
        Crumb(_("数据"), reverse("data:home")),
        Crumb(_("语料"), reverse("data:corpora")),
        Crumb(row.name, reverse("data:corpus", args=[row.uuid])),
        Crumb(here),
    )
