"""The WSGI application that the web server runs (see docs/decisions/0002-wsgi.md).

Calls to models (``/v1``) go to the gateway's own application; on the site's port only half the threads may be
waiting for models at once, the rest stay free for pages.
"""

import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from django.core.wsgi import get_wsgi_application

from zhiwei.config import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiwei.config.settings")
pages = get_wsgi_application()

from zhiwei.ai.gateway.app import Application  # noqa: E402
from zhiwei.ai.services.shared import the_gateway  # noqa: E402

models = Application(the_gateway, places=max(env.whole("ZHIWEI_WEB_THREADS", 4, low=1, high=64) // 2, 1))


def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """Answer a request: models by the gateway, everything else by the site."""
    if environ.get("PATH_INFO", "").startswith("/v1/"):
        return models(environ, start)
    return pages(environ, start)
