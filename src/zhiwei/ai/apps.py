"""The AI room's place in Django."""

from django.apps import AppConfig


class AiConfig(AppConfig):
    """Gateway, knowledge bases, companion, a model as one more marker."""

    name = "zhiwei.ai"
    label = "ai"
    verbose_name = "智能"

    def ready(self) -> None:
        """Register policy and navigation."""
        from zhiwei.ai import knowledge_tasks
        from zhiwei.ai.rules import ai_policy, companion_policy, knowledge_policy
        from zhiwei.ai.services import keeping
        from zhiwei.ai.web.entries import ENTRIES
        from zhiwei.ai.web.knowledge_entries import KNOWLEDGE_ENTRIES
        from zhiwei.kernel import erasure, navigation, sealed
        from zhiwei.kernel.rules import policy

        del knowledge_tasks
        policy.register(ai_policy.POLICY)
        policy.register(knowledge_policy.POLICY)
        policy.register(companion_policy.POLICY)
        navigation.register(ENTRIES)
        navigation.register(KNOWLEDGE_ENTRIES)
        sealed.register_keeper(sealed.Keeper("model calls", keeping.behind, keeping.renew))
        erasure.register("ai.calls", keeping.erase, remaining=keeping.remaining)
