"""The component page: every component in its states, drawn with sample values only."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhiwei.ui.web import samples

SAMPLE_TOTAL = 8


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in its states; reads nothing but the sample values."""
    return render(request, "ui/components.html", samples.everything(request))


@require_safe
def sample_progress(request: HttpRequest) -> HttpResponse:
    """A job that advances by one each time it is asked."""
    done = min(SAMPLE_TOTAL, max(0, _int(request.GET.get("done", "0"))) + 1)
    return render(request, "ui/parts/sample_progress.html", {"done": done, "total": SAMPLE_TOTAL})


@require_safe
def sample_search(request: HttpRequest) -> JsonResponse:
    """Answers of the search palette over the sample people."""
    return JsonResponse({"groups": samples.search(request.GET.get("q", ""))})


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown while there is no network."""
    return render(request, "ui/offline.html")


def _int(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
