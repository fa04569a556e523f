"""Addresses of paper."""

from django.urls import path

from zhiwei.assessment.web import paper, paper_files, paper_in, paper_readings, paper_template, paper_tray

urlpatterns = [
    path("paper/", paper.works, name="paper_works"),
    path("paper/<uuid:work_uuid>/", paper.overview, name="paper"),
    path("paper/<uuid:work_uuid>/sheets/", paper_files.make_sheets, name="paper_make_sheets"),
    path("paper/<uuid:work_uuid>/out/", paper_files.make_out, name="paper_make_out"),
    path("paper/<uuid:work_uuid>/files/", paper_files.made, name="paper_made"),
    path("paper/files/<uuid:file_uuid>/", paper_files.download, name="paper_download"),
    path("paper/<uuid:work_uuid>/scans/", paper_in.upload, name="paper_upload"),
    path("paper/<uuid:work_uuid>/inbox/", paper_in.inbox, name="paper_inbox"),
    path("paper/<uuid:work_uuid>/batches/", paper_in.batches, name="paper_batches"),
    path("paper/batches/<uuid:batch_uuid>/", paper_in.batch, name="paper_batch"),
    path("paper/<uuid:work_uuid>/phone/", paper_in.phone, name="paper_phone"),
    path("paper/<uuid:work_uuid>/tray/", paper_tray.tray, name="paper_tray"),
    path("paper/<uuid:work_uuid>/accept/", paper_tray.accept, name="paper_accept"),
    path("paper/pages/<uuid:page_uuid>/place/", paper_tray.place, name="paper_place"),
    path("paper/pages/<uuid:page_uuid>/aside/", paper_tray.aside, name="paper_aside"),
    path("paper/pages/<uuid:page_uuid>/keep/", paper_tray.keep, name="paper_keep"),
    path("paper/pages/<uuid:page_uuid>/undo/", paper_tray.undo, name="paper_undo"),
    path("paper/pages/<uuid:page_uuid>/thumb/", paper_tray.thumb, name="paper_thumb"),
    path("paper/pages/<uuid:page_uuid>/image/", paper_tray.image, name="paper_image"),
    path("paper/<uuid:work_uuid>/readings/", paper_readings.readings, name="paper_readings"),
    path("paper/readings/<uuid:response_uuid>/", paper_readings.confirm, name="paper_confirm"),
    path("paper/readings/<uuid:response_uuid>/<int:file_id>/", paper_readings.crop, name="paper_crop"),
    path("paper/<uuid:work_uuid>/template/", paper_template.begin, name="paper_begin_template"),
    path("paper/templates/<uuid:template_uuid>/", paper_template.draw, name="paper_draw"),
    path("paper/templates/<uuid:template_uuid>/<int:number>/", paper_template.blank, name="paper_blank"),
]
