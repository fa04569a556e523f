"""Setting up a gateway for tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from tests.ai.scripted_provider import Scripted, says
from tests.cast import Cast

from zhiwei.ai.gateway.app import Application
from zhiwei.ai.models import Account, Budget, GatewayKey, GatewayModel, Price, Provider
from zhiwei.ai.services.calling import Gateway
from zhiwei.ai.services.grants import hashed
from zhiwei.ai.services.ledger import DjangoStatements, Ledger
from zhiwei.ai.upstream.connections import Connections
from zhiwei.ai.upstream.egress import read_allowed
from zhiwei.kernel import clock, scope

SECRET = "zwm_test-key-of-the-teacher"
MADE = clock.now() - timedelta(days=1)


@dataclass
class Reply:
    """An answer of the gateway."""

    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body as JSON."""
        found: dict[str, Any] = json.loads(self.raw)
        return found

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of a stream; the end mark is left out."""
        lines = [one[6:] for one in self.raw.decode().split("\n\n") if one.startswith("data: ")]
        return [json.loads(one) for one in lines if one != "[DONE]"]

    @property
    def text(self) -> str:
        """The text of a streamed answer."""
        found = [one["choices"][0]["delta"].get("content", "") for one in self.events if one.get("choices")]
        return "".join(found)


@dataclass
class Stage:
    """What tests of the gateway need."""

    cast: Cast
    server: Scripted
    gateway: Gateway
    provider_id: int
    model_id: int
    price_id: int
    key_id: int

    def call(
        self, body: object, *, path: str = "/v1/chat/completions", secret: str = SECRET, method: str = "POST"
    ) -> Reply:
        """Send a request through the gateway's application."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        seen: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], info: object = None) -> Any:
            del info
            seen.update(status=int(status.split(maxsplit=1)[0]), headers=dict(headers))
            return lambda data: None

        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_LENGTH": str(len(raw)),
            "wsgi.input": BytesIO(raw), "HTTP_AUTHORIZATION": f"Bearer {secret}",
        }  # fmt: skip
        answer = Application(lambda: self.gateway)(environ, start)
        content = b"".join(answer)
        close = getattr(answer, "close", None)
        if close:
            close()
        return Reply(seen["status"], seen["headers"], content)

    def chat(self, text: str, **more: Any) -> Reply:
        """Ask one question."""
        asked = {"model": "通用", "messages": [{"role": "user", "content": text}], **more}
        return self.call(asked)

    def budget(self, **more: Any) -> int:
        """Add a budget of the school."""
        with scope.everywhere("test"):
            row = Budget.objects.create(
                tenant_id=self.cast.school, organisation_id=self.cast.school, made_at=MADE, **more
            )
        self.gateway.grants.forget()
        return row.pk

    def account(self, budget_id: int) -> tuple[int, int]:
        """Return ``(spent, held)`` of a budget, all periods and subjects together."""
        with scope.everywhere("test"):
            rows = list(Account.objects.filter(budget_id=budget_id))
        return sum(row.spent for row in rows), sum(row.held for row in rows)

    def change_model(self, name: str = "通用", **more: Any) -> None:
        """Change a model's row."""
        with scope.everywhere("test"):
            GatewayModel.objects.filter(name=name).update(**more)
        self.gateway.grants.forget()


def build_stage(cast: Cast, server: Scripted) -> Stage:
    """Set up provider, models, price, key."""
    server.then(says("好的。"))
    server.seen.clear()
    server.keys.clear()
    with scope.everywhere("test"):
        provider = Provider.objects.create(
            tenant_id=cast.school, name="本地", base_url=server.url, made_at=MADE, retries=1,
            first_byte_seconds=2, total_seconds=4,
        )  # fmt: skip
        model = _model(provider, "通用", ["chat", "embeddings", "vision"])
        _model(provider, "后备", ["chat"])
        price = Price.objects.create(
            tenant_id=cast.school, model=model, input_per_million=2_000_000, output_per_million=8_000_000,
            made_at=MADE,
        )  # fmt: skip
        key = GatewayKey.objects.create(
            tenant_id=cast.school, person_id=cast.people["teacher"], account_id=cast.accounts["teacher"],
            name="test", role="teacher", purpose="program", secret_hash=hashed(SECRET), made_at=MADE,
            expires_at=clock.now() + timedelta(days=30),
        )  # fmt: skip
    gateway = Gateway(Ledger(DjangoStatements()), Connections(read_allowed("127.0.0.0/8")))
    return Stage(cast, server, gateway, provider.pk, model.pk, price.pk, key.pk)


def _model(provider: Provider, name: str, capabilities: list[str]) -> GatewayModel:
    return GatewayModel.objects.create(
        tenant_id=provider.tenant_id, provider=provider, name=name, upstream_name=f"up-{name}",
        capabilities=capabilities, made_at=MADE, output_tokens=1000,
    )  # fmt: skip
