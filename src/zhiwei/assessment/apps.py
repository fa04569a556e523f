"""Assessment's place in Django."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """Works, responses, marks, release."""

    name = "zhiwei.assessment"
    label = "assessment"
    verbose_name = "测评"

    def ready(self) -> None:
        """Register policy and navigation; hand in what the data centre may take."""
        from zhiwei.ai import api as ai
        from zhiwei.assessment import products
        from zhiwei.assessment.queries.companion import WorkTasks
        from zhiwei.assessment.rules import assessment_policy
        from zhiwei.assessment.services import forgetting
        from zhiwei.assessment.web.paper_tabs import PAPER
        from zhiwei.assessment.web.picture_tabs import PICTURES
        from zhiwei.assessment.web.pupil_tabs import TABS
        from zhiwei.assessment.web.staff_tabs import WORKS
        from zhiwei.kernel import erasure, navigation
        from zhiwei.kernel.rules import policy

        policy.register(assessment_policy.POLICY)
        erasure.register("assessment.paper", forgetting.erase, remaining=forgetting.remaining)
        navigation.register(TABS)
        navigation.register(WORKS)
        navigation.register(PICTURES)
        navigation.register(PAPER)
        ai.register_tasks("work", WorkTasks())
        products.hand_in()
