"""Checks as the pages tell them: words, figures, and the picture of the spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhiwei.data.wording_corpora import (
    BANDS,
    OUTCOME_TONES,
    check_name,
    check_words,
    outcome_name,
    reason_name,
)
from zhiwei.ui.charts import ChartSpec, Series, bars


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check ready to be drawn."""

    code: str
    name: str
    words: str
    outcome: str
    tone: str
    tested: int
    failing: int
    told: str
    listed: bool


def check_lines(row: Any) -> CheckLine:
    """Return a check's result in words; failing rows can be listed but for consent, whose rows are not kept."""
    return CheckLine(
        row.code,
        check_name(row.code),
        check_words(row.code),
        outcome_name(row.outcome),
        OUTCOME_TONES[row.outcome],
        row.tested,
        row.failing,
        _told(row.code, row.figures),
        row.failing > 0 and row.code not in {"consent", "spread", "markers"},
    )


def spread_chart(row: Any) -> ChartSpec | None:
    """Return the picture of the scores' spread; ``None`` before there is one."""
    if row is None or not row.figures.get("histogram"):
        return None
    counts = [float(one) for one in row.figures["histogram"]]
    labels = [f"{10 * place}–{10 * place + 10}%" for place in range(len(counts))]
    parts = "，".join(
        _("%(band)s %(share)s") % {"band": BANDS[one["name"]], "share": f"{one['share']:.0%}"}
        for one in row.figures["bands"]
    )
    sentence = _("得分率分布：%(parts)s") % {"parts": parts}
    return bars(sentence, labels, [Series(_("份数"), tuple(counts))])


def _told(code: str, figures: dict[str, Any]) -> str:
    if code == "spread" and figures.get("bands"):
        return _spread(figures)
    if code == "markers" and figures.get("qwk") is not None:
        return _("二次加权 κ %(qwk)s，完全一致 %(exact)s") % {
            "qwk": f"{figures['qwk']:.2f}",
            "exact": f"{figures['exact']:.0%}",
        }
    if code == "answers" and figures.get("items"):
        least = min(one["sound"] for one in figures["items"])
        return _("要求每题 %(demand)s 份，最少的一题有 %(least)s 份") % {
            "demand": f"{figures['demand']:g}",
            "least": least,
        }
    reasons = figures.get("reasons") or {}
    return "，".join(f"{reason_name(reason)} {n}" for reason, n in reasons.items())


def _spread(figures: dict[str, Any]) -> str:
    bands = "，".join(
        _("%(band)s %(share)s（%(low)s–%(high)s）")
        % {
            "band": BANDS[one["name"]],
            "share": f"{one['share']:.0%}",
            "low": f"{one['low']:.0%}",
            "high": f"{one['high']:.0%}",
        }
        for one in figures["bands"]
    )
    skewness = figures["skewness"]
    shape = (
        _("左偏（高分多）") if skewness < -0.5 else _("右偏（低分多）") if skewness > 0.5 else _("大致对称")
    )
    p = figures.get("normal_p")
    test = "" if p is None else _("；正态检验 p = %(p)s") % {"p": f"{p:.3f}"}
    return f"{bands}；{shape}{test}"
