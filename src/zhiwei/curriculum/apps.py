"""The curriculum's place in Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CurriculumConfig(AppConfig):
    """Knowledge graph and item bank."""

    name = "zhiwei.curriculum"
    label = "curriculum"
    verbose_name = "课程"

    def ready(self) -> None:
        """Register policy and navigation."""
        from zhiwei.ai import api as ai
        from zhiwei.curriculum.queries import wrong_ideas
        from zhiwei.curriculum.rules import curriculum_policy
        from zhiwei.kernel import navigation
        from zhiwei.kernel.navigation import Entry
        from zhiwei.kernel.rules import policy
        from zhiwei.kernel.values import STAFF_ROLES

        policy.register(curriculum_policy.POLICY)
        ai.register_wrong_ideas(wrong_ideas.of_subject)
        navigation.register(
            [
                Entry(_("题库"), "library", "curriculum:items", STAFF_ROLES, 30),
                Entry(_("图谱"), "network", "curriculum:graph", STAFF_ROLES, 35),
                Entry(_("资源"), "book-open", "curriculum:resources", STAFF_ROLES, 36),
            ]
        )
