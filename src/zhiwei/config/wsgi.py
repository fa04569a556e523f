"""The WSGI application that the web server runs (see docs/decisions/0002-wsgi.md)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiwei.config.settings")
application = get_wsgi_application()
