"""The gateway as a process of its own: many threads that wait for models, beside the site's few."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiwei.config.settings")
django.setup()

from zhiwei.ai.gateway.app import Application  # noqa: E402
from zhiwei.ai.services.shared import the_gateway  # noqa: E402

the_gateway()  # reads its lists before the first call, not while many wait
application = Application(the_gateway)
