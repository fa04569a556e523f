"""Sign-in accounts, one-time links and the list of signed-in devices."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiwei.kernel.tenancy import DeclaredModel
from zhiwei.kernel.values import Declaration, Level


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; there is no superuser to make."""

    def create_account(self, login: str, password: str | None = None) -> Account:
        """Create an account; without a password it can only be entered by a one-time link."""
        account = self.model(login=login.strip().lower())
        if password is None:
            account.set_unusable_password()
        else:
            account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A way to sign in. What one may do comes from the roles of the people it belongs to."""

    declaration = Declaration(
        "登录账号", Level.INTERNAL, levels={"login": Level.PERSONAL, "password": Level.SENSITIVE}
    )

    uuid = models.UUIDField(_("外部标识"), default=uuid.uuid4, unique=True, editable=False)
    password = models.CharField(_("密码摘要"), max_length=128)
    login = models.CharField(_("登录名"), max_length=80, unique=True)
    is_active = models.BooleanField(_("可用"), default=True)
    language = models.CharField(_("界面语言"), max_length=10, blank=True)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    objects = AccountManager()
    USERNAME_FIELD = "login"

    class Meta:
        verbose_name = _("登录账号")

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Return False: permissions come from the policy table alone."""
        return False

    def __str__(self) -> str:
        return self.login


class SignInLink(DeclaredModel):
    """A link that signs in once; only the hash of its token is kept."""

    declaration = Declaration("一次性登录链接", Level.SENSITIVE, retention="P7D")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("账号"))
    token_hash = models.CharField(_("令牌摘要"), max_length=64, unique=True)
    expires_at = models.DateTimeField(_("失效时间"))
    used_at = models.DateTimeField(_("使用时间"), null=True)

    class Meta:
        verbose_name = _("一次性登录链接")

    def __str__(self) -> str:
        return f"link {self.pk}"


class Device(DeclaredModel):
    """A signed-in browser: shown to its owner, who can sign it out from anywhere."""

    declaration = Declaration("登录设备", Level.PERSONAL, retention="P180D")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("账号"))
    session_key = models.CharField(_("会话"), max_length=40, unique=True)
    agent = models.CharField(_("浏览器"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("地址"), null=True)
    signed_in_at = models.DateTimeField(_("登录时间"))

    class Meta:
        verbose_name = _("登录设备")

    def __str__(self) -> str:
        return f"device {self.pk}"


class RateCount(DeclaredModel):
    """How often something limited happened in a window of time (``key`` holds hashes, never names)."""

    declaration = Declaration("限速计数", Level.INTERNAL, retention="P1D")

    key = models.CharField(_("键"), max_length=100)
    window = models.BigIntegerField(_("时间窗"))
    count = models.IntegerField(_("次数"), default=0)

    class Meta:
        verbose_name = _("限速计数")
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="rate_count_once")]

    def __str__(self) -> str:
        return f"{self.key}@{self.window}"
