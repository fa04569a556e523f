"""Addresses of bringing in and of quality."""

from django.urls import URLPattern, path

from zhiwei.data.web import connections, mapping, quality, rejected, rules, runs, sources

_SOURCE = "sources/<uuid:source_uuid>/"
_RUN = "quality/runs/<uuid:run_uuid>/"
_DATASET = "quality/of/<str:key>/"

source_urls: list[URLPattern] = [
    path("sources/", sources.sources, name="sources"),
    path("sources/new/", sources.new, name="source_new"),
    path(_SOURCE, sources.source, name="source"),
    path(f"{_SOURCE}state/", sources.source_state, name="source_state"),
    path(f"{_SOURCE}table/", sources.choose_table, name="source_table"),
    path(f"{_SOURCE}columns/", mapping.mapping, name="source_mapping"),
    path(f"{_SOURCE}bring-in/", sources.bring_in, name="source_bring_in"),
    path(f"{_SOURCE}drop/", sources.drop, name="source_drop"),
    path(f"{_SOURCE}<int:number>/rejected/", rejected.rejected, name="rejected"),
    path(f"{_SOURCE}<int:number>/rejected/file/", rejected.rejected_file, name="rejected_file"),
    path("connections/", connections.connections, name="connections"),
    path("connections/<uuid:connection_uuid>/look/", connections.look_again, name="connection_look"),
    path("connections/<uuid:connection_uuid>/drop/", connections.drop_connection, name="connection_drop"),
    path("quality/", quality.quality, name="quality"),
    path("quality/find/", quality.find, name="quality_find"),
    path("quality/reports/", quality.make_report, name="report_new"),
    path("quality/reports/<uuid:report_uuid>/", quality.report, name="report"),
    path("quality/rules/<uuid:rule_uuid>/drop/", rules.rule_drop, name="rule_drop"),
    path(_RUN, runs.run, name="quality_run"),
    path(f"{_RUN}state/", runs.run_state, name="quality_run_state"),
    path(f"{_RUN}<int:position>/", runs.failing, name="failing"),
    path(f"{_RUN}<int:position>/file/", runs.failing_file, name="failing_file"),
    path(_DATASET, quality.one_dataset, name="dataset"),
    path(f"{_DATASET}check/", quality.check_dataset, name="dataset_check"),
    path(f"{_DATASET}suggestions/", quality.take_over, name="dataset_take_over"),
    path(f"{_DATASET}rules/new/", rules.rule_new, name="rule_new"),
]
