"""Writes the entries of the items that are there."""

from django.db import migrations

from zhiwei.engines.indexing import codes, name_terms, terms_of
from zhiwei.kernel import scope

PIECE = 500
FACTS = ("subject", "type", "stage", "grade", "state", "audience", "sealed_until", "author_id", "difficulty")


def fill(apps, schema_editor):
    item, entry = apps.get_model("curriculum", "Item"), apps.get_model("curriculum", "ItemEntry")
    names = dict(apps.get_model("curriculum", "Point").objects.values_list("key", "name"))
    with scope.everywhere("migration"):
        last = 0
        while piece := list(item.objects.filter(pk__gt=last).order_by("pk")[:PIECE]):
            entry.objects.bulk_create([_entry(entry, row, names) for row in piece])
            last = piece[-1].pk


def _entry(entry, row, names):
    mine = [names[key] for key in row.points if key in names]
    terms = terms_of(row.search_text, mine) | {f"k:{key}" for key in row.points}
    return entry(
        item_id=row.pk,
        owner_id=row.tenant_id,
        words=sorted(codes(terms)),
        topics=sorted(codes(term for name in mine for term in name_terms(name))),
        **{name: getattr(row, name) for name in FACTS},
    )


class Migration(migrations.Migration):

    dependencies = [("curriculum", "0004_shared_entries")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
