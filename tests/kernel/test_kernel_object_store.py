"""Files in an S3-compatible store: against a real server process, encrypted by us, faults told in a sentence."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.db import transaction
from django.utils import timezone
from tests.cast import NOW, Cast
from tests.s3_server import object_server, objects

from zhiwei.config import env
from zhiwei.kernel import files, scope, store
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.objectstore import ObjectStore, ObjectStoreSettings, StoreUnavailableError

__all__ = ["object_server", "objects"]
PNG = b"\x89PNG\r\n\x1a\n"


def test_contents_lie_there_encrypted_and_come_back(cast: Cast, objects: ObjectStore) -> None:
    content = b"secret of a pupil " * 300_000
    with scope.entered([cast.school]):
        ref = files.store(content, tenant_id=cast.school, now=NOW, max_bytes=10**8)
        assert files.read(ref.id) == content
        assert files.store(content, tenant_id=cast.school, now=NOW, max_bytes=10**8).id == ref.id
    listed = [one for one in objects.inventory() if one[0] == cast.school]
    assert [one[1] for one in listed] == [ref.sha256] and listed[0][2] > len(content)
    with objects.open(cast.school, ref.sha256) as raw:
        lying = raw.read()
    assert lying.startswith(b"ZW2") and b"secret of a pupil" not in lying
    assert not list(store.drafts(cast.school).glob("draft-*"))


def test_a_lost_or_damaged_object_is_told(cast: Cast, objects: ObjectStore, tmp_path: Path) -> None:
    with scope.entered([cast.school]):
        ref = files.store(b"hello", tenant_id=cast.school, now=NOW, max_bytes=99)
        broken = tmp_path / "broken"
        broken.write_bytes(b"ZW2" + bytes(40))
        objects.put(cast.school, ref.sha256, broken)
        with pytest.raises(NotFoundError):
            files.read(ref.id)
        objects.delete(cast.school, ref.sha256)
        with pytest.raises(NotFoundError, match="缺失"):
            files.read(ref.id)


@pytest.mark.usefixtures("_at_once")
def test_a_large_batch_goes_straight_there_and_is_checked_after(cast: Cast, objects: ObjectStore) -> None:
    inbox = objects.inbox(cast.school, max_bytes=1000)
    sent = httpx.post(inbox.address, data=inbox.fields, files={"file": PNG + b"x" * 500})
    assert sent.status_code in {200, 204}
    with scope.entered([cast.school]):
        with pytest.raises(InvalidInputError, match="类型"):
            files.collect(
                inbox.ticket, tenant_id=cast.school, now=NOW, max_bytes=1000, media_types=["application/pdf"]
            )
        with pytest.raises(InvalidInputError, match="上限"):
            files.collect(inbox.ticket, tenant_id=cast.school, now=NOW, max_bytes=100)
        with pytest.raises(InvalidInputError, match="不属于"):
            files.collect(inbox.ticket, tenant_id=cast.other_school, now=NOW, max_bytes=1000)
        ref = files.collect(
            inbox.ticket, tenant_id=cast.school, now=NOW, max_bytes=1000, media_types=["image/png"]
        )
        assert files.read(ref.id).startswith(PNG) and ref.size == 508
        with pytest.raises(InvalidInputError, match="没有收到"):
            files.collect(inbox.ticket, tenant_id=cast.school, now=NOW, max_bytes=1000)


@pytest.fixture
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what waits for the commit happen at once: a test's transaction never commits."""
    monkeypatch.setattr(transaction, "on_commit", lambda deed, *given, **named: deed())


def test_what_nobody_takes_in_is_swept_after_a_day(cast: Cast, objects: ObjectStore) -> None:
    inbox = objects.inbox(cast.school, max_bytes=1000)
    httpx.post(inbox.address, data=inbox.fields, files={"file": PNG})
    now = timezone.now()
    assert files.sweep_inbox(now) == 0
    assert files.sweep_inbox(now + timedelta(days=1, minutes=1)) == 1
    assert files.direct_origin() == inbox.address.rsplit("/", 1)[0]


def test_the_store_refuses_more_than_was_granted(cast: Cast, objects: ObjectStore) -> None:
    inbox = objects.inbox(cast.school, max_bytes=100)
    policy = json.loads(base64.b64decode(inbox.fields["policy"]))
    assert ["content-length-range", 1, 100] in policy["conditions"]


def test_the_doctor_checks_and_names_what_is_wrong(object_server: ObjectStoreSettings) -> None:
    assert ObjectStore(object_server).check() == "bucket school"
    with pytest.raises(StoreUnavailableError, match="NoSuchBucket"):
        ObjectStore(replace(object_server, bucket="no-such-bucket")).check()
    nobody = replace(object_server, endpoint="http://127.0.0.1:1")
    with pytest.raises(StoreUnavailableError, match="连不上"):
        ObjectStore(nobody).check()


@pytest.mark.parametrize(("name", "value"), [("ENDPOINT", "https://x"), ("REGION", "cn-north-1")])
def test_settings_without_a_bucket_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ZHIWEI_S3_{name}", value)
    with pytest.raises(env.SettingError, match="ZHIWEI_S3_BUCKET"):
        env.object_store()


def test_without_an_object_store_direct_uploads_are_refused(cast: Cast) -> None:
    store.objects.cache_clear()
    with pytest.raises(InvalidInputError, match="直传"):
        files.collect("x", tenant_id=cast.school, now=NOW, max_bytes=1)
