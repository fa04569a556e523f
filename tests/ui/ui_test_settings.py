"""Settings with the ui room alone."""

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
