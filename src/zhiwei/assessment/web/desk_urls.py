"""Addresses of the marking desk."""

from django.urls import path

from zhiwei.assessment.web import desk, desk_marks

urlpatterns = [
    path("desk/<uuid:item_uuid>/", desk.desk, name="desk"),
    path("desk/<uuid:item_uuid>/answers/", desk.answers, name="desk-answers"),
    path("desk/<uuid:item_uuid>/state/", desk.state, name="desk-state"),
    path("desk/<uuid:item_uuid>/group/", desk_marks.mark_group, name="desk-group"),
    path("desk/<uuid:item_uuid>/accept/", desk_marks.accept, name="desk-accept"),
    path("responses/<uuid:response_uuid>/mark/", desk_marks.mark, name="response-mark"),
    path("responses/<uuid:response_uuid>/undo/", desk_marks.undo, name="response-undo"),
    path("responses/<uuid:response_uuid>/flag/", desk_marks.flag, name="response-flag"),
    path("responses/<uuid:response_uuid>/tag/", desk_marks.tag, name="response-tag"),
    path("responses/<uuid:response_uuid>/files/<int:number>/", desk.answer_file, name="response-file"),
]
