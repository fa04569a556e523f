"""Sample values for the component page: fictional, and the same each time."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhiwei.ui import charts
from zhiwei.ui.values import Choice, Crumb, Frame, FrameKind, NavItem, Origin, RubricLine, Span, Stat, View

PEOPLE = (
    ("王晓宁", "20260101", 92.0, "earned"),
    ("李清源", "20260102", 78.5, "person"),
    ("陈思远", "20260103", 61.0, "unsure"),
    ("周一诺", "20260104", None, "due"),
    ("赵子涵", "20260105", 85.0, "machine"),
)
ANSWER = "小车先匀速后减速。由 $v = s/t$ 得 v = 12 m/s，方向向东，所以动能减小。"

PROSE = r"""## 速度

平均速度 $v=\frac{s}{t}$，单位 **m/s**。

$$E_k=\tfrac{1}{2}mv^2$$

- 先写公式
- 再代入数值
"""


class SampleForm(forms.Form):
    """A form with each kind of field, and errors when it is bound empty."""

    title = forms.CharField(label=_("作业名称"), help_text=_("学生和家长会看到这个名字。"), max_length=60)
    due = forms.DateTimeField(
        label=_("截止时间"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    subject = forms.ChoiceField(label=_("学科"), choices=[("physics", _("物理")), ("maths", _("数学"))])
    note = forms.CharField(label=_("给学生的话"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    way = forms.ChoiceField(
        label=_("怎么交"), widget=forms.RadioSelect, choices=[("line", _("线上")), ("paper", _("纸上"))]
    )
    late = forms.BooleanField(label=_("允许迟交"), required=False)


def everything(request: HttpRequest) -> dict[str, object]:
    """Context of ``ui/components.html``; ``?frame=pupil`` draws it in another frame."""
    kind = request.GET.get("frame", "staff")
    chosen = FrameKind(kind) if kind in set(FrameKind) else FrameKind.STAFF
    return {
        "frame": frame(chosen),
        "frame_kinds": list(FrameKind),
        "form": SampleForm(),
        "wrong_form": SampleForm({"title": "", "way": "line", "subject": "physics"}),
        "stats": stats(),
        "views": (
            View(str(_("全部")), "?", 120, True),
            View(str(_("存疑")), "?v=unsure", 5),
            View(str(_("未交")), "?v=late", 3),
        ),
        "choices": (Choice("class", str(_("班级")), (("3", "八年级3班"), ("4", "八年级4班"))),),
        "people": PEOPLE,
        "page": Paginator(range(120), 30).page(2),
        "answer": ANSWER,
        "spans": spans(),
        "rubric": rubric(),
        "chart_bars": chart_bars(),
        "chart_lines": chart_lines(),
        "chart_heat": chart_heat(),
        "tab_names": (_("概况"), _("学生"), _("设置")),
        "prose": PROSE,
        "moment": timezone.now() - timedelta(minutes=3),
        "due": timezone.now() + timedelta(hours=9),
        "shortcuts": (("1 – 9", _("给评分点")), ("Enter", _("保存，下一份"))),
    }


def frame(kind: FrameKind) -> Frame:
    """A frame of that kind, filled as a teacher's, a pupil's or a bureau's would be."""
    pupil = kind in {FrameKind.PUPIL, FrameKind.GUARDIAN}
    trail = (
        (Crumb(str(_("今天"))),)
        if pupil
        else (Crumb("青禾初级中学", "#"), Crumb("八年级3班", "#"), Crumb(str(_("周三作业"))))
    )
    return Frame(
        kind=kind,
        nav=_pupil_nav() if pupil else _staff_nav(),
        trail=() if kind is FrameKind.PUBLIC else trail,
        person_name="" if kind is FrameKind.PUBLIC else "林知夏",
        place_name="青禾初级中学",
        notifications=3,
        notifications_url="" if kind is FrameKind.PUBLIC else "#",
        search_url="" if kind is FrameKind.PUBLIC else "/ui/components/search/",
        account_url="#",
        sign_in_url="#",
        sign_out_url="#",
        home_url="#",
    )


def _staff_nav() -> tuple[NavItem, ...]:
    return (
        NavItem(str(_("今天")), "sun", "#", active=True),
        NavItem(str(_("作业")), "clipboard-list", "#", badge=5),
        NavItem(str(_("批改")), "pen-line", "#", badge=120),
        NavItem(str(_("班级")), "users", "#"),
        NavItem(str(_("题库")), "library", "#"),
        NavItem(str(_("学情")), "chart-column", "#"),
    )


