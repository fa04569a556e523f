"""The ui room alone: its templates, tags and sample pages without any other room."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from django.utils import translation
from ui_test_settings import ALONE

from zhiwei.ui.messages import compile_all


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    compile_all()


@pytest.fixture(autouse=True)
def ui_alone() -> Iterator[None]:
    with override_settings(**ALONE), translation.override("zh-hans"):
        yield
