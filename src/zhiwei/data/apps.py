"""The data room's place in Django."""

from django.apps import AppConfig


class DataConfig(AppConfig):
    """Catalogue, corpora, releases."""

    name = "zhiwei.data"
    label = "data"
    verbose_name = "数据"

    def ready(self) -> None:
        """Register policy, navigation and the eraser."""
        from zhiwei.data import source_tasks
        from zhiwei.data.queries import sources
        from zhiwei.data.queries.sharing import offer_pupils
        from zhiwei.data.rules import data_policy, products, sharing_policy, source_policy
        from zhiwei.data.services import forgetting, recalling
        from zhiwei.data.web.entries import ENTRIES
        from zhiwei.kernel import erasure, navigation
        from zhiwei.kernel.rules import policy

        policy.register(data_policy.POLICY)
        policy.register(sharing_policy.POLICY)
        policy.register(source_policy.POLICY)
        navigation.register(ENTRIES)
        offer_pupils()
        erasure.register(recalling.ERASER, recalling.erase, remaining=recalling.remaining)
        erasure.register(forgetting.ERASER, forgetting.erase, remaining=forgetting.remaining)
        products.register_fields("data.sources", sources.catalogue_lines)
        del source_tasks
