"""Keys get a purpose and the name of the master key that wraps them; sealed columns beside the plain ones."""

import django.db.models.deletion
from django.db import migrations, models

import zhiwei.kernel.sealed


class Migration(migrations.Migration):

    dependencies = [("kernel", "0006_sign_in_and_elevation")]

    operations = [
        migrations.CreateModel(
            name="PlatformKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=8, verbose_name="用途")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                ("wrapped", models.BinaryField(verbose_name="封装后的密钥")),
                ("wrapped_by", models.CharField(blank=True, max_length=16, verbose_name="主密钥指纹")),
                ("created_at", models.DateTimeField(verbose_name="创建时间")),
            ],
            options={
                "verbose_name": "平台密钥",
                "constraints": [models.UniqueConstraint(fields=("purpose", "version"), name="platform_key_once")],
            },
        ),
        migrations.AddField(
            "tenantkey", "purpose", models.CharField(default="data", max_length=8, verbose_name="用途")
        ),
        migrations.AddField(
            "tenantkey", "wrapped_by", models.CharField(blank=True, max_length=16, verbose_name="主密钥指纹")
        ),
        migrations.RemoveConstraint("tenantkey", "tenant_key_version_once"),
        migrations.AddConstraint(
            "tenantkey",
            models.UniqueConstraint(fields=("tenant", "purpose", "version"), name="tenant_key_once"),
        ),
        migrations.RemoveConstraint("person", "person_source_key_once"),
        migrations.RenameField("person", "birth_on", "plain_birth_on"),
        migrations.RenameField("person", "phone", "plain_phone"),
        migrations.RenameField("person", "source_key", "plain_source_key"),
        migrations.AddField(
            "person", "birth_on", zhiwei.kernel.sealed.SealedDateField(label="person.birth_on", verbose_name="出生日期")
        ),
        migrations.AddField(
            "person", "phone", zhiwei.kernel.sealed.SealedTextField(label="person.phone", verbose_name="手机")
        ),
        migrations.AddField(
            "person",
            "source_key",
            zhiwei.kernel.sealed.SealedTextField(label="person.source_key", verbose_name="来源标识（如学籍号）"),
        ),
        migrations.AddField(
            "person",
            "source_index",
            zhiwei.kernel.sealed.BlindIndexField(
                label="person.source_key", source="source_key", verbose_name="来源标识盲索引"
            ),
        ),
    ]
