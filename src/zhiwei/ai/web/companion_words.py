"""Why the companion is closed, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhiwei.ai.queries.companion import Standing
from zhiwei.ai.rules.companion import Closed


def closed_reason(standing: Standing) -> str:
    """Return why a pupil cannot use the companion now and what can be done; "" when it is open."""
    if standing.closed is None:
        return ""
    hours = {"a": standing.from_hour, "b": standing.until_hour}
    return {
        Closed.SCHOOL: _("学校还没有开放学伴。"),
        Closed.GRADE: _("学校没有对你所在的年级开放学伴。"),
        Closed.GUARDIAN: _("家长没有开放学伴，可以和家长商量。"),
        Closed.HOURS: _("学伴在 %(a)s 点到 %(b)s 点之间开放。") % hours,
        Closed.MINUTES: _("今天的 %(n)s 分钟用完了，起来活动一下，明天再来。") % {"n": standing.minutes},
        Closed.ADULT: _("小学阶段要有大人陪着用：请家长或老师先在自己的页面上确认陪同。"),
    }[standing.closed]
