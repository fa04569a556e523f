"""The kernel's place in Django; puts the kernel's policy rows in force."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Organisations, people, access, audit, files, jobs, outbox."""

    name = "zhiwei.kernel"
    label = "kernel"
    verbose_name = "基础"

    def ready(self) -> None:
        """Register the policy and the navigation."""
        from django.utils.translation import gettext_lazy as _

        from zhiwei.kernel import keys, navigation, sealed
        from zhiwei.kernel.navigation import Entry
        from zhiwei.kernel.rules import kernel_policy, policy, trust_policy
        from zhiwei.kernel.services import resealing
        from zhiwei.kernel.values import STAFF_ROLES, Role

        sealed.install(keys)
        sealed.register_keeper(sealed.Keeper("small secrets", resealing.behind, resealing.renew))
        policy.register(kernel_policy.POLICY)
        policy.register(trust_policy.POLICY)
        overseers = frozenset({Role.AUDITOR, Role.SECURITY_OFFICER, Role.PRINCIPAL})
        guards = frozenset(
            {Role.SCHOOL_ADMIN, Role.SECURITY_OFFICER, Role.DATA_OFFICER, Role.BUREAU_ADMIN, Role.PRINCIPAL}
        )
        keepers = frozenset({Role.DATA_OFFICER, Role.SCHOOL_ADMIN, Role.PRINCIPAL})
        navigation.register(
            [
                Entry(_("人员"), "users", "kernel:people", STAFF_ROLES, 60),
                Entry(_("花名"), "list-checks", "kernel:rosters", frozenset({Role.SCHOOL_ADMIN}), 70),
                Entry(_("审计"), "shield-check", "kernel:audit", overseers, 80),
                Entry(_("安全"), "shield", "kernel:safety", guards, 85),
                Entry(_("删除"), "trash-2", "kernel:erasures", keepers, 86),
                Entry(_("任务"), "activity", "kernel:jobs", STAFF_ROLES, 90),
            ]
        )
