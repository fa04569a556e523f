"""What an administrator does about how somebody else gets in: undo an institution's link, end all sessions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhiwei.kernel import audit, clock
from zhiwei.kernel.access import access_person
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.models import Person
from zhiwei.kernel.services import accounts, identity_providers
from zhiwei.kernel.values import Level, Role, Verb
from zhiwei.kernel.web.acting import actor_of, signed_in


@require_POST
@signed_in(Role.SCHOOL_ADMIN)
def unlink_identity(request: HttpRequest, person_uuid: str) -> HttpResponse:
    """Undo whom an institution vouched for, so that the next sign-in is matched anew."""
    found = _other(request, person_uuid)
    if not identity_providers.unlink(actor=actor_of(request), now=clock.now(), person_id=found.pk):
        raise NotFoundError
    accounts.sign_out_devices(account_id=found.account_id or 0)
    messages.success(request, _("绑定已解除，此人的所有设备已退出；下次登录时重新核对。"))
    return redirect("kernel:person", person_uuid=person_uuid)


@require_POST
@signed_in(Role.SCHOOL_ADMIN)
def end_sessions(request: HttpRequest, person_uuid: str) -> HttpResponse:
    """Sign somebody out on every device."""
    found = _other(request, person_uuid)
    ended = accounts.sign_out_devices(account_id=found.account_id or 0)
    audit.record(
        actor=actor_of(request), verb=Verb.DELETE, kind="session", about_id=found.pk, now=clock.now(),
        level=Level.SENSITIVE, tenant_id=found.tenant_id, detail={"ended": ended},
    )  # fmt: skip
    messages.success(request, _("此人的所有设备已退出。"))
    return redirect("kernel:person", person_uuid=person_uuid)


def _other(request: HttpRequest, person_uuid: str) -> Person:
    """Return somebody else's person with an account, whom the actor manages."""
    actor = actor_of(request)
    found = access_person(actor, person_uuid, verb=Verb.MANAGE, level=Level.SENSITIVE)
    if found.account_id is None or found.account_id == actor.account_id:
        raise NotFoundError
    return found
