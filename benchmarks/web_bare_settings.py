"""Settings of the bare peer: the house's database and apps, no middleware, templates in memory."""

from zhiwei.config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.web_bare"
MIDDLEWARE: list[str] = []
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.locmem.Loader",
                    {"bare.html": "<!doctype html><title>x</title><form method=post>{{ form.as_p }}</form>"},
                )
            ]
        },
    }
]
