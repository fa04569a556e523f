"""Addresses of the model as marker."""

from django.urls import path

from zhiwei.assessment.web import model_marker

urlpatterns = [
    path("desk/<uuid:item_uuid>/model/", model_marker.marker, name="model-marker"),
    path("desk/<uuid:item_uuid>/model/try/", model_marker.begin_trial, name="model-try"),
    path("desk/<uuid:item_uuid>/model/mark/", model_marker.begin_marking, name="model-mark"),
]
