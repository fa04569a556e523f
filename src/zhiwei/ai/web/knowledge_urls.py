"""Addresses of knowledge bases."""

from django.urls import URLPattern, URLResolver, path

from zhiwei.ai.web import documents, knowledge

urlpatterns: list[URLPattern | URLResolver] = [
    path("knowledge/", knowledge.bases, name="knowledge"),
    path("knowledge/new/", knowledge.new, name="knowledge_new"),
    path("knowledge/<uuid:base_uuid>/", knowledge.base, name="knowledge_base"),
    path("knowledge/<uuid:base_uuid>/settings/", knowledge.settings, name="knowledge_settings"),
    path("knowledge/<uuid:base_uuid>/documents/", knowledge.documents, name="knowledge_documents"),
    path("knowledge/<uuid:base_uuid>/upload/", knowledge.upload, name="knowledge_upload"),
    path("knowledge/<uuid:base_uuid>/remove/", knowledge.remove, name="knowledge_remove"),
    path("documents/<uuid:document_uuid>/", documents.document, name="knowledge_document"),
    path("documents/<uuid:document_uuid>/pages/<int:number>.jpg", documents.page, name="knowledge_page"),
    path("documents/<uuid:document_uuid>/file/", documents.original, name="knowledge_file"),
    path("documents/<uuid:document_uuid>/replace/", documents.replace, name="knowledge_replace"),
    path("documents/<uuid:document_uuid>/audience/", documents.opened, name="knowledge_audience"),
    path("documents/<uuid:document_uuid>/remove/", documents.remove, name="knowledge_document_remove"),
]
