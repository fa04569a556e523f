"""Addresses of learning."""

from django.urls import URLPattern, URLResolver, path

from zhiwei.learning.web import classes, pictures, practice, today

app_name = "learning"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", today.home, name="home"),
    path("start/", today.start, name="start"),
    path("practice/<uuid:practice_uuid>/", practice.practice, name="practice"),
    path("practice/<uuid:practice_uuid>/<int:position>/", practice.question, name="question"),
    path("practice/<uuid:practice_uuid>/<int:position>/answer/", practice.answer, name="answer"),
    path("practice/<uuid:practice_uuid>/<int:position>/hint/", practice.hint, name="hint"),
    path("map/", pictures.mastery_map, name="map"),
    path("path/", pictures.path, name="path"),
    path("progress/", pictures.progress, name="progress"),
    path("evidence/", pictures.evidence, name="evidence"),
    path("goal/", pictures.goal, name="goal"),
    path("of/<uuid:person_uuid>/map/", pictures.mastery_map, name="map_of"),
    path("of/<uuid:person_uuid>/path/", pictures.path, name="path_of"),
    path("of/<uuid:person_uuid>/progress/", pictures.progress, name="progress_of"),
    path("of/<uuid:person_uuid>/evidence/", pictures.evidence, name="evidence_of"),
    path("of/<uuid:person_uuid>/goal/", pictures.goal, name="goal_of"),
    path("of/<uuid:person_uuid>/story/", classes.story, name="story_of"),
    path("classes/", classes.classes, name="classes"),
    path("classes/<int:class_id>/<slug:subject>/", classes.picture, name="class"),
    path("classes/<int:class_id>/<slug:subject>/tiers/", classes.tiers, name="tiers"),
    path("classes/<int:class_id>/<slug:subject>/push/", classes.push, name="push"),
    path("classes/<int:class_id>/<slug:subject>/method/", classes.method, name="method"),
]
