"""Learning's place in Django."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Learner model, practice, paths."""

    name = "zhiwei.learning"
    label = "learning"
    verbose_name = "学习"

    def ready(self) -> None:
        """Register policy, navigation and the consumer of released marks."""
        from zhiwei.ai import api as ai
        from zhiwei.data import api as data
        from zhiwei.data.values import Flow
        from zhiwei.kernel import navigation
        from zhiwei.kernel.rules import policy
        from zhiwei.learning import tasks
        from zhiwei.learning.queries.companion import PracticeTasks
        from zhiwei.learning.rules import learning_policy
        from zhiwei.learning.web.entries import ENTRIES

        policy.register(learning_policy.POLICY)
        navigation.register(ENTRIES)
        ai.register_tasks("practice", PracticeTasks())
        tasks.listen()
        data.register_flows(
            (
                Flow(("assessment.Response.score",), "learning.Observation.score", tasks.RELEASED),
                Flow(("assessment.Response.saved_at",), "learning.Observation.at", tasks.RELEASED),
                Flow(
                    ("learning.Observation.share",),
                    "learning.Mastery.estimate",
                    "learning.services.projecting",
                ),
            )
        )
