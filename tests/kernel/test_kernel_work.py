"""Jobs, outbox and files: nothing lost, nothing doubled, broken input refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import ClassVar

import pytest
from django.conf import settings
from tests.cast import NOW, Cast

from zhiwei.kernel import files, jobs, keys, outbox, scope
from zhiwei.kernel.errors import ConflictError, InvalidInputError, JobCancelledError, NotFoundError
from zhiwei.kernel.events import DomainEvent
from zhiwei.kernel.models import Blob, Delivery, Job, JobState, Notification, TenantKey
from zhiwei.kernel.outbox import News


@jobs.task("test.notify")
def _notify(context: jobs.JobContext, person: int, fail: bool = False) -> dict[str, int]:
    Notification.objects.create(
        tenant_id=context.tenant_id, person_id=person, text="完成", key=f"n{context.job_id}", at=NOW
    )
    if fail:
        raise RuntimeError("broken on purpose")
    return {"person": person}


@jobs.task("test.stepwise", atomic=False)
def _stepwise(context: jobs.JobContext) -> None:
    for number in range(3):
        context.progress(number, 3, f"步骤 {number}")


def _job(cast: Cast, name: str = "test.notify", **arguments: object) -> int:
    with scope.entered([cast.school]):
        return jobs.enqueue(name, tenant_id=cast.school, key="k", now=NOW, arguments=arguments)


def _state(cast: Cast, job_id: int) -> Job:
    with scope.entered([cast.school]):
        return Job.objects.get(pk=job_id)


def test_a_job_runs_once_even_when_delivered_twice(cast: Cast) -> None:
    job_id = _job(cast, person=cast.people["pupil"])
    jobs.run(job_id, cast.school)
    jobs.run(job_id, cast.school)
    with scope.entered([cast.school]):
        assert Notification.objects.count() == 1
    assert _state(cast, job_id).state == JobState.DONE


def test_a_living_job_with_the_same_key_is_returned(cast: Cast) -> None:
    assert _job(cast, person=1) == _job(cast, person=1)


def test_a_failing_job_leaves_nothing_and_is_parked_in_the_end(cast: Cast) -> None:
    job_id = _job(cast, person=cast.people["pupil"], fail=True)
    for _attempt in range(6):
        jobs.run(job_id, cast.school)
    row = _state(cast, job_id)
    assert (row.state, row.attempts) == (JobState.PARKED, 4)
    assert "broken on purpose" in row.error
    with scope.entered([cast.school]):
        assert not Notification.objects.exists()
        jobs.run_again(job_id)
    assert _state(cast, job_id).state == JobState.QUEUED


def test_a_worker_that_dies_each_time_parks_the_poison(cast: Cast) -> None:
    job_id = _job(cast, person=1)
    for _death in range(4):
        assert jobs._start(job_id, cast.school) is not None
    jobs.run(job_id, cast.school)
    assert _state(cast, job_id).state == JobState.PARKED


@pytest.mark.parametrize("name", ["test.stepwise", "test.notify"])
@pytest.mark.parametrize("fail", [False, True])
def test_what_a_worker_brings_after_another_took_its_job_is_refused(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, name: str, fail: bool
) -> None:
    wanted = {} if name == "test.stepwise" else {"person": cast.people["pupil"], "fail": fail}
    job_id = _job(cast, name, **wanted)
    cut_off = jobs._start(job_id, cast.school)
    assert cut_off is not None and jobs._start(job_id, cast.school) is not None
    with monkeypatch.context() as back:
        back.setattr(jobs, "_start", lambda *given: cut_off)
        jobs.run(job_id, cast.school)
    row = _state(cast, job_id)
    assert (row.state, row.attempts, row.done) == (JobState.RUNNING, 2, 0)
    with scope.entered([cast.school]):
        assert not Notification.objects.exists()


def test_a_cancelled_job_stops_before_it_starts(cast: Cast) -> None:
    job_id = _job(cast, "test.stepwise")
    with scope.entered([cast.school]):
        Job.objects.filter(pk=job_id).update(cancel_asked=True)
    jobs.run(job_id, cast.school)
    assert _state(cast, job_id).state == JobState.CANCELLED


def test_a_cancelled_job_stops_at_its_next_step(cast: Cast) -> None:
    job_id = _job(cast, "test.stepwise")
    started = jobs._start(job_id, cast.school)
    assert started is not None
    with scope.entered([cast.school]):
        Job.objects.filter(pk=job_id).update(cancel_asked=True)
    with pytest.raises(JobCancelledError):
        started[1].function(jobs.JobContext(job_id, cast.school, started[0].attempts))


def test_a_running_job_cannot_be_run_again(cast: Cast) -> None:
    job_id = _job(cast, person=1)
    with scope.entered([cast.school]), pytest.raises(ConflictError):
        jobs.run_again(job_id)


@dataclass(frozen=True)
class _Happened(DomainEvent):
    kind: ClassVar[str] = "test.happened"
    number: int

    def subject_key(self) -> str:
        return "one subject"


SEEN: list[int] = []
BROKEN: set[int] = set()


@outbox.subscribe("test.happened", "test.consumer")
def _consume(news: News) -> None:
    if news.payload["number"] in BROKEN:
        raise RuntimeError("not yet")
    SEEN.append(news.payload["number"])


def test_news_comes_in_order_and_a_failure_holds_back_the_rest(cast: Cast) -> None:
    SEEN.clear()
    BROKEN.add(2)
    with scope.entered([cast.school]):
        for number in (1, 2, 3):
            outbox.publish(_Happened(number), tenant_id=cast.school, now=NOW)
    outbox.deliver(cast.school, "test.consumer", "one subject")
    assert SEEN == [1]
    BROKEN.clear()
    outbox.deliver(cast.school, "test.consumer", "one subject")
    outbox.deliver(cast.school, "test.consumer", "one subject")
    assert SEEN == [1, 2, 3]
    with scope.entered([cast.school]):
        assert not Delivery.objects.filter(delivered_at__isnull=True).exists()


def test_lost_deliveries_are_planned_again(cast: Cast) -> None:
    with scope.entered([cast.school]):
        outbox.publish(_Happened(9), tenant_id=cast.school, now=NOW)
    assert outbox.stuck(NOW) == 0
    assert outbox.stuck(NOW + timedelta(minutes=2)) == 1


@pytest.mark.parametrize("size", [1, 1024 * 1024, 1024 * 1024 + 1, 3_000_000])
def test_a_file_comes_back_as_it_was_and_lies_encrypted(cast: Cast, size: int) -> None:
    content = b"%PDF-" + bytes(index % 251 for index in range(size))
    with scope.entered([cast.school]):
        ref = files.store(content, tenant_id=cast.school, now=NOW, max_bytes=10**7)
        again = files.store(BytesIO(content), tenant_id=cast.school, now=NOW, max_bytes=10**7)
        assert ref.id == again.id and ref.media_type == "application/pdf"
        assert files.read(ref.id) == content
    raw = (Path(settings.FILES_ROOT) / str(cast.school) / ref.sha256[:2] / ref.sha256).read_bytes()
    assert b"%PDF-" not in raw and raw.startswith(files.MAGIC)


def test_a_file_of_another_school_does_not_exist(cast: Cast) -> None:
    with scope.entered([cast.school]):
        ref = files.store(b"hello", tenant_id=cast.school, now=NOW, max_bytes=100)
    with scope.entered([cast.other_school]), pytest.raises(NotFoundError):
        files.read(ref.id)


def test_too_large_or_of_another_type_leaves_nothing(cast: Cast) -> None:
    with scope.entered([cast.school]):
        with pytest.raises(InvalidInputError, match="上限"):
            files.store(b"x" * 3_000_000, tenant_id=cast.school, now=NOW, max_bytes=2_000_000)
        with pytest.raises(InvalidInputError, match="类型"):
            files.store(b"MZ\x00", tenant_id=cast.school, now=NOW, max_bytes=99, media_types=["image/png"])
        assert not Blob.objects.exists()
    assert not list((Path(settings.FILES_ROOT) / str(cast.school)).rglob("draft-*"))


def test_a_damaged_file_is_noticed(cast: Cast) -> None:
    with scope.entered([cast.school]):
        ref = files.store(b"a" * 2_100_000, tenant_id=cast.school, now=NOW, max_bytes=10**7)
        path = Path(settings.FILES_ROOT) / str(cast.school) / ref.sha256[:2] / ref.sha256
        path.write_bytes(path.read_bytes()[: -(2_100_000 - 2 * files.FRAME) - 20])
        with pytest.raises(NotFoundError, match="损坏"):
            files.read(ref.id)


def test_shredding_the_key_shreds_the_files(cast: Cast) -> None:
    with scope.entered([cast.school]):
        ref = files.store(b"secret", tenant_id=cast.school, now=NOW, max_bytes=100)
        TenantKey.objects.filter(tenant_id=cast.school).delete()
        keys.forget(cast.school)
        with pytest.raises(NotFoundError, match="销毁"):
            files.read(ref.id)
