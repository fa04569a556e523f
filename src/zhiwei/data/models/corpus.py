"""Corpora: what is wanted, what was chosen, what the checks found, what reviewers say."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.data.values import CorpusState
from zhiwei.kernel.tenancy import TenantModel
from zhiwei.kernel.values import Declaration, Level


class Corpus(TenantModel):
    """A corpus to annex 2's template: its description, the query it is chosen by, the demands on it."""

    declaration = Declaration("语料", Level.INTERNAL, retention="P10Y")

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("数据名称"), max_length=80)
    direction = models.CharField(_("方向"), max_length=60)
    task_class = models.CharField(_("任务类别"), max_length=30)
    data_type = models.CharField(_("数据类型"), max_length=10)
    stage = models.CharField(_("学段"), max_length=20)
    subject = models.CharField(_("学科"), max_length=30)
    item_types = ArrayField(models.CharField(max_length=20), verbose_name=_("题型"), default=list)
    scene = models.CharField(_("场景"), max_length=10, blank=True)
    purpose = models.CharField(_("用途"), max_length=40)
    grades = ArrayField(models.PositiveIntegerField(), verbose_name=_("年级"), default=list, blank=True)
    since = models.DateField(_("作答不早于"), null=True, blank=True)
    until = models.DateField(_("作答不晚于"), null=True, blank=True)
    demands = models.JSONField(_("质量要求"), default=dict)
    scoring_note = models.TextField(_("评分标准说明"), blank=True)
    salt = models.CharField(_("抽样与划分的种子"), max_length=32)
    tenants = ArrayField(models.BigIntegerField(), verbose_name=_("取数单位"), default=list)
    state = models.CharField(_("状态"), max_length=10, default=CorpusState.DRAFT)
    problem = models.CharField(_("问题"), max_length=300, blank=True)
    figures = models.JSONField(_("统计"), default=dict, blank=True)
    created_by = models.ForeignKey(
        "kernel.Person", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("建立人")
    )
    created_at = models.DateTimeField(_("建立时间"))
    built_at = models.DateTimeField(_("检查时间"), null=True, blank=True)
    job = models.ForeignKey(
        "kernel.Job", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("后台任务")
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("语料")
        indexes = [models.Index(fields=["tenant", "-created_at"], name="corpus_by_time")]

    def __str__(self) -> str:
        return f"corpus {self.pk}"


class CorpusEntry(TenantModel):
    """One chosen answer: a reference to it and what the checks say. Its text stays where it was given.

    The row belongs to the pupil's school, also when a bureau builds the corpus. ``flags`` are codes of the checks
    it fails; an entry with a flag that excludes is not ``kept``.
    """

    declaration = Declaration("语料条目", Level.PERSONAL, retention="P10Y", person="person")
    crosses_tenants: ClassVar[frozenset[str]] = frozenset({"corpus"})

    corpus = models.ForeignKey(
        Corpus, on_delete=models.CASCADE, related_name="entries", verbose_name=_("语料")
    )
    product = models.CharField(_("数据产品"), max_length=60)
    ref = models.BigIntegerField(_("产品内编号"))
    item_key = models.CharField(_("题目标识"), max_length=80)
    person = models.ForeignKey(
        "kernel.Person", on_delete=models.CASCADE, related_name="+", verbose_name=_("学生")
    )
    grade = models.PositiveIntegerField(_("年级"), null=True)
    scene = models.CharField(_("场景"), max_length=10)
    answered_on = models.DateField(_("作答日期"))
    characters = models.PositiveIntegerField(_("字数"), default=0)
    images = models.PositiveIntegerField(_("图片数"), default=0)
    score = models.FloatField(_("得分"))
    max_score = models.FloatField(_("满分"))
    band = models.CharField(_("分数段"), max_length=6)
    split = models.CharField(_("划分"), max_length=10, blank=True)
    cluster = models.BigIntegerField(_("近重复组"), null=True)
    kept = models.BooleanField(_("保留"), default=True)
    flags = ArrayField(models.CharField(max_length=30), verbose_name=_("未通过的检查"), default=list)
    sample = models.PositiveIntegerField(_("抽样序号"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("语料条目")
        constraints = [models.UniqueConstraint(fields=["corpus", "product", "ref"], name="corpus_entry_once")]
        indexes = [models.Index(fields=["corpus", "item_key", "ref"], name="corpus_entry_by_item")]

    def __str__(self) -> str:
        return f"corpus entry {self.pk}"


class CheckResult(TenantModel):
    """What one check of a corpus found, with the figures that explain it."""

    declaration = Declaration("语料检查结果", Level.INTERNAL, retention="P10Y")

    corpus = models.ForeignKey(
        Corpus, on_delete=models.CASCADE, related_name="checks", verbose_name=_("语料")
    )
    position = models.PositiveIntegerField(_("次序"))
    code = models.CharField(_("检查"), max_length=30)
    outcome = models.CharField(_("结论"), max_length=10)
    tested = models.PositiveIntegerField(_("检查数"))
    failing = models.PositiveIntegerField(_("未通过数"))
    figures = models.JSONField(_("数据"), default=dict)

    class Meta(TenantModel.Meta):
        verbose_name = _("语料检查结果")
        constraints = [models.UniqueConstraint(fields=["corpus", "code"], name="corpus_check_once")]

    def __str__(self) -> str:
        return f"check {self.corpus_id}/{self.code}"


class Review(TenantModel):
    """One reviewer's word on one sampled entry: usable or not, and the score by the scoring standard."""

    declaration = Declaration("语料抽样复核", Level.PERSONAL, retention="P10Y")
    crosses_tenants: ClassVar[frozenset[str]] = frozenset({"entry"})

    corpus = models.ForeignKey(
        Corpus, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("语料")
    )
    entry = models.ForeignKey(
        CorpusEntry, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("条目")
    )
    reviewer = models.ForeignKey(
        "kernel.Person", on_delete=models.PROTECT, related_name="+", verbose_name=_("复核人")
    )
    is_usable = models.BooleanField(_("可用"))
    score = models.FloatField(_("评分"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta(TenantModel.Meta):
        verbose_name = _("语料抽样复核")
        constraints = [
            models.UniqueConstraint(fields=["entry", "reviewer"], name="corpus_review_once"),
            models.CheckConstraint(condition=models.Q(score__gte=0), name="corpus_review_not_negative"),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"
