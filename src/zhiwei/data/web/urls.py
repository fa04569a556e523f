"""Addresses of the data room."""

from django.urls import URLPattern, URLResolver, path

from zhiwei.data.web import (
    answers,
    catalogue,
    corpora,
    downloads,
    home,
    received,
    reviews,
    room,
    shares,
    versions,
)
from zhiwei.data.web.source_urls import source_urls

app_name = "data"

_CORPUS = "corpora/<uuid:corpus_uuid>/"
_VERSION = "versions/<uuid:version_uuid>/"
_SHARE = "shares/<uuid:share_uuid>/"
_RUN = f"{_SHARE}room/<uuid:run_uuid>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/export/", catalogue.export, name="catalogue_export"),
    path("catalogue/<str:key>/", catalogue.one_field, name="field"),
    path("corpora/", corpora.corpora, name="corpora"),
    path("corpora/new/", corpora.new, name="corpus_new"),
    path(_CORPUS, corpora.corpus, name="corpus"),
    path(f"{_CORPUS}state/", corpora.corpus_state, name="corpus_state"),
    path(f"{_CORPUS}build/", corpora.build, name="corpus_build"),
    path(f"{_CORPUS}drop/", corpora.drop, name="corpus_drop"),
    path(f"{_CORPUS}answers/", answers.entries, name="entries"),
    path(f"{_CORPUS}answers/<int:entry_id>/", answers.entry, name="entry"),
    path(f"{_CORPUS}answers/<int:entry_id>/keep/", answers.keep, name="entry_keep"),
    path(f"{_CORPUS}answers/<int:entry_id>/pictures/<int:place>/", answers.picture, name="entry_picture"),
    path(f"{_CORPUS}version/", versions.request_version, name="version_new"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<uuid:corpus_uuid>/", reviews.review, name="review"),
    path(_VERSION, versions.version, name="version"),
    path(f"{_VERSION}state/", versions.version_state, name="version_state"),
    path(f"{_VERSION}decide/", versions.decide, name="version_decide"),
    path(f"{_VERSION}grant/", versions.grant, name="version_grant"),
    path(f"{_VERSION}grants/<uuid:grant_uuid>/end/", versions.end_grant, name="grant_end"),
    path(f"{_VERSION}trace/", versions.trace, name="version_trace"),
    path("downloads/", downloads.downloads, name="downloads"),
    path("downloads/<uuid:grant_uuid>/", downloads.download, name="download"),
    path("shares/", shares.shares, name="shares"),
    path("shares/new/", shares.new, name="share_new"),
    path("shares/down/", shares.new_down, name="share_down"),
    path(_SHARE, shares.share, name="share"),
    path(f"{_SHARE}state/", shares.share_state, name="share_state"),
    path(f"{_SHARE}decide/", shares.decide, name="share_decide"),
    path(f"{_SHARE}end/", shares.end, name="share_end"),
    path(f"{_SHARE}rows/", shares.rows, name="share_rows"),
    path(f"{_SHARE}room/", room.room, name="room"),
    path(_RUN, room.run, name="run"),
    path(f"{_RUN}state/", room.run_state, name="run_state"),
    path(f"{_RUN}cancel/", room.run_cancel, name="run_cancel"),
    path(f"{_RUN}export/", room.export_ask, name="export_ask"),
    path(f"{_RUN}take/", room.export_take, name="export_take"),
    path("results/<uuid:run_uuid>/", room.export_review, name="export_review"),
    path("received/<uuid:row_uuid>/", received.received, name="received"),
    *source_urls,
]
