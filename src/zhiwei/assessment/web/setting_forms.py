"""Forms of setting a work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiwei.assessment.rules.typed_items import TYPED_KINDS
from zhiwei.assessment.values import Medium
from zhiwei.assessment.web.wording import TYPES, subject_name

MEDIA = ((Medium.ONLINE, _("线上")), (Medium.PAPER, _("纸上")), (Medium.BOTH, _("线上和纸上")))
SHOW = (
    ("after_release", _("发布后看分数、评语和解析")),
    ("no_solution", _("发布后看分数和评语，不看解析")),
    ("score_only", _("发布后只看分数")),
    ("after_due", _("发布且截止后看解析")),
)
MOMENT = "%Y-%m-%dT%H:%M"


def _moment(label: Any, help_text: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        required=False,
        input_formats=[MOMENT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )


class WorkForm(forms.Form):
    """Everything about a work but its questions."""

    title = forms.CharField(label=_("标题"), max_length=120)
    subject = forms.ChoiceField(label=_("学科"))
    classes = forms.MultipleChoiceField(label=_("班级"), required=False, widget=forms.CheckboxSelectMultiple)
    opens_at = _moment(_("开放时间"), _("留空：开放后立即可做"))
    due_at = _moment(_("截止时间"))
    medium = forms.ChoiceField(label=_("作答方式"), choices=MEDIA, initial=Medium.ONLINE)
    grace_minutes = forms.IntegerField(
        label=_("截止后还可迟交（分钟）"), min_value=0, max_value=20160, initial=0, required=False
    )
    late_deduct_percent = forms.IntegerField(
        label=_("迟交扣分（%）"), min_value=0, max_value=100, initial=0, required=False
    )
    attempts = forms.IntegerField(label=_("可做几次"), min_value=1, max_value=10, initial=1, required=False)
    time_limit_minutes = forms.IntegerField(
        label=_("作答时限（分钟）"),
        min_value=0,
        max_value=1440,
        required=False,
        help_text=_("从开始作答算起，到时自动交卷；留空：不限"),
    )
    show = forms.ChoiceField(label=_("学生何时看到什么"), choices=SHOW, initial="after_release")
    regrade_days = forms.IntegerField(
        label=_("发布后几天内可申请复核"), min_value=0, max_value=60, initial=7, required=False
    )
    calculator = forms.BooleanField(label=_("可用计算器"), required=False)
    notes = forms.BooleanField(label=_("可看笔记和课本"), required=False)
    companion = forms.BooleanField(label=_("作答时可用学习伙伴"), required=False)
    two_markers = forms.FloatField(
        label=_("双人评阅的允许分差"),
        min_value=0,
        max_value=50,
        required=False,
        help_text=_("留空：一人评阅"),
    )
    note = forms.CharField(
        label=_("给学生的话"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self, *args: Any, subjects: list[str], classes: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [(one, subject_name(one)) for one in subjects]  # type: ignore[attr-defined]
        self.fields["classes"].choices = classes  # type: ignore[attr-defined]

    def rules(self) -> dict[str, Any]:
        """Return the work's rules as typed."""
        data = self.cleaned_data
        found: dict[str, Any] = {
            "grace_minutes": data["grace_minutes"] or 0,
            "late_deduct_percent": data["late_deduct_percent"] or 0,
            "attempts": data["attempts"] or 1,
            "time_limit_minutes": data["time_limit_minutes"] or 0,
            "show": data["show"],
            "regrade_days": 7 if data["regrade_days"] is None else data["regrade_days"],
            "calculator": data["calculator"],
            "notes": data["notes"],
            "companion": data["companion"],
        }
        if data["two_markers"] is not None:
            found["two_markers"] = data["two_markers"]
        return found


class TypedItemForm(forms.Form):
    """One question typed in; which fields count follows from the type."""

    type = forms.ChoiceField(label=_("题型"), choices=[(one, TYPES[one]) for one in TYPED_KINDS])
    max_score = forms.FloatField(label=_("满分"), min_value=0.5, max_value=150, initial=3)
    stem = forms.CharField(
        label=_("题干"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("公式写在两个 $ 之间"),
    )
    options = forms.CharField(
        label=_("选项、配对或步骤"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("选择题一行一个选项；连线题一行一对「左 → 右」；排序题按正确次序一行一步"),
    )
    key = forms.CharField(
        label=_("答案"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("选择题写字母；判断题写对或错；填空题一行一空，几种写法用 / 隔开；解答题一行一步"),
    )
    rubric = forms.CharField(
        label=_("评分点"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一点：2 分｜写出公式｜可接受的说法/另一种说法"),
    )
    points = forms.CharField(label=_("知识点"), required=False, max_length=400)
