"""Addresses of the AI room."""

from django.urls import URLPattern, URLResolver, path

from zhiwei.ai.web import knowledge_urls, overview

app_name = "ai"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.home, name="home"),
    *knowledge_urls.urlpatterns,
]
