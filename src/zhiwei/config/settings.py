"""Django settings, replaced as the house grows."""

SECRET_KEY = "only-for-type-checking"  # noqa: S105
INSTALLED_APPS: list[str] = []
USE_TZ = True
