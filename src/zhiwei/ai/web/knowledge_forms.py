"""The form of a knowledge base."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiwei.ai.services.knowledge import BaseForm
from zhiwei.ai.values import Audience
from zhiwei.kernel.api import OrganisationInfo

AUDIENCES = {
    Audience.STAFF: _("全校教职工"),
    Audience.SUBJECT: _("本学科教师"),
    Audience.CLASSES: _("教职工和选定班级的学生"),
    Audience.SCHOOL: _("全校师生"),
}
DOCUMENT_AUDIENCES = {
    Audience.BASE: _("与知识库相同"),
    Audience.STAFF: _("仅教职工"),
    Audience.CLASSES: _("教职工和选定班级的学生"),
}
SUBJECTS = {
    "": _("不限学科"),
    "math": _("数学"),
    "chinese": _("语文"),
    "english": _("英语"),
    "physics": _("物理"),
    "chemistry": _("化学"),
    "biology": _("生物"),
    "history": _("历史"),
    "geography": _("地理"),
    "politics": _("道德与法治"),
    "science": _("科学"),
    "it": _("信息科技"),
}


class KnowledgeForm(forms.Form):
    """Name, audience and whether the companion may quote from it."""

    name = forms.CharField(label=_("名称"), max_length=80)
    about = forms.CharField(label=_("说明"), max_length=300, required=False)
    subject = forms.ChoiceField(label=_("学科"), choices=list(SUBJECTS.items()), required=False)
    audience = forms.ChoiceField(
        label=_("谁能看"),
        choices=[(one.value, word) for one, word in AUDIENCES.items()],
        initial=Audience.STAFF,
    )
    classes = forms.MultipleChoiceField(
        label=_("班级"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("只在按班级开放时需要选择。"),
    )
    for_companion = forms.BooleanField(
        label=_("学伴可以引用"), required=False, help_text=_("只对学生看得到的知识库有效。")
    )

    def __init__(self, *args: Any, classes: list[OrganisationInfo], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["classes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(one.id), one.name) for one in classes]

    def told(self) -> BaseForm:
        """Return what was said, once valid."""
        data = self.cleaned_data
        return BaseForm(
            name=data["name"],
            about=data["about"],
            subject=data["subject"],
            audience=Audience(data["audience"]),
            classes=tuple(int(one) for one in data["classes"]),
            for_companion=data["for_companion"],
        )
