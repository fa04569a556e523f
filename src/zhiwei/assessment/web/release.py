"""Release: what would be released, now or at a time, whole, by class or by pupil; recall."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhiwei.assessment import access
from zhiwei.assessment.queries import releasing as reading
from zhiwei.assessment.queries.works import rows_of
from zhiwei.assessment.services import details, releasing
from zhiwei.kernel import audit, clock
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb


@require_http_methods(["GET", "POST"])
@signed_in(Role.TEACHER)
def release(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Preview by class; release, recall or plan by form."""
    actor, now = actor_of(request), clock.now()
    work = access.access_work(actor, work_uuid, verb=Verb.RELEASE)
    if request.method == "POST":
        _act(request, work_uuid)
        return redirect("assessment:release", work_uuid=work_uuid)
    (row,) = rows_of(actor, [work], now)
    shown = _number(request.GET.get("class", ""))
    pupils = reading.pupil_lines(actor, work, shown, clock.today(now)) if shown else []
    audit.record_reads(
        actor=actor,
        kind="sitting",
        now=now,
        about_ids=[one.person_id for one in pupils],
        tenant_id=work.tenant_id,
        level=Level.PERSONAL,
        object_id=work.pk,
    )
    context = {
        "work": work,
        "row": row,
        "shown": shown,
        "pupils": pupils,
        "releases": reading.releases(work),
        "trail": (
            Crumb(_("作业"), reverse("assessment:works")),
            Crumb(work.title, reverse("assessment:work", args=[work.uuid])),
            Crumb(_("发布")),
        ),
    }
    return render(request, "assessment/release.html", context)


def _act(request: HttpRequest, work_uuid: str) -> None:
    actor, now, sent = actor_of(request), clock.now(), request.POST
    work = access.access_work(actor, work_uuid, verb=Verb.RELEASE)
    class_id = _number(sent.get("class", "")) or None
    act, allow = sent.get("act", ""), sent.get("allow_doubtful") == "on"
    if act == "release":
        people = [_number(one) for one in sent.getlist("picked")] or None
        count = releasing.release_marks(
            actor=actor, now=now, work=work, class_id=class_id, person_ids=people, allow_doubtful=allow
        )
        messages.success(request, _("已发布 %(n)s 份。学生和家长会收到通知。") % {"n": count})
    elif act == "recall":
        count = releasing.recall_marks(actor=actor, now=now, work=work, class_id=class_id)
        messages.success(request, _("已撤回 %(n)s 份。") % {"n": count})
    elif act == "plan":
        details.plan_release(
            actor=actor, now=now, work=work, at=_moment(sent.get("at", "")), allow_doubtful=allow
        )
        messages.success(request, _("已安排定时发布。"))
    elif act == "unplan":
        details.plan_release(actor=actor, now=now, work=work, at=None)
        messages.success(request, _("已取消定时发布。"))
    else:
        raise InvalidInputError(_("没有这种操作。"), code="release.unknown")


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 19 else 0


def _moment(text: str) -> datetime:
    try:
        return timezone.make_aware(datetime.strptime(text, "%Y-%m-%dT%H:%M"))  # noqa: DTZ007 - made aware here
    except ValueError as error:
        raise InvalidInputError(_("请填写发布时间。"), code="release.time") from error
