"""Accounts and the roles they hold. A person, his account and his roles are three things."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from tongban.core.ledger.models import Recorded
from tongban.core.registry.models import Organisation, Person, Valid


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by their sign-in name; writing is for actions."""


class Account(AbstractBaseUser, Recorded):
    """A way to sign in. Staff: name, password and a second factor. Residents and firm clerks: phone and one-time code."""

    unrecorded: ClassVar = frozenset({"id", "version", "password", "last_login"})

    username = models.CharField(max_length=40, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="account")
    staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="zh")
    created_at = models.DateTimeField()
    # Read by the libraries that sign people in; not otherwise used.
    email = models.EmailField(blank=True, default="")

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []


class Role(Valid, Recorded):
    """An account's office in one organisation, for one programme or (blank) all of them.

    A substitute holds a role of his own that names the role he stands in for; it ends by its own date or when the other
    one does.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="roles")
    code = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="roles")
    programme = models.CharField(max_length=20, blank=True, default="")
    substitute_for = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="substitutes")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account"], name="role_account"),
            models.Index(fields=["organisation", "code"], name="role_office"),
        ]


class SignInCode(models.Model):
    """A one-time code on its way to a phone. Written by the sign-in page, outside actions, like a session."""

    phone_index = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["phone_index", "made_at"], name="code_phone")]
