"""What the AI room has sealed follows a tenant's new key, and goes with the person it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from zhiwei.ai.models import Alert, Call, CallContent, Provider
from zhiwei.ai.services.accounting import CONTENT_PURPOSE
from zhiwei.ai.services.grants import SEALED_FOR
from zhiwei.ai.services.guarding import ALERT_PURPOSE
from zhiwei.ai.services.sealing import seal, unseal_of
from zhiwei.kernel import keys
from zhiwei.kernel.erasure import Subject

BATCH = 200


def behind(tenant_id: int, version: int) -> int:
    """Return how much is sealed under versions older than this one."""
    contents = CallContent.objects.filter(tenant_id=tenant_id, key_version__lt=version).count()
    alerts = Alert.objects.filter(tenant_id=tenant_id, key_version__lt=version).count()
    return contents + alerts + len(_old_secrets(tenant_id, version))


def renew(tenant_id: int, version: int) -> int:
    """Seal some of it anew under the newest key; tells how much."""
    key, newest = keys.data_key(tenant_id, timezone.now())
    contents = CallContent.objects.filter(tenant_id=tenant_id, key_version__lt=version)[:BATCH]
    alerts = Alert.objects.filter(tenant_id=tenant_id, key_version__lt=version)[:BATCH]
    done = sum(_again(row, "sealed", CONTENT_PURPOSE, key, newest) for row in contents)
    done += sum(_again(row, "sealed", ALERT_PURPOSE, key, newest) for row in alerts)
    return done + sum(
        _again(row, "secret", SEALED_FOR, key, newest) for row in _old_secrets(tenant_id, version)
    )


def erase(subject: Subject, now: datetime) -> Mapping[str, int]:
    """Remove what was said in a person's calls, and in calls about the person; usage stays in the books."""
    del now
    rows = _contents(subject)
    count = rows.count()
    rows.delete()
    return {"模型调用内容": count}


def remaining(subject: Subject) -> Mapping[str, int]:
    """Return what is still there of a person's calls."""
    return {"模型调用内容": _contents(subject).count()}


def _contents(subject: Subject) -> QuerySet[CallContent]:
    calls = Call.objects.filter(person_id=subject.person_id) | Call.objects.filter(about_id=subject.person_id)
    return CallContent.objects.filter(call_uuid__in=calls.values("uuid"))


def _old_secrets(tenant_id: int, version: int) -> list[Provider]:
    rows = Provider.objects.filter(tenant_id=tenant_id, key_version__lt=version)
    return [row for row in rows if row.secret]


def _again(row: CallContent | Alert | Provider, field: str, purpose: str, key: bytes, version: int) -> int:
    plain = unseal_of(row.tenant_id, row.key_version, bytes(getattr(row, field)), purpose)
    setattr(row, field, seal(key, plain, purpose))
    row.key_version = version
    row.save(update_fields=[field, "key_version"])
    return 1
