"""What was sealed by the migration before goes from the tables."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("ai", "0005_seal_titles_and_notes")]

    operations = [
        migrations.RemoveField("dialogue", "plain_title"),
        migrations.RemoveField("alert", "plain_note"),
    ]
