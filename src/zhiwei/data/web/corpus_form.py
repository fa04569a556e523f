"""The form of annex 2's template, with the demands on quality."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiwei.data.queries.corpora import answers_by
from zhiwei.data.services.corpora import CorpusSpec
from zhiwei.data.values import Facet
from zhiwei.data.wording_corpora import DATA_TYPES, SCENES, STAGES, TASKS, item_type_name
from zhiwei.engines.corpora import Demands
from zhiwei.kernel.wording import PURPOSES, subject_name

DEMANDED = {
    "answers_per_item": _("每题至少几份"),
    "least_band_share": _("每个分数段至少占（0–0.33）"),
    "most_label_noise": _("评分矛盾至多占（0–1）"),
    "sample": _("抽样复核份数"),
    "least_agreement": _("两位复核人至少一致到（κ，0–1）"),
    "k": _("至少几名学生看起来相同（k）"),
    "train_share": _("训练集占比"),
    "dev_share": _("验证集占比"),
}
_WHOLE = frozenset({"answers_per_item", "sample", "k"})


class CorpusForm(forms.Form):
    """What is wanted, from where, how good."""

    name = forms.CharField(label=_("数据名称"), max_length=80)
    direction = forms.CharField(label=_("方向"), max_length=60, initial="作业智能批改与反馈")
    task_class = forms.ChoiceField(label=_("任务类别"), choices=tuple(TASKS.items()))
    data_type = forms.ChoiceField(label=_("数据类型"), choices=tuple(DATA_TYPES.items()))
    stage = forms.ChoiceField(label=_("学段"), choices=tuple(STAGES.items()), initial="junior")
    subject = forms.ChoiceField(label=_("学科"))
    item_types = forms.MultipleChoiceField(
        label=_("题型"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选则不限；后面是现有的作答数"),
    )
    scene = forms.ChoiceField(
        label=_("场景"), choices=(("", _("不限")), *tuple(SCENES.items())), required=False
    )
    since = forms.DateField(
        label=_("作答不早于"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("作答不晚于"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    purpose = forms.ChoiceField(
        label=_("用途"),
        choices=tuple((name, PURPOSES[name]) for name in ("model_training", "research")),
        help_text=_("只选取监护人同意这项用途的学生"),
    )
    scoring_note = forms.CharField(
        label=_("评分标准说明"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("留空则以每题自带的评分标准为准"),
    )

    def __init__(self, *args: Any, found: Sequence[Facet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subjects = [(one, f"{subject_name(one)}（{n}）") for one, n in answers_by(found, "subject")]
        types = [(one, f"{item_type_name(one)}（{n}）") for one, n in answers_by(found, "item_type")]
        self.fields["subject"].choices = subjects  # type: ignore[attr-defined]
        self.fields["item_types"].choices = types  # type: ignore[attr-defined]
        usual = Demands().as_dict()
        for name, label in DEMANDED.items():
            kind = forms.IntegerField if name in _WHOLE else forms.FloatField
            self.fields[name] = kind(label=label, initial=usual[name], min_value=0)

    def described(self) -> list[forms.BoundField]:
        """Return the fields of the template."""
        return [one for one in self if one.name not in DEMANDED]

    def demanded(self) -> list[forms.BoundField]:
        """Return the fields of the demands."""
        return [self[name] for name in DEMANDED]

    def spec(self) -> CorpusSpec:
        """Return what was filled in."""
        data = self.cleaned_data
        return CorpusSpec(
            **{name: data[name] for name in CorpusForm.base_fields if name in data},
            demands={name: data[name] for name in DEMANDED},
        )
