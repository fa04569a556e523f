"""The data room's place in Django."""

from django.apps import AppConfig


class DataConfig(AppConfig):
    """Catalogue, corpora, releases."""

    name = "zhiwei.data"
    label = "data"
    verbose_name = "数据"

    def ready(self) -> None:
        """Register policy, navigation and the eraser."""
        from zhiwei.data.queries.sharing import offer_pupils
        from zhiwei.data.rules import data_policy, sharing_policy
        from zhiwei.data.services import recalling
        from zhiwei.data.web.entries import ENTRIES
        from zhiwei.kernel import erasure, navigation
        from zhiwei.kernel.rules import policy

        policy.register(data_policy.POLICY)
        policy.register(sharing_policy.POLICY)
        navigation.register(ENTRIES)
        offer_pupils()
        erasure.register(recalling.ERASER, recalling.erase, remaining=recalling.remaining)
