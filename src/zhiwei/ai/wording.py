"""Words of the AI room as the pages show them."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from zhiwei.ai.values import BudgetFor, CallState, Capability, Period, Purpose, Unit

CAPABILITIES = {
    Capability.CHAT: _("对话"),
    Capability.EMBEDDINGS: _("向量"),
    Capability.VISION: _("看图"),
    Capability.JSON: _("结构化输出"),
    Capability.TOOLS: _("工具调用"),
}
PURPOSES = {
    Purpose.GENERAL: _("日常使用"),
    Purpose.COMPANION: _("学伴"),
    Purpose.MARKING: _("阅卷"),
    Purpose.DRAFTING: _("备课起草"),
    Purpose.RETRIEVAL: _("知识库"),
    Purpose.PROGRAM: _("程序"),
    Purpose.TRIAL: _("试用"),
}
COUNTED = {
    BudgetFor.PERSON: _("每个人"),
    BudgetFor.CLASS: _("每个班"),
    BudgetFor.PLACE: _("全单位合计"),
}
UNITS = {Unit.MICRO: _("金额（元）"), Unit.TOKENS: _("词元"), Unit.CALLS: _("次数")}
PERIODS = {
    Period.MINUTE: _("每分钟"),
    Period.DAY: _("每天"),
    Period.MONTH: _("每月"),
    Period.TERM: _("每学期"),
}
LEVELS = {1: _("公开"), 2: _("内部"), 3: _("个人"), 4: _("敏感")}
STATES = {
    CallState.DONE: (_("完成"), "earned"),
    CallState.CANCELLED: (_("已取消"), "plain"),
    CallState.FAILED: (_("失败"), "unsure"),
    CallState.BLOCKED: (_("已拦截"), "due"),
    CallState.LOST: (_("中断"), "unsure"),
}
GUARDS = {
    "injection": _("注入"),
    "leakage": _("套取"),
    "self_harm": _("自伤"),
    "abuse": _("受欺凌或侵害"),
    "violence": _("暴力"),
    "sexual": _("色情"),
    "drugs": _("毒品烟赌"),
}


def purpose_name(purpose: str) -> str:
    """Return what a call is for in the interface language; unknown purposes as they are."""
    return str(PURPOSES[Purpose(purpose)]) if purpose in set(Purpose) else purpose


def yuan(micro: int) -> str:
    """Return micro-yuan as yuan, with as many places as are needed (at least two, at most six)."""
    exact = Decimal(micro) / 1_000_000
    text = f"{exact:.6f}".rstrip("0")
    whole, _point, rest = text.partition(".")
    return f"¥{int(whole):,}.{rest.ljust(2, '0')}"


def amount(value: int, unit: str) -> str:
    """Return an amount of a budget in its unit."""
    return yuan(value) if unit == Unit.MICRO else f"{value:,}"
