"""The form of a resource."""

from __future__ import annotations

from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiwei.curriculum import wording


class Stored(Protocol):
    """What the form needs of a stored resource."""

    points: list[str]


class ResourceForm(forms.Form):
    """A lesson, video, worked example, document or page; licence and source must be told."""

    kind = forms.ChoiceField(label=_("类别"), choices=list(wording.KINDS.items()))
    title = forms.CharField(label=_("标题"), max_length=120)
    subject = forms.ChoiceField(label=_("学科"), choices=list(wording.SUBJECTS.items()))
    points = forms.CharField(
        label=_("知识点"), required=False, max_length=2000, help_text=_("知识点的标识，用空格隔开。")
    )
    url = forms.CharField(label=_("链接"), required=False, max_length=500)
    file = forms.FileField(label=_("文件"), required=False)
    text = forms.CharField(label=_("正文"), required=False, max_length=100_000, widget=forms.Textarea)
    licence = forms.CharField(label=_("许可"), max_length=60)
    source = forms.CharField(label=_("来源"), max_length=300)
    audience = forms.ChoiceField(label=_("可见范围"), choices=list(wording.AUDIENCES.items()))

    @staticmethod
    def facts(row: Stored) -> dict[str, Any]:
        """Return what a stored resource fills the form with."""
        names = ("kind", "title", "subject", "url", "text", "licence", "source", "audience")
        return {**{name: getattr(row, name) for name in names}, "points": " ".join(row.points)}
