"""The data room's entry of the navigation, and the parts its pages lead to."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhiwei.data.queries.corpora import waiting_reviews, waiting_versions
from zhiwei.data.queries.sharing import waiting_count
from zhiwei.data.rules.sharing_policy import ASKERS, DECIDERS, RECEIVERS
from zhiwei.kernel.navigation import Entry
from zhiwei.kernel.values import Actor, Role
from zhiwei.ui.values import View

READERS = frozenset(
    {
        Role.DATA_OFFICER,
        Role.PRINCIPAL,
        Role.SECURITY_OFFICER,
        Role.SCHOOL_ADMIN,
        Role.AUDITOR,
        Role.BUREAU_ADMIN,
    }
)
OFFICERS = frozenset({Role.DATA_OFFICER})
KEEPERS = frozenset({Role.DATA_OFFICER, Role.PRINCIPAL, Role.SECURITY_OFFICER})

SOURCE_READERS = frozenset(
    {Role.DATA_OFFICER, Role.PRINCIPAL, Role.SECURITY_OFFICER, Role.AUDITOR, Role.BUREAU_ADMIN}
)
REVIEWERS = frozenset({Role.SUBJECT_LEAD, Role.RESEARCH_OFFICER, Role.DATA_OFFICER})

SHARERS = frozenset({*ASKERS, *DECIDERS, *RECEIVERS, Role.AUDITOR})

ENTRIES = (
    Entry(_("数据"), "database", "data:home", READERS, order=60, badge=waiting_versions),
    Entry(_("复核"), "clipboard-check", "data:reviews", REVIEWERS, order=62, badge=waiting_reviews),
    Entry(_("共享"), "share-2", "data:shares", SHARERS, order=64, badge=waiting_count),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the data centre as the line of tabs and the first page show it."""

    url_name: str
    label: object
    lead: object
    icon: str
    roles: frozenset[Role]


PARTS = (
    Part(
        "data:catalogue",
        _("数据目录"),
        _("每张表、每个字段的含义、分级、保存期限和去向。"),
        "book-open",
        READERS,
    ),
    Part(
        "data:sources",
        _("数据接入"),
        _("文件和数据库里的表，按标准对应每一列后接入，拒收的行留有原因。"),
        "database",
        SOURCE_READERS,
    ),
    Part(
        "data:quality",
        _("数据质量"),
        _("七个方面的规则，每次检查、走势和月报，每一行问题都找得到。"),
        "list-checks",
        SOURCE_READERS,
    ),
    Part(
        "data:corpora",
        _("语料"),
        _("从已发布的批改中选取，检查、复核，脱敏后成为可领取的版本。"),
        "layers",
        KEEPERS,
    ),
    Part(
        "data:shares",
        _("共享"),
        _("申请、审批、下发与分析间：谁在什么时间里用了什么数据。"),
        "share-2",
        SHARERS,
    ),
    Part(
        "data:downloads",
        _("我的数据包"),
        _("授权给我领取的语料。"),
        "package",
        READERS,
    ),
)


def parts_for(actor: Actor) -> list[Part]:
    """Return the parts this actor may enter."""
    return [one for one in PARTS if one.roles & actor.roles]


def tabs(actor: Actor, active: str) -> list[View]:
    """Return the line of tabs with ``active`` marked."""
    return [
        View(str(one.label), reverse(one.url_name), active=one.url_name == active) for one in parts_for(actor)
    ]
