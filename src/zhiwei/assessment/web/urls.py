"""Addresses of assessment: one module of addresses per topic."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

app_name = "assessment"

TOPICS = ("setting", "desk", "model", "release", "answering", "feedback", "wrongbook", "picture", "paper")
"""Each topic keeps its list in ``web/<topic>_urls.py``, full addresses below ``/assessment/`` and no namespace."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"zhiwei.assessment.web.{topic}_urls"))
    for topic in TOPICS
    if find_spec(f"zhiwei.assessment.web.{topic}_urls")
]
