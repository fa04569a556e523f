"""Addresses of the AI room."""

from django.urls import URLPattern, URLResolver, path

from zhiwei.ai.web import companion_urls, gateway_urls, knowledge_urls, overview

app_name = "ai"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.home, name="home"),
    *gateway_urls.urlpatterns,
    *knowledge_urls.urlpatterns,
    *companion_urls.urlpatterns,
]
