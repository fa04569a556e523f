"""The index is made anew: it carries what items are shared by, and the names of their knowledge points."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import zhiwei.curriculum.values
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('curriculum', '0003_draft'),
        ('kernel', '0011_erasure'),
    ]

    operations = [
        migrations.DeleteModel('ItemEntry'),
        migrations.CreateModel(
            name='ItemEntry',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='entry', serialize=False, to='curriculum.item', verbose_name='题目')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='kernel.organisation', verbose_name='所属单位')),
                ('subject', models.CharField(blank=True, max_length=30, verbose_name='学科')),
                ('type', models.CharField(max_length=20, verbose_name='题型')),
                ('stage', models.CharField(blank=True, max_length=20, verbose_name='学段')),
                ('grade', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='年级')),
                ('state', models.CharField(max_length=10, verbose_name='状态')),
                ('audience', models.CharField(default=zhiwei.curriculum.values.Audience['SCHOOL'], max_length=10, verbose_name='可见范围')),
                ('sealed_until', models.DateTimeField(blank=True, null=True, verbose_name='保密至')),
                ('author_id', models.BigIntegerField(default=0, verbose_name='作者')),
                ('difficulty', models.FloatField(blank=True, null=True, verbose_name='难度')),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None, verbose_name='检索词编号')),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, size=None, verbose_name='知识点名称词编号')),
            ],
            options={
                'verbose_name': '题目检索索引',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words', 'topics'], gin_pending_list_limit=512, name='item_entry_words')],
            },
        ),
    ]
