"""Accounts and the roles they hold. A person, his account and his roles are three things."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from tongban.core.ledger.models import Recorded
from tongban.core.registry.models import Firm, Organisation, Person, Valid


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by their sign-in name; writing is for actions."""


class Account(AbstractBaseUser, Recorded):
    """A way to sign in. Staff: name, password and a second factor. Residents and firm clerks: phone and one-time code."""

    unrecorded: ClassVar = frozenset({"id", "version", "password", "last_login", "generation"})

    username = models.CharField(max_length=40, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="account")
    staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, default="zh")
    created_at = models.DateTimeField()
    # A session belongs to the generation in which it began: one more ends all that are open, for good.
    generation = models.PositiveIntegerField(default=0)
    # Read by the libraries that sign people in; not otherwise used.
    email = models.EmailField(blank=True, default="")

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to be this account's: Django's own depends on the password alone."""
        return f"{self.generation}-{super()._get_session_auth_hash(secret)}"  # type: ignore[misc]


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


class Liaison(Recorded):
    """An officer's charge of one firm (助企联络员): he calls on it, and sees its requests as a party does.

    In force until ``until``; a firm has one at a time. ``counted_from``: from when on the next visit is counted, which is
    when the firm was last visited, or first given to somebody.
    """

    class Ending(models.TextChoices):
        HANDED_OVER = "handed_over"
        WITHDRAWN = "withdrawn"

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="liaisons", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="liaisons", db_index=False)
    since = models.DateTimeField()
    counted_from = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=12, choices=Ending.choices, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm"], condition=models.Q(until__isnull=True), name="liaison_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "since"], name="liaison_firm"),
            models.Index(
                fields=["account", "counted_from"], condition=models.Q(until__isnull=True), name="liaison_due"
            ),
        ]


class Token(Recorded):
    """What another system shows in place of a sign-in: it acts as its account, within its scopes, until it expires.

    Its secret is told once and kept nowhere; ``digest`` is its fingerprint under the county's key.
    """

    unrecorded: ClassVar = frozenset({"id", "version", "digest", "used_at"})

    account = models.ForeignKey(Account, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    scopes = models.CharField(max_length=60)  # codes with a space between
    digest = models.BinaryField(max_length=32, unique=True)
    begins = models.CharField(max_length=8)  # the first characters of its secret, by which its owner knows it again
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)  # to the hour


class SignInCode(models.Model):
    """A one-time code on its way to a phone. Written by the sign-in page, outside actions, like a session.

    It is good in the browser that asked for it (``asker``) and nowhere else.
    """

    phone_index = models.BinaryField(max_length=32)
    asker = models.BinaryField(max_length=32, default=b"")
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["phone_index", "made_at"], name="code_phone")]


class Throttle(models.Model):
    """How often something has been tried or sent since a window began; one row for all processes (see throttle.py).

    ``key`` is a fingerprint: whose address or number it counts can only be found by who has it already.
    """

    key = models.BinaryField(max_length=32, unique=True)
    since = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()
