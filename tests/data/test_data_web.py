"""In the browser: from released marks to a published corpus in one sitting, and who is kept out of what."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client
from tests.cast import Cast
from tests.data import data_answers as stage
from tests.data.data_stage import appoint, browser

from zhiwei.data.models import Corpus, CorpusEntry, Grant, Version
from zhiwei.kernel import jobs, scope
from zhiwei.kernel.models import AuditRow, Job
from zhiwei.kernel.values import Role

TEMPLATE = {
    "name": "物理简答题语料", "direction": "作业智能批改与反馈", "task_class": "key_points_zh", "data_type": "text",
    "stage": "junior", "subject": "physics", "purpose": "model_training", "answers_per_item": 10, "sample": 3, "k": 3,
    "least_band_share": 0.1, "most_label_noise": 0.05, "least_agreement": 0.5, "train_share": 0.8, "dev_share": 0.1,
}  # fmt: skip


@pytest.fixture
def school(cast: Cast) -> Cast:
    """The cast with a data officer, a security officer and a subject lead, and a released work."""
    appoint(cast, "officer", Role.DATA_OFFICER)
    appoint(cast, "security", Role.SECURITY_OFFICER)
    appoint(cast, "lead", Role.SUBJECT_LEAD, subject="physics")
    appoint(cast, "maths_lead", Role.SUBJECT_LEAD, subject="math")
    appoint(cast, "stranger", Role.DATA_OFFICER, place=cast.other_school, tenant=cast.other_school)
    people = stage.pupils(cast, 15)
    stage.consent(cast, people)
    _work, (item,) = stage.released_work(cast)
    stage.answers(cast, item, people)
    return cast


def work_off() -> None:
    """Run what waits, as the worker would."""
    with scope.everywhere("test"):
        waiting = list(Job.objects.filter(state="queued").values_list("pk", "tenant_id"))
    for job_id, tenant_id in waiting:
        jobs.run(job_id, tenant_id)


def corpus_address(officer: Client) -> str:
    """Fill in the template and return the corpus's address."""
    answer = officer.post("/data/corpora/new/", TEMPLATE)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return str(answer.headers["Location"])


def review_all(client: Client, address: str) -> None:
    """Review until nothing waits."""
    with scope.everywhere("test"):
        rows = list(CorpusEntry.objects.filter(sample__gt=0).order_by("sample").values_list("pk", "score"))
    for pk, score in rows:
        posted = client.post(address, {"entry": pk, "usable": "1", "score": f"{score:g}"})
        assert posted.status_code == 302
    assert "都复核完了" in client.get(address).content.decode()


def test_one_sitting_from_released_marks_to_a_copy(school: Cast) -> None:
    officer, lead = browser(school, "officer"), browser(school, "lead")
    security = browser(school, "security")
    assert "物理（15）" in officer.get("/data/corpora/new/").content.decode()
    address = corpus_address(officer)
    assert "正在选取并检查" in officer.get(address).content.decode()
    work_off()
    page = officer.get(address).content.decode()
    assert "分数分布" in page
    assert "抽样复核还没有由两人做完" in page
    assert officer.get(f"{address}answers/?band=low").status_code == 200
    review = address.replace("corpora", "reviews")
    for client in (officer, lead):
        review_all(client, review)
    asked = officer.post(
        f"{address}version/", {"licence": "pilot-training", "terms": "到期销毁", "redact_images": "1"}
    )
    version = str(asked.headers["Location"])
    work_off()
    assert "等另一人审批" in officer.get(version).content.decode()
    assert officer.post(f"{version}decide/", {"decision": "approve"}).status_code == 403
    assert security.post(f"{version}decide/", {"decision": "approve"}).status_code == 302
    grant = {"person": school.people["lead"], "purpose": "评测", "days": 30}
    assert officer.post(f"{version}grant/", grant).status_code == 302
    work_off()
    assert "谁有这一版" in officer.get(version).content.decode()
    with scope.everywhere("test"):
        key = Grant.objects.get().uuid
    taken = lead.post(f"/data/downloads/{key}/")
    names = ZipFile(BytesIO(b"".join(taken.streaming_content))).namelist()  # type: ignore[attr-defined]
    assert {
        "README.md",
        "RECIPIENT.txt",
        "answers.jsonl",
        "answers.parquet",
        "croissant.json",
        "SHA256SUMS",
    } <= set(names)
    assert officer.post(f"/data/downloads/{key}/").status_code == 404
    with scope.everywhere("test"):
        assert AuditRow.objects.filter(kind="corpus_entry", verb="read").count() == 5


def test_others_are_kept_out(school: Cast) -> None:
    officer = browser(school, "officer")
    address = corpus_address(officer)
    work_off()
    with scope.everywhere("test"):
        entry = CorpusEntry.objects.filter(sample=0).first()
        assert entry is not None
    review = address.replace("corpora", "reviews")
    closed = {
        "teacher": [address, f"{address}answers/", review, "/data/corpora/new/"],
        "pupil": [address, review, "/data/downloads/"],
        "guardian": [address, "/data/downloads/"],
        "stranger": [address, f"{address}answers/", review, f"{address}answers/{entry.pk}/"],
        "principal": [f"{address}answers/", f"{address}answers/{entry.pk}/", review, "/data/corpora/new/"],
        "maths_lead": [review, address],
        "lead": [address, f"{address}answers/{entry.pk}/", f"{address}answers/{entry.pk}/pictures/0/"],
        "bureau": [address, review],
    }
    for nickname, addresses in closed.items():
        client = browser(school, nickname)
        for one in addresses:
            assert client.get(one).status_code == 404, (nickname, one)
        for deed in ("build/", "drop/", "version/", f"answers/{entry.pk}/keep/"):
            assert client.post(f"{address}{deed}").status_code == 404, (nickname, deed)
    assert browser(school, "principal").get(address).status_code == 200
    assert browser(school, "lead").get(review).status_code == 200


def test_a_form_with_mistakes_says_where(school: Cast) -> None:
    officer = browser(school, "officer")
    answer = officer.post("/data/corpora/new/", {**TEMPLATE, "name": "", "k": "0"})
    assert answer.status_code == 422
    again = officer.post("/data/corpora/new/", {**TEMPLATE, "least_band_share": "0.9"})
    assert again.status_code == 422
    assert "least_band_share" in again.content.decode()
    with scope.everywhere("test"):
        assert not Corpus.objects.exists()


def test_nothing_is_let_out_too_early(school: Cast) -> None:
    officer = browser(school, "officer")
    address = corpus_address(officer)
    work_off()
    refused = officer.post(f"{address}version/", {"licence": "a", "terms": "b"})
    assert refused.status_code == 409
    with scope.everywhere("test"):
        assert not Version.objects.exists()
