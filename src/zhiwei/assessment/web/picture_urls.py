"""Addresses of the class picture."""

from django.urls import path

from zhiwei.assessment.web import picture

urlpatterns = [
    path("picture/", picture.pictures, name="pictures"),
    path("works/<uuid:work_uuid>/picture/", picture.first_class, name="picture_of_work"),
    path("works/<uuid:work_uuid>/picture/<int:class_id>/", picture.picture, name="picture"),
    path("works/<uuid:work_uuid>/picture/<int:class_id>/screen/", picture.screen, name="picture_screen"),
    path(
        "works/<uuid:work_uuid>/picture/<int:class_id>/take/<slug:form>/", picture.take, name="picture_take"
    ),
    path("picture/<int:class_id>/question/<uuid:item_uuid>/", picture.behind, name="picture_behind"),
    path("picture/file/<uuid:job_uuid>/", picture.file, name="picture_file"),
]
