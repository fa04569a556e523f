"""Addresses of the data room."""

from django.urls import URLPattern, URLResolver, path

from zhiwei.data.web import catalogue, corpora, home

app_name = "data"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/export/", catalogue.export, name="catalogue_export"),
    path("catalogue/<str:key>/", catalogue.one_field, name="field"),
    path("corpora/", corpora.corpora, name="corpora"),
]
