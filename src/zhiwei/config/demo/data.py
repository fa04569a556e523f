"""Lets the demo school have a corpus: guardians consented, two people reviewed, a version is out, one is waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.test import Client

from zhiwei.data.models import Corpus, CorpusEntry, Grant, Version
from zhiwei.data.services import corpora, granting, reviewing, versions
from zhiwei.data.services.corpora import CorpusSpec
from zhiwei.kernel import clock, jobs, scope
from zhiwei.kernel.models import Account, Consent, Guardianship
from zhiwei.kernel.queries.actors import actors_of
from zhiwei.kernel.services import people
from zhiwei.kernel.values import Actor, system_actor

PURPOSE = "model_training"
EVERY = 12
"""One guardian in so many does not consent."""
SPEC = CorpusSpec(
    name="初中数学解答题批改语料（示范）",
    direction="作业智能批改与反馈",
    task_class="maths_solution_marking",
    data_type="text",
    stage="junior",
    subject="math",
    purpose=PURPOSE,
    item_types=("solution", "expression", "numeric", "blank"),
    scene="homework",
    scoring_note="按题目自带的评分标准逐步给分。",
    demands={"answers_per_item": 20, "sample": 12, "least_band_share": 0, "most_label_noise": 0.2},
)


def add_data(*, now: datetime) -> None:
    """Consent, build, review, make and let out; does nothing when a corpus is there."""
    officer = actor_named("demo-data_officer", now)
    with scope.entered(officer.tenants):
        if Corpus.objects.exists():
            return
        _consent(officer.tenant_id, now)
        made = corpora.create_corpus(actor=officer, now=now - timedelta(days=2), spec=SPEC)
    run_jobs(officer.tenant_id)
    _review(made.pk, officer, actor_named("demo-teacher-math", now), now - timedelta(days=1))
    with scope.entered(officer.tenants):
        corpus = Corpus.objects.get(pk=made.pk)
        asked = versions.request_version(
            actor=officer,
            now=now - timedelta(hours=20),
            corpus=corpus,
            licence="pilot-training",
            terms="仅限试点项目训练与评测模型使用，不得再识别个人，不得转授，到期销毁。",
        )
    run_jobs(officer.tenant_id)
    second = actor_named("demo-security_officer", now)
    with _acting(second):
        version = Version.objects.select_related("corpus").get(pk=asked.pk)
        versions.decide(
            actor=second,
            now=now - timedelta(hours=18),
            version=version,
            approve=True,
            words="风险在要求之内。",
        )
    principal = actor_named("demo-principal", now)
    with _acting(officer):
        version.refresh_from_db()
        granting.grant_version(
            actor=officer,
            now=now,
            version=version,
            person_id=principal.person_id,
            purpose="校内教研",
            days=30,
        )
    run_jobs(officer.tenant_id)


def run_jobs(tenant_id: int) -> None:
    """Run the data room's waiting jobs here, as the worker would."""
    from zhiwei.kernel.models import Job

    with scope.entered([tenant_id]):
        rows = Job.objects.filter(task__startswith="data.", state="queued").order_by("pk")
        waiting = list(rows.values_list("pk", flat=True))
    for job_id in waiting:
        jobs.run(job_id, tenant_id)


def walk(officer: Client, security: Client, pupil: Client, *, now: datetime) -> str:
    """Walk from released marks to a published corpus as the data officer, and see who is kept out."""
    add_data(now=now)
    for page in ("", "catalogue/", "catalogue/kernel.Person.name/", "corpora/", "corpora/new/", "downloads/"):
        assert officer.get(f"/data/{page}").status_code == 200, page
        assert pupil.get(f"/data/{page}").status_code == 404, page
    with scope.everywhere("look at the demo's corpus"):
        corpus = Corpus.objects.order_by("pk").first()
        assert corpus is not None
        version = Version.objects.filter(corpus=corpus).order_by("pk").first()
        grant = Grant.objects.filter(version=version).first()
    assert corpus.state == "built", corpus.problem
    assert version is not None
    assert grant is not None
    assert version.state == "published", f"{version.state} {version.problem}"
    assert grant.blob_id, "the copy is not packed"
    assert "质量报告" in officer.get(f"/data/corpora/{corpus.uuid}/").content.decode()
    assert security.get(f"/data/versions/{version.uuid}/").status_code == 200
    assert pupil.get(f"/data/versions/{version.uuid}/").status_code == 404
    exported = officer.get("/data/catalogue/export/?format=csv")
    fields = exported.content.decode("utf-8-sig").count("\n") - 1
    return (
        f"{fields} fields in the catalogue, {version.counts['answers']} answers of {version.counts['pupils']} pupils "
        f"published, k = {version.risk['k']}"
    )


def _consent(tenant_id: int, now: datetime) -> None:
    """Guardians consent for their children but for one in twelve."""
    given = set(Consent.objects.filter(purpose=PURPOSE).values_list("person_id", flat=True))
    rows = Guardianship.objects.filter(tenant_id=tenant_id).order_by("child_id")
    for number, row in enumerate(rows):
        if number % EVERY != EVERY - 1 and row.child_id not in given:
            people.give_consent(
                actor=system_actor(tenant_id),
                now=now,
                person_id=row.child_id,
                given_by_id=row.guardian_id,
                purpose=PURPOSE,
                text_version="2026-1",
            )


def _review(corpus_id: int, first: Actor, second: Actor, now: datetime) -> None:
    """Both reviewers follow the standard; the second is stricter now and then."""
    for strict, actor in ((0, first), (5, second)):
        with _acting(actor):
            corpus = Corpus.objects.get(pk=corpus_id)
            while (entry := reviewing.next_to_review(actor, corpus)) is not None:
                score = _second_look(entry, strict)
                reviewing.review_entry(
                    actor=actor, now=now, corpus=corpus, entry=entry, is_usable=True, score=score
                )


def _second_look(entry: CorpusEntry, strict: int) -> float:
    if strict and entry.sample % strict == 0 and entry.score >= 1:
        return entry.score - 1
    return entry.score


@contextmanager
def _acting(actor: Actor) -> Iterator[None]:
    with scope.entered(actor.tenants):
        yield


def actor_named(login: str, now: datetime) -> Actor:
    with scope.everywhere("who keeps the demo's data"):
        return actors_of(Account.objects.get(login=login).pk, clock.today(now))[0]
