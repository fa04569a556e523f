"""Addresses: each room's own under its name; the kernel's at the root."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from zhiwei.config import rest

urlpatterns: list[URLPattern | URLResolver] = [path("", include("zhiwei.kernel.web.urls"))]
for room in ("ui", "curriculum", "assessment", "learning", "data", "ai"):
    if (
        find_spec(f"zhiwei.{room}")
        and find_spec(f"zhiwei.{room}.web")
        and find_spec(f"zhiwei.{room}.web.urls")
    ):
        urlpatterns.append(path(f"{room}/", include(f"zhiwei.{room}.web.urls")))

urlpatterns += [path("api/v1/docs/", rest.document, name="api_docs"), path("api/v1/", rest.api.urls)]

handler404 = "zhiwei.kernel.web.errors.not_found"
handler500 = "zhiwei.kernel.web.errors.server_error"
