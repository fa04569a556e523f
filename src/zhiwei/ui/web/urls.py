"""Pages of the ui room; the composition root decides where they hang and who may see them."""

from __future__ import annotations

from django.urls import path

from zhiwei.ui.web import views

app_name = "ui"
urlpatterns = [
    path("components/", views.components, name="components"),
    path("components/progress/", views.sample_progress, name="sample-progress"),
    path("components/search/", views.sample_search, name="sample-search"),
    path("offline/", views.offline, name="offline"),
]
