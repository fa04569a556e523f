"""Tags that markers put on single answers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.assessment.models.sitting import Response
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class ResponseTag(TenantModel):
    """A marker's word on an answer, to find answers of a kind again; pupils never see it."""

    declaration = Declaration("作答标签", Level.PERSONAL, retention="P6Y")

    response = models.ForeignKey(
        Response, on_delete=models.CASCADE, related_name="tags", verbose_name=_("作答内容")
    )
    text = models.CharField(_("标签"), max_length=20)
    by = models.ForeignKey(
        "kernel.Person", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("标记人")
    )
    at = models.DateTimeField(_("标记时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("作答标签")
        constraints = [models.UniqueConstraint(fields=["response", "text"], name="response_tag_once")]

    def __str__(self) -> str:
        return f"tag {self.pk}"
