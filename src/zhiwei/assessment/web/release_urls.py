"""Addresses of release, changes of key and rubric, and regrade requests."""

from django.urls import path

from zhiwei.assessment.web import regrades, release, revising

urlpatterns = [
    path("works/<uuid:work_uuid>/release/", release.release, name="release"),
    path("items/<uuid:item_uuid>/key/", revising.key, name="item-key"),
    path("items/<uuid:item_uuid>/rejudge/", revising.rejudge, name="item-rejudge"),
    path("regrades/", regrades.requests, name="regrades"),
    path("regrades/<int:request_id>/answer/", regrades.answer, name="regrade-answer"),
]
