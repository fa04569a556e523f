"""Settings of the bare peers: the house's database and apps, sessions and sign-in, templates in memory."""

from zhiwei.config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.web_bare"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
ROWS = (
    "<!doctype html><title>x</title><p>{{ request.user.pk }}</p><table>{% for row in rows %}<tr>"
    '<td><a href="/read/{{ row.uuid }}/">{{ row.name }}</a></td><td>{{ row.number }}</td></tr>{% endfor %}</table>'
)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"],
            "loaders": [
                (
                    "django.template.loaders.locmem.Loader",
                    {
                        "rows.html": ROWS,
                        "bare.html": "<!doctype html><title>x</title><form method=post>{{ form.as_p }}</form>",
                    },
                )
            ],
        },
    }
]
