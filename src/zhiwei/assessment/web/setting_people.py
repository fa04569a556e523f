"""For whom a work is: whole classes, groups, single pupils; more time or another day for some."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhiwei.assessment import access
from zhiwei.assessment.queries.setting import Audience, audiences
from zhiwei.assessment.services import audience as writing
from zhiwei.assessment.services.audience import Place
from zhiwei.kernel import clock
from zhiwei.kernel.errors import InvalidInputError, NotFoundError, ZhiweiError
from zhiwei.kernel.values import Actor, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb


@require_http_methods(["GET", "POST"])
@signed_in(Role.TEACHER)
def people(request: HttpRequest, work_uuid: str) -> HttpResponse:
    """Choose pupils class by class; keep a choice as a group for the next time."""
    actor, now = actor_of(request), clock.now()
    work = access.access_work(actor, work_uuid, verb=Verb.UPDATE)
    trouble = ""
    if request.method == "POST":
        try:
            messages.success(request, _act(actor, now, work, request.POST))
        except NotFoundError:
            raise
        except ZhiweiError as error:
            trouble = str(error.message)
        else:
            return redirect("assessment:work-people", work_uuid=work.uuid)
    context = {
        "work": work,
        "classes": audiences(actor, work, clock.today(now)),
        "trouble": trouble,
        "trail": (
            Crumb(_("作业"), reverse("assessment:works")),
            Crumb(work.title, reverse("assessment:work", args=[work.uuid])),
            Crumb(_("给谁做")),
        ),
    }
    return render(request, "assessment/work_people.html", context, status=422 if trouble else 200)


def _act(actor: Actor, now: datetime, work: Any, sent: QueryDict) -> str:
    """Do what the pressed button says; the page sends one class at a time."""
    class_id = _number(sent.get("class", ""))
    shown = next((one for one in audiences(actor, work, clock.today(now)) if one.class_id == class_id), None)
    if shown is None:
        raise NotFoundError
    if sent.get("forget"):
        writing.remove_group(actor=actor, now=now, group_uuid=_group(shown, sent.get("forget", "")))
        return _("已删除分组。")
    chosen = _chosen(shown, sent)
    if sent.get("act") == "group":
        writing.save_group(
            actor=actor, now=now, class_id=class_id, name=sent.get("name", ""), person_ids=chosen
        )
        return _("已存为分组，下次可以直接选。")
    places = [
        Place(
            one.id,
            one.id in chosen,
            _minutes(sent.get(f"extra-{one.id}", ""), one.name),
            _moment(sent.get(f"due-{one.id}", ""), one.name),
        )
        for one in shown.pupils
    ]
    writing.set_audience(
        actor=actor, now=now, work=work, class_id=class_id, whole=sent.get("whole") == "1", places=places
    )
    return _("已保存。")


def _chosen(shown: Audience, sent: QueryDict) -> set[int]:
    """Return the ticked pupils and the members of the ticked groups, as far as they are in the class now."""
    here = {one.id for one in shown.pupils}
    ticked = {_number(one) for one in sent.getlist("pupil")}
    groups = set(sent.getlist("group"))
    members = {person for one in shown.groups if one.uuid in groups for person in one.members}
    return (ticked | members) & here


def _group(shown: Audience, uuid: str) -> str:
    if uuid not in {one.uuid for one in shown.groups}:
        raise NotFoundError
    return uuid


def _minutes(text: str, name: str) -> int:
    if not text.strip():
        return 0
    if not text.strip().isdigit() or len(text.strip()) > 6:
        raise InvalidInputError(
            _("{name}：延长的分钟数应是整数。").format(name=name), code="work.extra_missing"
        )
    return int(text)


def _moment(text: str, name: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        return timezone.make_aware(datetime.strptime(text, "%Y-%m-%dT%H:%M"))  # noqa: DTZ007 - made aware here
    except ValueError as error:
        raise InvalidInputError(
            _("{name}：单独的截止时间读不懂。").format(name=name), code="work.own_due"
        ) from error


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 19 else 0
