"""Files in an S3-compatible store: against a real server process, encrypted by us, faults told in a sentence."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import boto3
import httpx
import pytest
from django.conf import settings
from tests.cast import NOW, Cast

from zhiwei.config import env
from zhiwei.kernel import files, scope, store
from zhiwei.kernel.errors import InvalidInputError, NotFoundError
from zhiwei.kernel.objectstore import ObjectStore, ObjectStoreSettings, StoreUnavailableError

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def server() -> Iterator[ObjectStoreSettings]:
    """An S3 server of another make, in a process of its own, with an empty bucket."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        where = ObjectStoreSettings("school", f"http://127.0.0.1:{port}", "us-east-1", "a", "b", "zw")
        client = boto3.client(
            "s3", endpoint_url=where.endpoint, aws_access_key_id="a", aws_secret_access_key="b",
            region_name="us-east-1",
        )  # fmt: skip
        for _attempt in range(150):
            try:
                client.create_bucket(Bucket="school")
                break
            except Exception:
                time.sleep(0.2)
        yield where
        process.kill()


@pytest.fixture
def objects(server: ObjectStoreSettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    """The platform with its files in that server."""
    monkeypatch.setattr(settings, "OBJECT_STORE", asdict(server))
    store.objects.cache_clear()
    yield store.objects()
    store.objects.cache_clear()


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


def test_the_doctor_checks_and_names_what_is_wrong(server: ObjectStoreSettings) -> None:
    assert ObjectStore(server).check() == "bucket school"
    with pytest.raises(StoreUnavailableError, match="NoSuchBucket"):
        ObjectStore(replace(server, bucket="no-such-bucket")).check()
    nobody = replace(server, endpoint="http://127.0.0.1:1")
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
