"""The data room's place in Django."""

from django.apps import AppConfig


class DataConfig(AppConfig):
    """Catalogue, corpora, releases."""

    name = "zhiwei.data"
    label = "data"
    verbose_name = "数据"

    def ready(self) -> None:
        """Register policy and navigation."""
        from zhiwei.data.rules import data_policy
        from zhiwei.data.web.entries import ENTRIES
        from zhiwei.kernel import navigation
        from zhiwei.kernel.rules import policy

        policy.register(data_policy.POLICY)
        navigation.register(ENTRIES)
