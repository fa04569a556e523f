"""The teacher's assistant: ask for drafts, see what our engines say of them, keep or reject."""

from __future__ import annotations

from dataclasses import asdict

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhiwei.ai import api as ai
from zhiwei.ai.values import Purpose
from zhiwei.curriculum import wording
from zhiwei.curriculum.queries.drafts import accepted, waiting_drafts
from zhiwei.curriculum.queries.points import points_tree
from zhiwei.curriculum.rules.drafting import TYPES
from zhiwei.curriculum.services import drafting
from zhiwei.curriculum.services.drafting import MOST, TASK, Brief
from zhiwei.curriculum.values import DraftKind
from zhiwei.curriculum.web.editor import AUTHORS
from zhiwei.curriculum.wording import word
from zhiwei.kernel import clock, jobs
from zhiwei.kernel.errors import ZhiweiError
from zhiwei.kernel.web.acting import actor_of, signed_in
from zhiwei.kernel.wording import SUBJECTS
from zhiwei.ui.values import Crumb

KINDS = {
    DraftKind.ITEM: gettext_lazy("题目与评分点"),
    DraftKind.HOMEWORK: gettext_lazy("作业设计"),
    DraftKind.LESSON: gettext_lazy("教案"),
    DraftKind.COMMENT: gettext_lazy("评语"),
}


class BriefForm(forms.Form):
    """What to draft."""

    kind = forms.ChoiceField(label=gettext_lazy("起草"), choices=list(KINDS.items()))
    type = forms.ChoiceField(label=gettext_lazy("题型"), required=False)
    count = forms.IntegerField(label=gettext_lazy("起草几份"), min_value=1, max_value=MOST, initial=3)
    minutes = forms.IntegerField(label=gettext_lazy("分钟"), min_value=5, max_value=120, initial=40)
    competencies = forms.CharField(label=gettext_lazy("核心素养"), max_length=120, required=False)
    words = forms.CharField(
        label=gettext_lazy("要求"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    model = forms.ChoiceField(label=gettext_lazy("模型"), required=False)

    def __init__(self, data: object, *, models: list[str]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["type"].choices = [(one, word(wording.TYPES, one)) for one in TYPES]  # type: ignore[attr-defined]
        self.fields["model"].choices = [(one, one) for one in models]  # type: ignore[attr-defined]
        if not models:
            del self.fields["model"]


@signed_in(*AUTHORS)
def assistant(request: HttpRequest) -> HttpResponse:
    """Ask for drafts; see those that wait for a decision."""
    actor, now = actor_of(request), clock.now()
    names = [one.name for one in ai.models_for(actor, Purpose.DRAFTING, now=now)]
    subject = request.GET.get("subject", request.POST.get("subject", "math"))
    subject = subject if subject in SUBJECTS else "math"
    form = BriefForm(request.POST or None, models=names)
    if request.method == "POST" and form.is_valid():
        made = dict(form.cleaned_data)
        brief = Brief(
            **{**made, "kind": DraftKind(made["kind"]), "type": made["type"] or TYPES[0]},
            subject=subject,
            points=tuple(request.POST.getlist("points"))[:8],
        )
        try:
            drafting.check_brief(actor, brief)
        except ZhiweiError as error:
            form.add_error(None, str(error.message))
        else:
            seed = int(now.timestamp())
            jobs.enqueue(
                TASK,
                tenant_id=actor.tenant_id,
                key=f"draft-{actor.person_id}",
                now=now,
                arguments={
                    "account_id": actor.account_id, "person_id": actor.person_id, "brief": asdict(brief), "seed": seed
                },
                title=_("备课助手：%(kind)s") % {"kind": KINDS[brief.kind]},
                owner_id=actor.person_id,
            )  # fmt: skip
            messages.success(request, _("正在起草，完成后刷新本页查看。"))
            return redirect(f"{reverse('curriculum:assistant')}?subject={subject}")
    context = {
        "form": form,
        "subject": subject,
        "subjects": list(SUBJECTS.items()),
        "groups": points_tree(subject),
        "chosen": set(request.POST.getlist("points")),
        "models": names,
        "rows": [(row, KINDS[DraftKind(row.draft.kind)]) for row in waiting_drafts(actor)],
        "accepted": accepted(actor),
        "trail": (Crumb(_("题库"), reverse("curriculum:items")), Crumb(_("备课助手"))),
    }
    return render(request, "curriculum/assistant.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in(*AUTHORS)
def keep(request: HttpRequest, draft_uuid: str) -> HttpResponse:
    """Keep a draft; an item opens in the editor."""
    row = drafting.keep_draft(
        actor=actor_of(request), now=clock.now(), draft_uuid=draft_uuid, text=request.POST.get("text", "")
    )
    messages.success(request, _("已保留。"))
    if row.item_uuid:
        return redirect("curriculum:edit_item", item_uuid=row.item_uuid)
    return redirect("curriculum:assistant")


@require_POST
@signed_in(*AUTHORS)
def reject(request: HttpRequest, draft_uuid: str) -> HttpResponse:
    """Reject a draft."""
    drafting.reject_draft(actor=actor_of(request), now=clock.now(), draft_uuid=draft_uuid)
    return redirect("curriculum:assistant")
