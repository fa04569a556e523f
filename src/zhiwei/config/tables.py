"""Tables of an empty database, made at once from the models.

Replaying every migration on an empty database draws each model hundreds of times over and takes the better part of a
minute; making the tables as the models are now takes a second. The migrations are then noted as applied, so that later
ones go on from there. ``tests/house/test_house_tables.py`` holds both ways against each other.
"""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration

ROOMS_PACKAGE = "zhiwei."


def found_when_empty(connection: BaseDatabaseWrapper) -> bool:
    """Make the rooms' tables if no migration of theirs was ever applied; returns whether it did.

    Libraries' tables (sessions, jobs) are made by their own migrations first. Statements that a migration of ours
    runs are run; what it does to data is not, since there is none.
    """
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith(ROOMS_PACKAGE)}
    if any(label in ours for label, _name in MigrationExecutor(connection).loader.applied_migrations):
        return False
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    for label in dict.fromkeys(one.app_label for one, _back in plan if one.app_label not in ours):
        call_command("migrate", label, verbosity=0, interactive=False)
    own = [one for one, _back in plan if one.app_label in ours]
    with connection.schema_editor() as editor:
        for label in sorted(ours):
            for model in apps.get_app_config(label).get_models():
                if model._meta.managed and not model._meta.proxy:
                    editor.create_model(model)
    _run_statements(connection, own)
    recorder = MigrationExecutor(connection).recorder
    for one in own:
        recorder.record_applied(one.app_label, one.name)
    return True


def _run_statements(connection: BaseDatabaseWrapper, migrations: list[Migration]) -> None:
    state = MigrationExecutor(connection).loader.project_state()
    with connection.schema_editor() as editor:
        for one in migrations:
            for operation in one.operations:
                if isinstance(operation, RunSQL):
                    operation.database_forwards(one.app_label, editor, state, state)
