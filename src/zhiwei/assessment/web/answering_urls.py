"""Addresses of answering."""

from django.urls import path

from zhiwei.assessment.web import answering, offline, photos, saving

urlpatterns = [
    path("offline.js", offline.worker, name="offline_worker"),
    path("today/", answering.today, name="today"),
    path("answer/<uuid:work_uuid>/", answering.cover, name="cover"),
    path("sittings/save/", saving.save_answers, name="save_answers"),
    path("sittings/<uuid:sitting_uuid>/", answering.sheet, name="sheet"),
    path("sittings/<uuid:sitting_uuid>/latest/", answering.latest, name="latest"),
    path("sittings/<uuid:sitting_uuid>/hand-in/", answering.hand_in, name="hand_in"),
    path("sittings/<uuid:sitting_uuid>/photos/<uuid:item_uuid>/", photos.add, name="add_photo"),
    path(
        "sittings/<uuid:sitting_uuid>/photos/<uuid:item_uuid>/<int:file_id>/remove/",
        photos.remove,
        name="remove_photo",
    ),
    path("photos/<uuid:sitting_uuid>/<int:file_id>/", photos.show, name="photo"),
]
