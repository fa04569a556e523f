"""What changed of a work after its pupils could see it, and a teacher's own groups of pupils."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.assessment.models.work import Work
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class WorkRevision(TenantModel):
    """One change of an open work: ``changes`` are ``{"what", "old", "new"}``, shown to pupils and colleagues."""

    declaration = Declaration("作业修订", Level.INTERNAL, retention="P6Y")

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="changes", verbose_name=_("作业"))
    number = models.PositiveIntegerField(_("修订号"))
    changes = models.JSONField(_("改动"), default=list)
    by = models.ForeignKey(
        "kernel.Person", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("修改人")
    )
    at = models.DateTimeField(_("修改时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("作业修订")
        constraints = [models.UniqueConstraint(fields=["work", "number"], name="work_revision_once")]

    def __str__(self) -> str:
        return f"work revision {self.work_id}/{self.number}"


class PupilGroup(TenantModel):
    """Some pupils of a class whom a teacher often sets the same work."""

    declaration = Declaration("学生分组", Level.PERSONAL, retention="P3Y")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("分组的老师")
    )
    organisation = models.ForeignKey(
        "kernel.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("班级")
    )
    name = models.CharField(_("名称"), max_length=40)

    class Meta(TenantModel.Meta):
        verbose_name = _("学生分组")
        constraints = [
            models.UniqueConstraint(fields=["owner", "organisation", "name"], name="pupil_group_once")
        ]

    def __str__(self) -> str:
        return f"pupil group {self.pk}"


class PupilGroupMember(TenantModel):
    """One pupil in a group."""

    declaration = Declaration("分组成员", Level.PERSONAL, retention="P3Y", person="person")

    group = models.ForeignKey(
        PupilGroup, on_delete=models.CASCADE, related_name="members", verbose_name=_("分组")
    )
    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("分组成员")
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="pupil_group_member_once")]

    def __str__(self) -> str:
        return f"group member {self.group_id}/{self.person_id}"
