"""The curriculum's place in Django."""

from django.apps import AppConfig


class CurriculumConfig(AppConfig):
    """Knowledge graph and item bank."""

    name = "zhiwei.curriculum"
    label = "curriculum"
    verbose_name = "课程"

    def ready(self) -> None:
        """Register policy and navigation."""
        from zhiwei.curriculum.rules import curriculum_policy
        from zhiwei.kernel.rules import policy

        policy.register(curriculum_policy.POLICY)
