"""Words of learning's pages: standings, certainty, reasons, tiers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhiwei.engines.practice import Tier
from zhiwei.learning.values import Certainty, Standing

STANDINGS = {
    Standing.UNKNOWN: _("还没做过"),
    Standing.WEAK: _("还要加强"),
    Standing.GROWING: _("正在掌握"),
    Standing.MASTERED: _("已掌握"),
}
CERTAINTIES = {
    Certainty.UNSURE: _("还不确定"),
    Certainty.FAIR: _("比较有把握"),
    Certainty.SURE: _("很有把握"),
}
REASONS = {
    "wrong": _("上次没做对，再试一次"),
    "due": _("快要忘了，趁现在复习"),
    "weak": _("这里还要加强"),
    "next": _("学习路径的下一步"),
    "target": _("难度正合适"),
}
TIERS = {Tier.BASIC: _("基础"), Tier.RAISED: _("提高"), Tier.EXTENDED: _("拓展")}
TONES = {
    Standing.UNKNOWN: "plain",
    Standing.WEAK: "due",
    Standing.GROWING: "machine",
    Standing.MASTERED: "earned",
}
"""Badge of each standing (see docs/front-end.md)."""


def tier_name(tier: str) -> str:
    """Return a tier's name in the reader's language."""
    return str(TIERS[Tier(tier)])
