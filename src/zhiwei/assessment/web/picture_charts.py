"""The picture's figures as charts, each with its table beside."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhiwei.assessment.queries.picture_values import Picture
from zhiwei.ui import charts

BANDS = ((0.0, 0.4), (0.4, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.0001))


def questions(picture: Picture) -> charts.ChartSpec:
    """Facility with its interval, and discrimination, by question."""
    known = [one for one in picture.items if one.figures.facility is not None]
    shares = tuple(_percent(one.figures.facility) for one in known)
    low = tuple(_end(one.figures.low, one.figures.facility) for one in known)
    high = tuple(_end(one.figures.high, one.figures.facility) for one in known)
    hardest = min(known, key=lambda one: one.figures.facility or 0.0, default=None)
    sentence = _("还没有批改好的题。")
    if hardest is not None:
        share = round(_percent(hardest.figures.facility))
        sentence = _("第 {n} 题最难，得分率 {share}%").format(n=hardest.position, share=share)
    series = charts.Series(_("得分率"), shares, low, high)
    return charts.bars(sentence, [str(one.position) for one in known], [series], unit="%", top=100)


def spread(picture: Picture) -> charts.ChartSpec:
    """How many pupils earned which share."""
    counts = [sum(low <= one < high for one in picture.shares) for low, high in BANDS]
    labels = [f"{round(low * 100)}–{min(round(high * 100), 100)}%" for low, high in BANDS]
    below = counts[0] + counts[1]
    sentence = _("{below} 人得分率不到 60%，{top} 人在 90% 以上").format(below=below, top=counts[-1])
    return charts.bars(sentence, labels, [charts.Series(_("人数"), tuple(map(float, counts)))])


def points(picture: Picture) -> charts.ChartSpec:
    """Share earned by knowledge point, weakest first."""
    shown = picture.points[:12]
    weakest = shown[0] if shown else None
    sentence = (
        _("题目没有标知识点。")
        if weakest is None
        else _("“{point}”最弱，得分率 {share}%").format(point=weakest.title, share=round(100 * weakest.share))
    )
    values = tuple(_percent(one.share) for one in shown)
    series = charts.Series(_("得分率"), values)
    return charts.bars(sentence, [one.title for one in shown], [series], unit="%", sideways=True, top=100)


def past(picture: Picture) -> charts.ChartSpec | None:
    """The class on its earlier works and this one."""
    here = picture.mean
    if not picture.past or here is None:
        return None
    rows = [(f"{one.day} {one.title[:8]}", one.mean) for one in picture.past] + [(_("本次"), here)]
    values = tuple(_percent(mean.value) for _label, mean in rows)
    low = tuple(_percent(mean.value if mean.low is None else mean.low) for _label, mean in rows)
    high = tuple(_percent(mean.value if mean.high is None else mean.high) for _label, mean in rows)
    change = round(values[-1] - values[-2])
    sentence = _("和上一次相比 {change} 个百分点").format(change=f"{change:+d}")
    series = charts.Series(_("得分率"), values, low, high)
    return charts.lines(sentence, [label for label, _mean in rows], [series], unit="%", bottom=0)


def _percent(share: float | None) -> float:
    return round(100 * (share or 0.0), 1)


def _end(end: float | None, facility: float | None) -> float:
    return _percent(facility if end is None else end)
