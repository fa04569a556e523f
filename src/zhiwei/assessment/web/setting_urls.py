"""Addresses of setting works."""

from django.urls import path

from zhiwei.assessment.web import setting, setting_items, setting_list, setting_people

urlpatterns = [
    path("works/", setting_list.works, name="works"),
    path("works/trash/", setting_list.trash, name="works-trash"),
    path("works/new/", setting.new_work, name="new-work"),
    path("works/<uuid:work_uuid>/", setting_list.work, name="work"),
    path("works/<uuid:work_uuid>/edit/", setting.edit_work, name="edit-work"),
    path("works/<uuid:work_uuid>/act/<slug:act>/", setting.act_on_work, name="work-act"),
    path("works/<uuid:work_uuid>/people/", setting_people.people, name="work-people"),
    path("works/<uuid:work_uuid>/bank/", setting_items.bank, name="work-bank"),
    path("works/<uuid:work_uuid>/items/add/", setting_items.add, name="work-items-add"),
    path("works/<uuid:work_uuid>/items/typed/", setting_items.typed, name="work-items-typed"),
    path("works/<uuid:work_uuid>/items/arrange/", setting_items.arrange, name="work-items-arrange"),
]
