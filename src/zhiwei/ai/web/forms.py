"""Forms of the gateway's pages. Money is typed in yuan and kept in micro-yuan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiwei.ai.values import Capability, Purpose, Unit
from zhiwei.ai.wording import CAPABILITIES, COUNTED, LEVELS, PERIODS, PURPOSES, UNITS
from zhiwei.kernel.wording import ROLES

MICRO = 1_000_000
RATES = ("input_per_million", "cached_per_million", "output_per_million", "per_page", "per_call")


def _yuan(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_value=Decimal(100_000), decimal_places=6, required=False
    )


class ProviderForm(forms.Form):
    """A model server."""

    name = forms.CharField(label=_("名称"), max_length=60)
    base_url = forms.CharField(
        label=_("地址"),
        max_length=300,
        help_text=_("OpenAI 兼容接口的根地址，例如 https://api.deepseek.com/v1"),
    )
    secret = forms.CharField(
        label=_("密钥"),
        max_length=400,
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("加密保存，之后不再显示；留空则不改动。"),
    )
    first_byte_seconds = forms.IntegerField(
        label=_("首字节时限（秒）"), min_value=1, max_value=600, initial=60
    )
    total_seconds = forms.IntegerField(label=_("总时限（秒）"), min_value=1, max_value=1800, initial=300)
    retries = forms.IntegerField(label=_("重试次数"), min_value=0, max_value=5, initial=2)
    enabled = forms.BooleanField(label=_("启用"), required=False, initial=True)


class ModelForm(forms.Form):
    """A model of a server, with its price."""

    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("大家使用的名字"))
    upstream_name = forms.CharField(
        label=_("上游名称"), max_length=120, help_text=_("模型服务那边的名字，例如 deepseek-chat")
    )
    capabilities = forms.MultipleChoiceField(
        label=_("能力"),
        choices=[(one.value, CAPABILITIES[one]) for one in Capability],
        widget=forms.CheckboxSelectMultiple,
    )
    ceiling = forms.TypedChoiceField(
        label=_("数据级别上限"),
        choices=[(level, words) for level, words in LEVELS.items()],
        coerce=int,
        initial=2,
        help_text=_("高于此级别的内容不会原样发送：本校自建的模型可设为敏感，校外的一般设为内部。"),
    )
    deidentify = forms.BooleanField(label=_("超出时脱敏后发送"), required=False, initial=True)
    roles = forms.MultipleChoiceField(
        label=_("可用角色"),
        choices=list(ROLES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选即不限"),
    )
    purposes = forms.MultipleChoiceField(
        label=_("可用用途"),
        choices=list(PURPOSES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选即不限"),
    )
    output_tokens = forms.IntegerField(label=_("输出上限"), min_value=1, max_value=200_000, initial=4096)
    most_at_once = forms.IntegerField(label=_("并发上限"), min_value=1, max_value=1000, initial=16)
    fallbacks = forms.CharField(
        label=_("后备模型"), max_length=300, required=False, help_text=_("名称，用逗号隔开，按先后尝试")
    )
    enabled = forms.BooleanField(label=_("启用"), required=False, initial=True)
    input_per_million = _yuan(_("输入价（元/百万词元）"))
    cached_per_million = _yuan(_("缓存输入价（元/百万词元）"))
    output_per_million = _yuan(_("输出价（元/百万词元）"))
    per_page = _yuan(_("每页（图）价（元）"))
    per_call = _yuan(_("每次价（元）"))

    def values(self) -> dict[str, Any]:
        """Return the model's own fields."""
        out = {name: value for name, value in self.cleaned_data.items() if name not in RATES}
        out["fallbacks"] = [
            one.strip() for one in out["fallbacks"].replace("，", ",").split(",") if one.strip()
        ]
        return out

    def rates(self) -> dict[str, int]:
        """Return the price in micro-yuan."""
        return {name: int((self.cleaned_data.get(name) or 0) * MICRO) for name in RATES}


class BudgetForm(forms.Form):
    """A budget; limits of money are typed in yuan."""

    counted = forms.ChoiceField(label=_("按谁累计"), choices=list(COUNTED.items()))
    unit = forms.ChoiceField(label=_("单位"), choices=list(UNITS.items()))
    period = forms.ChoiceField(label=_("周期"), choices=list(PERIODS.items()), initial="month")
    soft = forms.DecimalField(
        label=_("提醒线"), min_value=Decimal(0), max_value=Decimal(10**9), decimal_places=6, required=False
    )
    hard = forms.DecimalField(
        label=_("上限"), min_value=Decimal(0), max_value=Decimal(10**9), decimal_places=6, required=False,
        help_text=_("到达后新的调用会被拒绝；留空即不限"),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("只限角色"), choices=[("", _("不限")), *ROLES.items()], required=False)
    purpose = forms.ChoiceField(
        label=_("只限用途"), choices=[("", _("不限")), *PURPOSES.items()], required=False
    )
    enabled = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def values(self, organisation_id: int) -> dict[str, Any]:
        """Return the budget's fields."""
        out = dict(self.cleaned_data)
        factor = MICRO if out["unit"] == Unit.MICRO else 1
        out["soft"] = int((out["soft"] or 0) * factor)
        out["hard"] = int((out["hard"] or 0) * factor)
        return {**out, "organisation_id": organisation_id}


class KeyForm(forms.Form):
    """A key of one's own."""

    name = forms.CharField(label=_("用处"), max_length=60)
    role = forms.ChoiceField(label=_("身份"))
    purpose = forms.ChoiceField(
        label=_("用途"), choices=[(one.value, PURPOSES[one]) for one in (Purpose.PROGRAM, Purpose.GENERAL)]
    )
    days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=366, initial=90)

    def __init__(self, *args: Any, roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one, words) for one, words in ROLES.items() if one in roles]
