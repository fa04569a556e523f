"""An S3 server of another make as a process of its own, and the platform with its files there."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict

import boto3
import pytest
from django.conf import settings

from zhiwei.kernel import store
from zhiwei.kernel.objectstore import ObjectStore, ObjectStoreSettings


@pytest.fixture(scope="session")
def object_server() -> Iterator[ObjectStoreSettings]:
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
def objects(object_server: ObjectStoreSettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStore]:
    """The platform with its files in that server."""
    monkeypatch.setattr(settings, "OBJECT_STORE", asdict(object_server))
    store.objects.cache_clear()
    yield store.objects()
    store.objects.cache_clear()
