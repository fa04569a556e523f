"""Addresses of the companion."""

from django.urls import URLPattern, URLResolver, path

from zhiwei.ai.web import companion, companion_grown

urlpatterns: list[URLPattern | URLResolver] = [
    path("companion/", companion.home, name="companion"),
    path("companion/begin/", companion.begin, name="companion_begin"),
    path("companion/pupils/", companion_grown.pupils, name="companion_pupils"),
    path("companion/pupils/<uuid:dialogue_uuid>/", companion_grown.read, name="companion_read"),
    path("companion/pupils/<uuid:dialogue_uuid>/answer/", companion_grown.answer, name="companion_answer"),
    path("companion/beside/<int:class_id>/", companion_grown.beside_class, name="companion_beside_class"),
    path("companion/children/", companion_grown.children, name="companion_children"),
    path("companion/children/<uuid:person_uuid>/", companion_grown.choose, name="companion_choose"),
    path(
        "companion/children/<uuid:person_uuid>/beside/", companion_grown.beside_child, name="companion_beside"
    ),
    path("companion/school/", companion_grown.school, name="companion_school"),
    path("companion/<uuid:dialogue_uuid>/", companion.dialogue, name="companion_dialogue"),
    path("companion/<uuid:dialogue_uuid>/turns/", companion.turns, name="companion_turns"),
    path("companion/<uuid:dialogue_uuid>/say/", companion.say, name="companion_say"),
    path("companion/<uuid:dialogue_uuid>/hint/", companion.hint, name="companion_hint"),
    path("companion/<uuid:dialogue_uuid>/hand/", companion.hand, name="companion_hand"),
    path("companion/<uuid:dialogue_uuid>/remove/", companion.remove, name="companion_remove"),
]
