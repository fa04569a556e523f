"""Titles of dialogues and notes on crisis signals lie sealed, like the words they stand over."""

from django.db import migrations, models

import zhiwei.kernel.sealed
from zhiwei.kernel import scope

PIECE = 1000


def seal(apps, schema_editor):
    with scope.everywhere("migration"):
        for model, plain, sealed in (("Dialogue", "plain_title", "title"), ("Alert", "plain_note", "note")):
            rows = apps.get_model("ai", model).objects.exclude(**{plain: ""}).order_by("pk")
            last = 0
            while piece := list(rows.filter(pk__gt=last)[:PIECE]):
                for row in piece:
                    setattr(row, sealed, getattr(row, plain))
                rows.model.objects.bulk_update(piece, [sealed])
                last = piece[-1].pk


def column(label, words):
    return zhiwei.kernel.sealed.SealedTextField(label=label, verbose_name=words)


class Migration(migrations.Migration):

    dependencies = [("ai", "0004_marker"), ("kernel", "0011_erasure")]

    operations = [
        migrations.RenameField("dialogue", "title", "plain_title"),
        migrations.RenameField("alert", "note", "plain_note"),
        migrations.AlterField("dialogue", "plain_title", models.CharField(max_length=120, default="")),
        migrations.AddField("dialogue", "title", column("dialogue.title", "标题")),
        migrations.AddField("alert", "note", column("alert.note", "处理说明")),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
