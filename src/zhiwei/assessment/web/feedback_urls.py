"""Addresses of released feedback."""

from django.urls import path

from zhiwei.assessment.web import feedback

urlpatterns = [
    path("feedback/<uuid:sitting_uuid>/", feedback.feedback, name="feedback"),
    path("feedback/<uuid:sitting_uuid>/preview/", feedback.preview, name="feedback_preview"),
    path("feedback/<uuid:sitting_uuid>/slip/", feedback.slip, name="feedback_slip"),
    path(
        "feedback/<uuid:sitting_uuid>/second-look/<uuid:response_uuid>/",
        feedback.second_look,
        name="second_look",
    ),
]
