"""The form of a wish for data: which table, which columns, which rows, what for, how long."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiwei.data.rules.tables import FILTERABLE, SharedTable
from zhiwei.data.services.sharing import SHORTEST_PURPOSE, ShareSpec
from zhiwei.data.values_sharing import BASES as BASE_KEYS
from zhiwei.data.values_sharing import BUDGETS, DAYS, LEAST_K, ShareKind
from zhiwei.data.wording_sharing import BASES, KINDS, OPERATORS, given_words
from zhiwei.kernel.api import OrganisationInfo

CONDITIONS = 3


class ShareForm(forms.Form):
    """A wish; the service checks it against the table once more."""

    giver = forms.ChoiceField(label=gettext_lazy("数据所属单位"))
    kind = forms.ChoiceField(label=gettext_lazy("方式"))
    columns = forms.MultipleChoiceField(label=gettext_lazy("列"), widget=forms.CheckboxSelectMultiple)
    purpose = forms.CharField(
        label=gettext_lazy("用途说明"),
        min_length=SHORTEST_PURPOSE,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("写明做什么、结果给谁看；审批人和数据所属的人会看到"),
    )
    basis = forms.ChoiceField(label=gettext_lazy("使用依据"))
    days = forms.TypedChoiceField(label=gettext_lazy("期限（天）"), coerce=int, initial=30)
    k = forms.IntegerField(
        label=gettext_lazy("至少几名学生看起来相同（k）"), min_value=LEAST_K, max_value=1000, initial=LEAST_K
    )
    budget = forms.TypedChoiceField(
        label=gettext_lazy("分析间可得的数字个数"), coerce=int, initial=BUDGETS[1], required=False
    )
    plain = forms.BooleanField(
        label=gettext_lazy("含原始身份"),
        required=False,
        help_text=gettext_lazy("只在确有必要时；每次查看都须进入提权模式，并逐人留痕"),
    )

    def __init__(
        self, *args: Any, table: SharedTable, givers: list[OrganisationInfo], down: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._table, self._down = table, down
        _choose(self, "giver", [(str(one.id), one.name) for one in givers])
        kinds = [ShareKind.DOWN] if down else [ShareKind.ROWS, ShareKind.ROOM]
        _choose(self, "kind", [(kind.value, KINDS[kind]) for kind in kinds])
        shown = [(one.name, f"{one.meaning} · {given_words(one)}") for one in table.columns]
        _choose(self, "columns", shown)
        bases = ["teaching"] if down else list(BASE_KEYS)
        _choose(self, "basis", [(one, BASES[one]) for one in bases])
        _choose(self, "days", [(n, _("%(n)d 天") % {"n": n}) for n in DAYS])
        _choose(self, "budget", [(n, str(n)) for n in BUDGETS])
        if down:
            self.fields["plain"].help_text = _("每所学校只看到本校学生；姓名和学号按原样下发，逐人留痕")
            for name in ("k", "budget"):
                self.fields[name].widget = forms.HiddenInput()
        self._add_conditions()

    def _add_conditions(self) -> None:
        columns = [(one.name, one.meaning) for one in self._table.columns if one.kind in FILTERABLE]
        for number in range(1, CONDITIONS + 1):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=_("条件 %(n)d：列") % {"n": number}, choices=[("", "—"), *columns], required=False
            )
            self.fields[f"operator_{number}"] = forms.ChoiceField(
                label=_("比较"), choices=list(OPERATORS.items()), required=False
            )
            self.fields[f"value_{number}"] = forms.CharField(label=_("值"), max_length=60, required=False)

    def wish(self) -> list[forms.BoundField]:
        """Return the fields that are no conditions."""
        return [self[name] for name in ShareForm.base_fields]

    def conditions(self) -> list[list[forms.BoundField]]:
        """Return the fields of each condition."""
        names = ("column", "operator", "value")
        return [[self[f"{name}_{n}"] for name in names] for n in range(1, CONDITIONS + 1)]

    def spec(self) -> ShareSpec:
        """Return what was filled in."""
        data = self.cleaned_data
        filters = [
            {
                "column": data[f"column_{n}"],
                "operator": data[f"operator_{n}"] or "eq",
                "value": data[f"value_{n}"].strip(),
            }
            for n in range(1, CONDITIONS + 1)
            if data.get(f"column_{n}")
        ]
        return ShareSpec(
            giver=int(data["giver"]),
            table=self._table.key,
            columns=data["columns"],
            purpose=data["purpose"],
            basis=data["basis"],
            days=data["days"],
            kind=data["kind"],
            filters=filters,
            plain=data["plain"],
            k=data["k"],
            budget=data["budget"] or BUDGETS[1],
        )


def _choose(form: forms.Form, name: str, choices: list[Any]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]
