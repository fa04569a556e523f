"""Questions in and out."""

from __future__ import annotations

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhiwei.curriculum import wording
from zhiwei.curriculum.queries.packing import pack_items
from zhiwei.curriculum.rules.showing import Shown, shown
from zhiwei.curriculum.services.importing import MAX_BYTES, import_file, look_into
from zhiwei.curriculum.web.editor import AUTHORS
from zhiwei.curriculum.wording import word
from zhiwei.engines.exchange import FORMATS, Taken, template_workbook
from zhiwei.engines.variants import variant
from zhiwei.kernel import api as kernel
from zhiwei.kernel import clock, jobs
from zhiwei.kernel.errors import InvalidInputError
from zhiwei.kernel.media import XLSX
from zhiwei.kernel.values import STAFF_ROLES
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.ui.values import Crumb

SALT, HOURS = "curriculum.import", 12
AT_ONCE = 300
SHOWN = 200


@signed_in(*AUTHORS)
def import_items(request: HttpRequest) -> HttpResponse:
    """Choose a file, then see what would come in and what would not."""
    actor = actor_of(request)
    context: dict[str, object] = {
        "subjects": wording.SUBJECTS.items(),
        "subject": request.POST.get("subject") or next(iter(kernel.subjects_taught(actor)), "math"),
        "formats": "、".join(FORMATS.values()),
        "trail": (Crumb(_("题库"), reverse("curriculum:items")), Crumb(_("导入"))),
    }
    given = request.FILES.get("file")
    if request.method == "POST" and given is not None:
        if given.size is None or given.size > MAX_BYTES:
            raise InvalidInputError(_("文件超过 30 MB 上限。"), code="file.too_large")
        name = str(given.name or "file")
        kept, found = look_into(actor=actor, now=clock.now(), name=name, data=given.read())
        ticket = {"blob": kept.id, "name": name, "person": actor.person_id, "count": len(found.taken)}
        context |= {
            "ticket": signing.dumps(ticket, salt=SALT),
            "name": name,
            "form": FORMATS[found.form],
            "taken": [_drawn(one) for one in found.taken[:SHOWN]],
            "count": len(found.taken),
            "refused": found.refused,
        }
    return render(request, "curriculum/import.html", context)


def _drawn(one: Taken) -> tuple[Taken, Shown, str]:
    """A question as a pupil sees it; drawn numbers as of one draw."""
    return one, shown(variant(one.content, 1)), word(wording.TYPES, str(one.content["type"]))


@require_POST
@signed_in(*AUTHORS)
def confirm_import(request: HttpRequest) -> HttpResponse:
    """Take the questions in as drafts; large files in the background."""
    actor, now = actor_of(request), clock.now()
    subject = request.POST.get("subject", "")
    if subject not in wording.SUBJECTS:
        raise InvalidInputError(_("请选择学科。"), code="item.subject")
    try:
        ticket = signing.loads(request.POST.get("ticket", ""), salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature as error:
        raise InvalidInputError(_("页面已过期，请重新选择文件。"), code="exchange.ticket") from error
    if ticket["person"] != actor.person_id:
        raise InvalidInputError(_("页面已过期，请重新选择文件。"), code="exchange.ticket")
    if ticket["count"] > AT_ONCE:
        jobs.enqueue(
            "curriculum.import_items",
            tenant_id=actor.tenant_id,
            key=f"{ticket['blob']}-{actor.person_id}",
            now=now,
            title=_("导入题目：{}").format(ticket["name"]),
            owner_id=actor.person_id,
            arguments={
                "account_id": actor.account_id,
                "person_id": actor.person_id,
                "person": actor.name,
                "blob_id": ticket["blob"],
                "name": ticket["name"],
                "subject": subject,
            },
        )
        return redirect("kernel:jobs")
    done = import_file(actor=actor, now=now, blob_id=ticket["blob"], name=ticket["name"], subject=subject)
    messages.success(
        request, _("已导入 {} 道草稿，{} 道原来就有。").format(done.new, done.same + done.changed)
    )
    return redirect(reverse("curriculum:items") + "?state=draft&whose=mine")


@require_GET
@signed_in(*AUTHORS)
def import_template(request: HttpRequest) -> HttpResponse:
    """The Excel template."""
    del request
    response = HttpResponse(template_workbook(), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="questions.xlsx"'
    return response


@require_GET
@signed_in(*STAFF_ROLES)
def export_items(request: HttpRequest) -> HttpResponse:
    """The picked published items as QTI 3.0 or Moodle XML."""
    picked = [one for one in request.GET.getlist("picked") if len(one) == 36]
    media_type, ending, content = pack_items(actor_of(request), picked, request.GET.get("form", "qti"))
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="items.{ending}"'
    return response
