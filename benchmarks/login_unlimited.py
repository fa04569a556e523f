"""The platform's own web application with the rate limits lifted: the control of ``bench login``."""

from __future__ import annotations

from dataclasses import replace

from zhiwei.config.wsgi import application
from zhiwei.kernel.services import limits

for _name in ("SIGN_IN_BY_LOGIN", "SIGN_IN_BY_ADDRESS"):
    setattr(limits, _name, replace(getattr(limits, _name), count=1_000_000_000))

__all__ = ["application"]
