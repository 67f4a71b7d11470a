"""A job can be dismissed by the operator; the table of the shared cache, which exists on every installation (Redis falls back to it)."""

from django.core.cache.backends.db import BaseDatabaseCache
from django.core.management.commands.createcachetable import Command
from django.db import migrations, models

CACHE_TABLE = "core_cache"


def make_cache_table(apps, schema_editor):
    command = Command()
    command.verbosity = 0
    command.create_table(schema_editor.connection.alias, CACHE_TABLE, dry_run=False)


def drop_cache_table(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {BaseDatabaseCache(CACHE_TABLE, {})._table}")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"), ("running", "Running"), ("done", "Done"), ("dead", "Needs a person"), ("dismissed", "Dismissed"),
                ],
                default="waiting", max_length=10,
            ),
        ),
        migrations.RunPython(make_cache_table, drop_cache_table),
    ]
