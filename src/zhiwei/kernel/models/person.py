"""People, their roles over time, guardians and consents."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.models.account import Account
from zhiwei.kernel.models.organisation import Organisation
from zhiwei.kernel.sealed import BlindIndexField, SealedDateField, SealedTextField
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level, Role


class Person(TenantModel):
    """A person as one tenant knows them.

    Somebody known to two schools (a teacher who moved, a parent of two children) is a person in each, joined by
    the account that signs in: one school's records can then be read, exported or shredded without the other's.
    """

    declaration = Declaration(
        "人员",
        Level.PERSONAL,
        levels={
            "uuid": Level.INTERNAL,
            "birth_on": Level.SENSITIVE,
            "phone": Level.SENSITIVE,
            "source_key": Level.SENSITIVE,
        },
        codes={
            "name": "JYT0633-XM",
            "number": "JYT0633-XH",
            "sex": "JYT0633-XBM",
            "birth_on": "JYT0633-CSRQ",
        },
        person="id",
    )

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(
        Account,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("登录账号"),
    )
    name = models.CharField(_("姓名"), max_length=60)
    number = models.CharField(_("学号/工号"), max_length=40, blank=True)
    sex = models.CharField(_("性别码"), max_length=1, blank=True)
    birth_on = SealedDateField(_("出生日期"), label="person.birth_on")
    phone = SealedTextField(_("手机"), label="person.phone")
    search_text = models.CharField(_("检索文本"), max_length=300, blank=True)
    source_key = SealedTextField(_("来源标识（如学籍号）"), label="person.source_key")
    source_index = BlindIndexField(_("来源标识盲索引"), source="source_key", label="person.source_key")
    hand_set = models.JSONField(_("手工改过的字段"), default=list, blank=True)
    removed_at = models.DateTimeField(_("移除时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("人员")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "number"], condition=~Q(number=""), name="person_number_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "source_index"], condition=~Q(source_index=""), name="person_source_once"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "name"], name="person_by_name")]

    def __str__(self) -> str:
        return f"person {self.pk}"


class Holding(TenantModel):
    """A role in an organisation over ``[starts_on, ends_on)``; with a subject it is a teaching assignment."""

    declaration = Declaration("任职与在读", Level.PERSONAL, person="person")

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="holdings", verbose_name=_("人员")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="holdings", verbose_name=_("单位或班级")
    )
    role = models.CharField(_("角色"), max_length=20, choices=[(role.value, role.value) for role in Role])
    subject = models.CharField(_("学科"), max_length=30, blank=True)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    hand_set = models.BooleanField(_("手工设定"), default=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("任职与在读")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                name="holding_period_forward",
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "role", "subject", "starts_on"], name="holding_once"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "role"], name="holding_by_place")]

    def __str__(self) -> str:
        return f"holding {self.pk}"


class Guardianship(TenantModel):
    """Who is guardian of which child, and as what (father, mother, other)."""

    declaration = Declaration("监护关系", Level.PERSONAL, person="child")

    child = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="guardians", verbose_name=_("学生")
    )
    guardian = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="wards", verbose_name=_("监护人")
    )
    relation = models.CharField(_("关系"), max_length=20, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("监护关系")
        constraints = [
            models.UniqueConstraint(fields=["child", "guardian"], name="guardianship_once"),
            models.CheckConstraint(condition=~Q(child=F("guardian")), name="guardianship_not_self"),
        ]

    def __str__(self) -> str:
        return f"guardianship {self.pk}"


class Consent(TenantModel):
    """A guardian's (or adult's own) consent to one purpose; withdrawal ends it, the record stays."""

    declaration = Declaration("知情同意", Level.PERSONAL, retention="P10Y", person="person")

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="consents", verbose_name=_("学生")
    )
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("同意人"))
    purpose = models.CharField(_("用途"), max_length=40)
    text_version = models.CharField(_("告知书版本"), max_length=20)
    given_at = models.DateTimeField(_("同意时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("知情同意")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_one_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"
