"""Signing in by an institution: out to its server, back with its answer."""

from __future__ import annotations

import hmac
import logging
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from zhiwei.kernel import clock, scope
from zhiwei.kernel.adapters import saml
from zhiwei.kernel.adapters.vouching import Party, VouchingError
from zhiwei.kernel.errors import NotFoundError
from zhiwei.kernel.models import Account, IdentityProvider
from zhiwei.kernel.services import identity, identity_replies, limits
from zhiwei.kernel.services.limits import Limit
from zhiwei.kernel.values import Protocol
from zhiwei.kernel.web.acting import open_door
from zhiwei.kernel.web.entering import address_of, first_passed, onward_of

log = logging.getLogger(__name__)
ASKED, ASKED_SECONDS = "asked_institution", 600
BY_ADDRESS = Limit("institution", 60, 300)


@open_door
@require_GET
def ask(request: HttpRequest, provider_uuid: str) -> HttpResponse:
    """Send the browser to the institution, with what it must bring back kept in its session."""
    provider, party = _provider(provider_uuid)
    limits.spend(BY_ADDRESS, limits.address_key(address_of(request)), clock.now())
    state = secrets.token_urlsafe(24)
    try:
        question = identity.begin(provider, party, state=state, now=clock.now())
    except VouchingError as error:
        return _refused(request, provider, error)
    request.session[ASKED] = {
        "provider": str(provider.uuid),
        "state": state,
        "at": clock.now().timestamp(),
        "onward": onward_of(request),
        "kept": dict(question.kept),
    }
    return HttpResponseRedirect(question.url)


@csrf_exempt
@open_door
@require_POST
def receive(request: HttpRequest, provider_uuid: str) -> HttpResponse:
    """Take a SAML answer that another site posts, and come back for it with an ordinary request."""
    provider, _party = _provider(provider_uuid)
    if provider.protocol != Protocol.SAML:
        raise NotFoundError
    limits.spend(BY_ADDRESS, limits.address_key(address_of(request)), clock.now())
    try:
        ticket = identity_replies.keep(provider, request.POST.get("SAMLResponse", ""), now=clock.now())
    except VouchingError as error:
        return _refused(request, provider, error)
    answer = HttpResponseRedirect(
        f"{reverse('kernel:institution_back', args=[provider.uuid])}?ticket={ticket}", status=303
    )
    request.session.modified = False
    return answer


@open_door
@require_GET
def back(request: HttpRequest, provider_uuid: str) -> HttpResponse:
    """Check the institution's answer against this browser's question, once, and let the known person in."""
    provider, party = _provider(provider_uuid)
    now = clock.now()
    limits.spend(BY_ADDRESS, limits.address_key(address_of(request)), now)
    asked = request.session.pop(ASKED, None)
    try:
        if (
            asked is None
            or asked["provider"] != str(provider.uuid)
            or now.timestamp() - asked["at"] > ASKED_SECONDS
        ):
            raise VouchingError("state", "登录已中断或过期，请重新开始。")
        vouched = identity.finish(
            provider, party, _answer(request, provider, asked["state"]), asked["kept"], now=now
        )
        identity_replies.use_assertion(provider, vouched.once, now=now)
        known = identity.admit(provider, vouched, now=now)
    except VouchingError as error:
        return _refused(request, provider, error)
    return first_passed(
        request,
        Account.objects.get(pk=known.account_id),
        way=provider.protocol,
        factor_done=known.factor_done,
        onward=asked["onward"],
        people=known.people,
    )


@open_door
@require_GET
def metadata(request: HttpRequest, provider_uuid: str) -> HttpResponse:
    """Describe ourselves to the administrator of a SAML provider."""
    del request
    provider, party = _provider(provider_uuid)
    if provider.protocol != Protocol.SAML:
        raise NotFoundError
    return HttpResponse(saml.metadata(party), content_type="application/samlmetadata+xml")


def choices() -> list[IdentityProvider]:
    """Return the institutions that the sign-in page offers."""
    with scope.everywhere("offer institutions"):
        return list(IdentityProvider.objects.filter(enabled=True).order_by("name")[:200])


def callback_of(provider: IdentityProvider) -> str:
    """Return our address to which a provider's answer comes; it is built from the setting, never from a request."""
    name = "institution_receive" if provider.protocol == Protocol.SAML else "institution_back"
    return settings.ORIGIN + reverse(f"kernel:{name}", args=[provider.uuid])


def entity_of(provider: IdentityProvider) -> str:
    """Return our SAML entity id: the address of our metadata."""
    return settings.ORIGIN + reverse("kernel:institution_metadata", args=[provider.uuid])


def _provider(provider_uuid: str) -> tuple[IdentityProvider, Party]:
    with scope.everywhere("find an institution"):
        rows = IdentityProvider.objects.select_related("tenant")
        provider = rows.filter(uuid=provider_uuid, enabled=True).first()
        if provider is None:
            raise NotFoundError
        callback, entity = callback_of(provider), entity_of(provider)
        return provider, identity.party_of(provider, callback=callback, entity=entity)


def _answer(request: HttpRequest, provider: IdentityProvider, state: str) -> dict[str, str]:
    """Return the answer's fields; other protocols bring the state along, SAML the id of the request."""
    if provider.protocol == Protocol.SAML:
        return {
            "SAMLResponse": identity_replies.take(provider, request.GET.get("ticket", ""), now=clock.now())
        }
    if not hmac.compare_digest(request.GET.get("state", "").encode(), state.encode()):
        raise VouchingError("state", "登录已中断或过期，请重新开始。")
    return {name: str(value)[:4096] for name, value in request.GET.items()}


def _refused(request: HttpRequest, provider: IdentityProvider, error: VouchingError) -> HttpResponse:
    log.warning("identity provider %s refused: %s", provider.pk, error.reason)
    context = {"message": error.message, "code": error.code, "provider": provider}
    response = render(request, "kernel/institution_refused.html", context, status=error.status)
    response.keep_changes = True  # type: ignore[attr-defined]
    return response
