"""The kernel's addresses."""

from django.urls import path

from zhiwei.kernel.web import consents, desk, directory, entrance, rosters, teaching, workroom

app_name = "kernel"
urlpatterns = [
    path("", desk.home, name="home"),
    path("sign-in/", entrance.sign_in, name="sign_in"),
    path("link/<str:token>/", entrance.use_link, name="use_link"),
    path("sign-out/", entrance.sign_out, name="sign_out"),
    path("language/", entrance.language, name="language"),
    path("account/", desk.account, name="account"),
    path("account/act-as/", desk.act_as, name="act_as"),
    path("account/devices/<int:device_id>/end/", desk.end_device, name="end_device"),
    path("notifications/", desk.notifications, name="notifications"),
    path("search/", directory.search, name="search"),
    path("people/", directory.people, name="people"),
    path("people/export.xlsx", directory.people_export, name="people_export"),
    path("people/<uuid:person_uuid>/", directory.person, name="person"),
    path("people/<uuid:person_uuid>/link/", directory.sign_in_link, name="person_link"),
    path("classes/", teaching.classes, name="classes"),
    path("classes/assign/", teaching.assign, name="assign_class"),
    path("classes/posts/<int:holding_id>/end/", teaching.end_post, name="end_post"),
    path("consents/", consents.consents, name="consents"),
    path("consents/letter/<int:class_id>/", consents.consent_letter, name="consent_letter"),
    path("my-consents/", consents.own_consents, name="own_consents"),
    path("my-consents/<uuid:person_uuid>/give/", consents.give, name="give_consent"),
    path("my-consents/<int:consent_id>/withdraw/", consents.withdraw, name="withdraw_consent"),
    path("deliveries/", workroom.delivery_list, name="deliveries"),
    path("deliveries/<int:delivery_id>/again/", workroom.deliver_again, name="deliver_again"),
    path("rosters/", rosters.roster_list, name="rosters"),
    path("rosters/template.xlsx", rosters.roster_template, name="roster_template"),
    path("rosters/<uuid:import_uuid>/", rosters.roster, name="roster"),
    path("rosters/<uuid:import_uuid>/state/", rosters.roster_state, name="roster_state"),
    path("rosters/<uuid:import_uuid>/problems.xlsx", rosters.roster_problems, name="roster_problems"),
    path("rosters/<uuid:import_uuid>/confirm/", rosters.roster_confirm, name="roster_confirm"),
    path("rosters/<uuid:import_uuid>/discard/", rosters.roster_discard, name="roster_discard"),
    path("audit/", workroom.trail, name="audit"),
    path("jobs/", workroom.job_list, name="jobs"),
    path("jobs/<uuid:job_uuid>/", workroom.job, name="job"),
    path("jobs/<uuid:job_uuid>/state/", workroom.job_state, name="job_state"),
    path("jobs/<uuid:job_uuid>/cancel/", workroom.cancel_job, name="cancel_job"),
    path("jobs/<uuid:job_uuid>/again/", workroom.run_job_again, name="run_job_again"),
]
