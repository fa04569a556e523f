"""Addresses of the wrong-answer book."""

from django.urls import path

from zhiwei.assessment.web import wrong_paper, wrongbook

urlpatterns = [
    path("wrong/", wrongbook.wrong_book, name="wrong_book"),
    path("wrong/of/<uuid:person_uuid>/", wrongbook.wrong_book_of, name="wrong_book_of"),
    path("wrong/<int:entry_id>/", wrongbook.entry, name="wrong_entry"),
    path("wrong/<int:entry_id>/cause/", wrongbook.cause, name="wrong_cause"),
    path("wrong/<int:entry_id>/again/", wrongbook.again, name="wrong_again"),
    path("wrong/<int:entry_id>/similar/", wrongbook.similar, name="wrong_similar"),
    path("wrong/<int:entry_id>/verdict/", wrongbook.verdict, name="wrong_verdict"),
    path("wrong/<int:entry_id>/self/", wrongbook.by_oneself, name="wrong_self"),
    path("wrong/paper/", wrong_paper.order, name="wrong_paper"),
    path("wrong/paper/<int:file_id>/", wrong_paper.fetch, name="wrong_paper_file"),
]
