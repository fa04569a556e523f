"""The trail (who saw what) and the jobs: progress, cancel, run again."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiwei.kernel import clock, jobs, outbox
from zhiwei.kernel.models import Job, JobState, Person
from zhiwei.kernel.queries import teaching as deliveries
from zhiwei.kernel.queries import workroom
from zhiwei.kernel.values import Role
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.wording import VERBS, verb_name
from zhiwei.ui.values import Choice, Crumb

PAGE = 50
TONES = {"queued": "plain", "running": "machine", "done": "earned", "parked": "due", "cancelled": "plain"}


@signed_in()
def trail(request: HttpRequest) -> HttpResponse:
    """Who did and saw what; everybody finds here who looked at their own (or their child's) data."""
    verb = request.GET.get("verb", "")
    rows = workroom.audit_rows(
        actor_of(request), text=request.GET.get("q", ""), about=request.GET.get("about", ""), verb=verb
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    people = {row.about_id for row in shown} | {row.actor_id for row in shown}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
    gone = _("（已删除的人员）")
    context = {
        "page": page,
        "rows": [
            (
                row,
                row.actor_name or names.get(row.actor_id, gone),
                verb_name(row.verb),
                names.get(row.about_id, ""),
            )
            for row in shown
        ],
        "choices": (Choice("verb", _("动作"), tuple((key, str(word)) for key, word in VERBS.items()), verb),),
        "trail": (Crumb(_("审计")),),
    }
    return render(request, "kernel/audit.html", context)


@signed_in()
def job_list(request: HttpRequest) -> HttpResponse:
    """Background work one started or looks after."""
    actor, state = actor_of(request), request.GET.get("state", "")
    text = request.GET.get("q", "")
    found = workroom.jobs(actor, state=state, text=text)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [(row, TONES[row.state]) for row in page.object_list]
    context = {
        "page": page,
        "rows": rows,
        "choices": (
            Choice("state", _("状态"), tuple((one.value, str(one.label)) for one in JobState), state),
        ),
        "sees_deliveries": Role.SCHOOL_ADMIN in actor.roles,
        "trail": (Crumb(_("任务")),),
    }
    return render(request, "kernel/jobs.html", context)


@signed_in()
def job(request: HttpRequest, job_uuid: str) -> HttpResponse:
    """One job: how far it is, what came of it, or why it was parked."""
    return render(request, "kernel/job.html", _job_context(workroom.job(actor_of(request), job_uuid)))


@signed_in()
def job_state(request: HttpRequest, job_uuid: str) -> HttpResponse:
    """The moving part of a job's page, polled while it runs."""
    return render(request, "kernel/job_state.html", _job_context(workroom.job(actor_of(request), job_uuid)))


@require_POST
@signed_in()
def cancel_job(request: HttpRequest, job_uuid: str) -> HttpResponse:
    """Ask a job to stop."""
    found = workroom.job(actor_of(request), job_uuid)
    jobs.cancel(found.pk)
    return redirect("kernel:job", job_uuid=job_uuid)


@require_POST
@signed_in()
def run_job_again(request: HttpRequest, job_uuid: str) -> HttpResponse:
    """Run a parked job again."""
    found = workroom.job(actor_of(request), job_uuid)
    jobs.run_again(found.pk)
    return redirect("kernel:job", job_uuid=job_uuid)


def _job_context(row: Job) -> dict[str, object]:
    return {"job": row, "tone": TONES[row.state], "alive": row.state in jobs.ALIVE, "now": clock.now()}


@signed_in(Role.SCHOOL_ADMIN)
def delivery_list(request: HttpRequest) -> HttpResponse:
    """News that has not arrived: what waits, what was given up and why."""
    page = Paginator(deliveries.deliveries(actor_of(request)), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, deliveries.is_stuck(row)) for row in page.object_list],
        "trail": (Crumb(_("任务"), reverse("kernel:jobs")), Crumb(_("事件投递"))),
    }
    return render(request, "kernel/deliveries.html", context)


@require_POST
@signed_in(Role.SCHOOL_ADMIN)
def deliver_again(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Start a given-up delivery anew."""
    outbox.deliver_again(deliveries.delivery(actor_of(request), delivery_id).pk)
    return redirect("kernel:deliveries")
