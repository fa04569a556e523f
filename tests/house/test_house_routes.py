"""Every address has a door: open by intent, or closed to those who are not signed in. None is missing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

OPEN = {
    "kernel:sign_in", "kernel:second_step", "kernel:enrol_step",
    "kernel:institution_ask", "kernel:institution_back", "kernel:institution_receive", "kernel:institution_metadata",
    "kernel:use_link", "kernel:sign_out", "kernel:language", "ui:components", "ui:offline",
    "ui:sample-progress", "ui:sample-search",
}  # fmt: skip
SAMPLES = {
    "int": "1", "str": "x", "uuid": "00000000-0000-0000-0000-000000000000", "slug": "x", "path": "x/y",
}  # fmt: skip


def routes() -> Iterator[tuple[str, str]]:
    """Yield every named page as ``(name, sample address)``; the API has a table of its own."""
    yield from _walk(get_resolver().url_patterns, "", "/")


def _walk(patterns: list[URLPattern | URLResolver], space: str, address: str) -> Iterator[tuple[str, str]]:
    for one in patterns:
        here = address + _sample(one)
        if isinstance(one, URLResolver):
            inner = one.namespace or ""
            yield from _walk(one.url_patterns, f"{space}{inner}:" if inner else space, here)
        elif not here.startswith("/api/") and not here.startswith("/v1/"):
            yield f"{space}{one.name}", here


def _sample(one: URLPattern | URLResolver) -> str:
    text = str(one.pattern)
    for name, converter in one.pattern.converters.items():
        kind = (
            type(converter)
            .__name__.removesuffix("Converter")
            .lower()
            .replace("string", "str")
            .replace("uuidstr", "uuid")
        )
        for spelled in (f"<{kind}:{name}>", f"<{name}>"):
            text = text.replace(spelled, SAMPLES[kind])
    return text


@pytest.mark.parametrize(("name", "address"), sorted(routes()))
def test_a_page_is_open_by_intent_or_closed(db: None, name: str, address: str) -> None:
    client = Client()
    for method in ("get", "post"):
        response = getattr(client, method)(address)
        if name in OPEN:
            assert response.status_code < 500
        else:
            assert response.status_code in {302, 401, 405}, (name, method, response.status_code)
            if response.status_code == 302:
                assert response.headers["Location"].startswith("/sign-in/")


def test_every_route_has_a_name() -> None:
    assert all(name and not name.endswith("None") for name, _address in routes())
