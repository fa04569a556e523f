"""The curriculum's addresses."""

from django.urls import path

from zhiwei.curriculum.web import assistant, bank, editor, exchange, graph, item, resources, workbench

app_name = "curriculum"
urlpatterns = [
    path("items/", bank.items, name="items"),
    path("items/new/", editor.new_item, name="new_item"),
    path("items/save/", editor.save, name="save_new_item"),
    path("items/preview/", workbench.preview, name="preview_item"),
    path("items/try/", workbench.try_answer, name="try_answer"),
    path("items/alike/", workbench.alike, name="alike_items"),
    path("items/suggest/", workbench.suggest, name="suggest_points"),
    path("items/<uuid:item_uuid>/", item.item, name="item"),
    path("items/<uuid:item_uuid>/edit/", editor.edit_item, name="edit_item"),
    path("items/<uuid:item_uuid>/save/", editor.save, name="save_item"),
    path("items/<uuid:item_uuid>/step/", item.step, name="item_step"),
    path("items/import/", exchange.import_items, name="import_items"),
    path("items/import/confirm/", exchange.confirm_import, name="confirm_import"),
    path("items/import/template/", exchange.import_template, name="import_template"),
    path("items/export/", exchange.export_items, name="export_items"),
    path("resources/", resources.resources, name="resources"),
    path("resources/new/", resources.edit_resource, name="new_resource"),
    path("resources/<uuid:resource_uuid>/", resources.resource, name="resource"),
    path("resources/<uuid:resource_uuid>/edit/", resources.edit_resource, name="edit_resource"),
    path("resources/<uuid:resource_uuid>/file/", resources.download, name="resource_file"),
    path("assistant/", assistant.assistant, name="assistant"),
    path("assistant/<uuid:draft_uuid>/keep/", assistant.keep, name="keep_draft"),
    path("assistant/<uuid:draft_uuid>/reject/", assistant.reject, name="reject_draft"),
    path("graph/", graph.graph, name="graph"),
    path("graph/data/", graph.data, name="graph_data"),
    path("points/", graph.tree, name="points"),
    path("points/search/", graph.search, name="search_points"),
    path("points/export/<str:form>/", graph.export, name="export_points"),
    path("points/<str:key>/", graph.point, name="point"),
]