def _pupil_nav() -> tuple[NavItem, ...]:
    return (
        NavItem(str(_("今天")), "sun", "#", active=True),
        NavItem(str(_("学习")), "book-open", "#"),
        NavItem(str(_("错题")), "circle-x", "#", badge=2),
        NavItem(str(_("我的")), "user", "#"),
    )


def stats() -> tuple[Stat, ...]:
    """One figure that rose, one that fell, one without a past."""
    return (
        Stat(
            str(_("多数人会求平均速度了")),
            "74%",
            label=str(_("速度的计算")),
            spread="69%–79%",
            spread_note=str(_("95% 区间")),
            trend=str(_("比上周 +6")),
            direction="up",
            good=True,
            comparison=str(_("年级 70%")),
            points=(58, 61, 60, 68, 74),
            url="#",
        ),
        Stat(
            str(_("单位漏写又多了")),
            "21",
            label=str(_("少写单位")),
            unit=str(_("人")),
            trend=str(_("比上次 +7")),
            direction="up",
            good=False,
            comparison=str(_("共 40 人")),
            points=(9, 12, 11, 14, 21),
            url="#",
        ),
        Stat(
            str(_("还有 5 份需要您看一眼")),
            "5",
            label=str(_("存疑")),
            unit=str(_("份")),
            comparison=str(_("其余 115 份已评")),
            url="#",
        ),
    )


def spans() -> tuple[Span, ...]:
    """Evidence of each origin in the sample answer."""

    def at(words: str, origin: Origin, note: str, label: str = "") -> Span:
        start = ANSWER.index(words)
        return Span(start, start + len(words), origin, note, label)

    return (
        at("先匀速后减速", Origin.EARNED, str(_("评分点 1：说出运动状态")), "1"),
        at("v = 12 m/s", Origin.MACHINE, str(_("机器认为符合评分点 2")), "2"),
        at("方向向东", Origin.PERSON, str(_("教师：题目问的是向西")), "3"),
        at("所以动能减小", Origin.UNSURE, str(_("理由不完整，存疑"))),
    )


def rubric() -> tuple[RubricLine, ...]:
    """Points given by the machine, by a person, in doubt, and not yet given."""
    return (
        RubricLine(str(_("说出先匀速后减速")), 1, 1, Origin.EARNED),
        RubricLine(str(_("由 $v=s/t$ 求出速度，带单位")), 2, 2, Origin.MACHINE, str(_("「v = 12 m/s」"))),
        RubricLine(str(_("写出速度方向")), 1, 0, Origin.PERSON, str(_("题目问的是向西"))),
        RubricLine(str(_("用质量不变说明动能减小")), 1, None),
    )


def chart_bars() -> charts.ChartSpec:
    """Shares with their uncertainty."""
    share = charts.Series(
        str(_("得分率")),
        (92, 81, 44, 74, 38),
        low=(86, 73, 35, 66, 30),
        high=(96, 88, 54, 81, 47),
        colour="muted",
    )
    return charts.bars(
        str(_("先讲第 3、5 题：一半以上的人把速度方向漏了")),
        ["1", "2", "3", "4", "5"],
        [share],
        unit="%",
        top=100,
    )


def chart_lines() -> charts.ChartSpec:
    """A class beside its year, with the class's band."""
    weeks = [str(_("第 %(n)s 周") % {"n": n}) for n in range(1, 7)]
    ours = charts.Series(
        str(_("本班")), (58, 61, 60, 68, 74, 76), low=(52, 55, 54, 62, 69, 71), high=(64, 67, 66, 74, 79, 81)
    )
    year = charts.Series(str(_("年级")), (60, 61, 63, 66, 69, 70))
    return charts.lines(str(_("第 4 周起本班超过年级")), weeks, [ours, year], unit="%")


def chart_heat() -> charts.ChartSpec:
    """Knowledge points by class."""
    points = [str(word) for word in (_("速度"), _("密度"), _("浮力"), _("压强"))]
    return charts.heat(
        str(_("浮力在三个班都弱")),
        points,
        ["3班", "4班", "5班"],
        [[0.74, 0.81, 0.42, 0.66], [0.7, 0.78, 0.38, None], [0.8, 0.69, 0.45, 0.71]],
    )


def search(query: str) -> list[dict[str, object]]:
    """Sample people whose name or number holds ``query``."""
    hits = [
        {"label": name, "url": f"#{number}", "icon": "user", "note": number}
        for name, number, *_rest in PEOPLE
        if query.strip() in name + number
    ]
    return [{"label": str(_("学生")), "hits": hits}]
