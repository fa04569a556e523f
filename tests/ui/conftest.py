"""The ui room alone: its templates, tags and sample pages without any other room."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from django.utils import translation

from zhiwei.ui.messages import compile_all

ALONE = {
    "INSTALLED_APPS": ["django.contrib.staticfiles", "zhiwei.ui"],
    "MIDDLEWARE": ["ui_test_urls.strict_policy"],
    "ROOT_URLCONF": "ui_test_urls",
    "STATIC_URL": "/static/",
    "STORAGES": {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
    "LANGUAGE_CODE": "zh-hans",
    "LANGUAGES": [("zh-hans", "中文"), ("en", "English")],
    "USE_I18N": True,
    "TIME_ZONE": "Asia/Shanghai",
    "ALLOWED_HOSTS": ["*"],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    ],
}


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    compile_all()


@pytest.fixture(autouse=True)
def ui_alone() -> Iterator[None]:
    with override_settings(**ALONE), translation.override("zh-hans"):
        yield
