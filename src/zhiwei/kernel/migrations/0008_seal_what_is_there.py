"""Seals the level-4 fields that lie in the tables in plain text, school by school."""

from django.conf import settings
from django.db import migrations
from django.utils import timezone

from zhiwei.kernel import keys, scope

PIECE = 2000


def keep_the_root(apps, schema_editor):
    """An installation that has keys goes on with what it derived from its master key so far."""
    platform = apps.get_model("kernel", "PlatformKey")
    with scope.everywhere("migration"):
        if apps.get_model("kernel", "TenantKey").objects.exists() and not platform.objects.exists():
            root = settings.MASTER_KEYS[0]
            platform.objects.create(
                purpose="root", version=1, wrapped=keys.wrap(root, keys.bound(0, "root", 1)),
                wrapped_by=keys.fingerprint(root), created_at=timezone.now(),
            )


def seal_people(apps, schema_editor):
    person = apps.get_model("kernel", "Person")
    with scope.everywhere("migration"):
        rows = person.objects.exclude(plain_phone="", plain_source_key="", plain_birth_on__isnull=True)
        last = 0
        while piece := list(rows.filter(pk__gt=last).order_by("pk")[:PIECE]):
            for row in piece:
                row.phone, row.source_key = row.plain_phone, row.plain_source_key
                row.birth_on = row.plain_birth_on
            person.objects.bulk_update(piece, ["phone", "source_key", "source_index", "birth_on"])
            last = piece[-1].pk


class Migration(migrations.Migration):

    dependencies = [("kernel", "0007_envelope_keys")]

    operations = [
        migrations.RunPython(keep_the_root, migrations.RunPython.noop),
        migrations.RunPython(seal_people, migrations.RunPython.noop),
    ]
