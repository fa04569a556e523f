"""Drops the plain columns of what is sealed now."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("kernel", "0008_seal_what_is_there")]

    operations = [
        migrations.RemoveField("person", "plain_birth_on"),
        migrations.RemoveField("person", "plain_phone"),
        migrations.RemoveField("person", "plain_source_key"),
        migrations.AddConstraint(
            "person",
            models.UniqueConstraint(
                fields=("tenant", "source_index"),
                condition=~Q(source_index=""),
                name="person_source_once",
            ),
        ),
    ]
