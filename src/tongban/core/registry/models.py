"""Areas, organisations, people, firms and who may act for them. All have validity; areas and bodies have successors."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.core import vault
from tongban.core.labels import Label, sort_key
from tongban.core.ledger.models import Recorded


class Reference(models.Model):
    """How often each kind of reference data has changed, so that every process knows when its copy is old."""

    name = models.CharField(max_length=20, primary_key=True)
    version = models.PositiveIntegerField(default=1)
    # Drawn anew with each change: a copy made inside a transaction that is rolled back is never taken for a later one.
    token = models.BigIntegerField(default=0)


class Valid(models.Model):
    """Something that begins and may end; both are days in the county's zone, ``until`` is the last day."""

    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class Named(models.Model):
    """A name in both languages, with a key that sorts Chinese alike everywhere."""

    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True, default="")
    sort = models.CharField(max_length=120, editable=False, default="")

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort = sort_key(self.name_zh)  # a sheaf, which saves no row, does it itself
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def label(self) -> Label:
        """The name in both languages; Chinese where no English one is known."""
        return Label(self.name_zh, self.name_en or self.name_zh)


class Area(Named, Valid, Recorded):
    """County, town (镇街道) or village (村社区). ``code`` is the national division code."""

    class Level(models.TextChoices):
        COUNTY = "county"
        TOWN = "town"
        VILLAGE = "village"

    code = models.CharField(max_length=12)
    level = models.CharField(max_length=8, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    # Synthetic in this release, and labelled so wherever shown: WGS 84, degrees.
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    position_source = models.CharField(max_length=20, default="synthetic")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "valid_from"], name="area_code_once")]


class Organisation(Named, Valid, Recorded):
    """A public body that can own a case: the desk, a bureau, a town's office, a village committee, a station."""

    class Kind(models.TextChoices):
        DESK = "desk"
        BUREAU = "bureau"
        TOWN = "town"
        VILLAGE = "village"
        STATION = "station"

    code = models.CharField(max_length=32)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "valid_from"], name="organisation_code_once")]


class Person(Recorded):
    """A human being. Phone and identity number are encrypted; their blind indexes find them whole."""

    unrecorded: ClassVar = frozenset({"id", "version", "key"})
    # The encrypted columns too: whoever gave somebody another man's number behind the ledger's back would be found.
    personal: ClassVar = frozenset({"name", "phone", "phone_index", "identity", "identity_index"})
    subject_erased: ClassVar = ("erased_at",)

    name = models.CharField(max_length=80, blank=True, default="")
    phone = models.BinaryField(default=b"", blank=True)
    phone_index = models.BinaryField(max_length=32, null=True, blank=True)
    identity = models.BinaryField(default=b"", blank=True)
    identity_index = models.BinaryField(max_length=32, null=True, blank=True)
    key = models.BinaryField(default=b"", blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    phone_confirmed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            # A number that its owner has confirmed belongs to one person; families that share one are told apart by name.
            models.UniqueConstraint(
                fields=["phone_index"],
                condition=models.Q(phone_confirmed_at__isnull=False),
                name="person_phone_once",
            ),
            models.UniqueConstraint(fields=["identity_index"], name="person_identity_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["phone_index"], name="person_phone")]

    def subject_key(self) -> bytes:
        """The wrapped key that closes this person's data in the ledger."""
        return bytes(self.key)

    @property
    def phone_number(self) -> str:
        """The whole number; pages show :attr:`phone_masked` unless a reason is logged."""
        return vault.decrypt(bytes(self.phone))

    @property
    def phone_masked(self) -> str:
        """Like 139****7710."""
        return masked(self.phone_number)


def masked(number: str) -> str:
    """A number with its middle hidden; short ones wholly.

    >>> masked("13912347710")
    '139****7710'
    """
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 9 else "*" * len(number)


class Household(Recorded):
    """People who live together; who is the guardian of whom stands in the membership."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")


class HouseholdMember(Valid, Recorded):
    """One person's place in a household, and his guardian's if he needs one."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    guardian = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")


class Firm(Named, Valid, Recorded):
    """A firm or other body with a unified social credit code. ``valid_until`` set: dissolved."""

    credit_code = models.CharField(max_length=18, unique=True)
    # What the firm's own QR code (企业码) carries: it fills in the firm and signs nobody in.
    code = models.CharField(max_length=12, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True, default="")
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sort"], name="firm_sort")]


class Mandate(Valid, Recorded):
    """Who may act for a firm: asked by a person, confirmed by somebody else, until a day."""

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="mandates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates")
    asked_at = models.DateTimeField()
    confirmed_by = models.BigIntegerField(null=True)  # an account
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person"], name="mandate_person")]
