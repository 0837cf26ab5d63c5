"""Cases and their parts. Rows only; every write is an action, every read over many rows a query."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.core.access.models import Account
from tongban.core.dated.models import Dated
from tongban.core.ledger.models import Part, Recorded
from tongban.core.registry.models import Area, Firm, Organisation, Person


class Limit(Dated):
    """A promise of time: ``amount`` of ``unit``, counted from ``start``."""

    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16)
    start = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "valid_from"], name="limit_code_once")]


class Target(Dated):
    """What a rate of the board (its code) is to reach; 0 percent: there is no target."""

    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "valid_from"], name="target_code_once")]


class Route(Recorded):
    """Which unit a desk offers first for a category: advice to the desk, never an assignment."""

    programme = models.CharField(max_length=20)
    category = models.CharField(max_length=40)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    limit = models.CharField(max_length=20)
    valid_from = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)


class Batch(Recorded):
    """One import of many requests: what came, from where, and whether it was undone."""

    programme = models.CharField(max_length=20)
    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)  # opened without an answer: they joined the queue
    by_account = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)


class Mapping(Recorded):
    """A saved choice of which column of a foreign table is which field; JSON of field → header."""

    name = models.CharField(max_length=60, unique=True)
    programme = models.CharField(max_length=20)
    columns = models.TextField()


class Case(Recorded):
    """One matter from request to answer. Its number is ``county-id``; only the state below says where it stands."""

    unrecorded: ClassVar = frozenset({"id", "version", "key"})
    personal: ClassVar = frozenset({"title", "body", "address"})
    subject_columns: ClassVar = ("requester__key", "key")
    subject_erased: ClassVar = ("requester__erased_at",)

    programme = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)  # the case type's code
    state = models.CharField(max_length=12)
    title = models.CharField(max_length=120)
    body = models.TextField()
    category = models.CharField(max_length=40, blank=True, default="")
    channel = models.CharField(max_length=12)
    confidential = models.BooleanField(default=False)

    requester = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    # No index where no query asks by the column: each would cost every new case, and nothing referred to is ever deleted.
    beneficiary = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    firm = models.ForeignKey(Firm, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    address = models.CharField(max_length=200, blank=True, default="")
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    about = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    desk = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    lead = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    handler = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    opened_at = models.DateTimeField()
    opened_precision = models.CharField(max_length=8)
    recorded_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    receipt_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_precision = models.CharField(max_length=8, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    # The promise made to the asker: fixed with its version when the case is assigned; the verdict when it is answered.
    promised_at = models.DateTimeField(null=True, blank=True)
    in_time = models.BooleanField(null=True, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True)

    # NULL, not blank: only so does the pair stay unique among cases that came from nowhere else.
    source = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001
    external_id = models.CharField(max_length=80, null=True, blank=True)  # noqa: DJ001
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    idempotency = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - NULL: only keys that were given are unique
    key = models.BinaryField(default=b"", blank=True)

    class Meta:
        constraints: ClassVar = [
            # Most cases have neither, and what is not there needs no place in an index.
            models.UniqueConstraint(
                fields=["source", "external_id"], condition=models.Q(source__isnull=False), name="case_external_once"
            ),
            models.UniqueConstraint(
                fields=["idempotency"], condition=models.Q(idempotency__isnull=False), name="case_idempotency_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch"], condition=models.Q(batch__isnull=False), name="case_batch"),
            # The board counts ranges of these moments; most are empty in an open case.
            models.Index(fields=["opened_at"], name="case_opened"),
            *(
                models.Index(fields=fields, condition=models.Q(**{f"{fields[-1]}__isnull": False}), name=name)
                for fields, name in (
                    (["accepted_at"], "case_accepted"),
                    (["promised_at"], "case_promised"),
                    (["answered_at"], "case_answered"),
                    (["state", "closed_at"], "case_ended"),  # asked for one way of ending at a time
                )
            ),
        ]

    def subject_key(self) -> bytes:
        """The requester's wrapped key; the case's own where nobody is known."""
        return bytes(self.requester.key) if self.requester_id and self.requester else bytes(self.key)


class Assignment(Part):
    """One unit's duty in a case. The limit is fixed with its version when it begins; the due time is derived from it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    lead = models.BooleanField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    limit = models.ForeignKey(Limit, models.PROTECT, related_name="+", db_index=False)
    limit_version = models.PositiveIntegerField()
    calendar_version = models.PositiveIntegerField()
    begins_at = models.DateTimeField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    sign_in_due_at = models.DateTimeField(null=True, blank=True)
    signed_in_at = models.DateTimeField(null=True, blank=True)
    signed_in_by = models.BigIntegerField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # The board counts and lists what was assigned in a period.
        indexes: ClassVar = [models.Index(fields=["begins_at"], name="assignment_begins")]


class StoryItem(Part):
    """One line of what happened, told to those who may see it and to nobody else."""

    class Audience(models.IntegerChoices):
        """The least that a reader must be. Each level sees its own items and those of the levels before it."""

        PUBLIC = 1  # whoever holds the tracking code
        PARTY = 2  # requester, co-signers, the firm's confirmed clerks
        UNIT = 3  # the units that work on it
        DESK = 4  # the desk alone: who the author of a confidential request is, why a unit was passed over

    personal: ClassVar = frozenset({"text"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="story")
    kind = models.CharField(max_length=24)
    audience = models.PositiveSmallIntegerField(choices=Audience.choices)
    happened_at = models.DateTimeField()
    precision = models.CharField(max_length=8)
    by_account = models.BigIntegerField(null=True)
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # Another unit that the line names, such as the one a case was given to; and the officer to whom it was handed over.
    other = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    account = models.BigIntegerField(null=True)
    text = models.TextField(blank=True, default="")


class Answer(Part):
    """What a unit wants to say to the asker: written by one, reviewed by another, then sent."""

    personal: ClassVar = frozenset({"text"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="answers")
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    text = models.TextField()
    # A reply that only says "received" is a receipt: it answers nothing and stops no clock.
    receipt = models.BooleanField(default=False)
    written_by = models.BigIntegerField(null=True)
    written_at = models.DateTimeField()
    precision = models.CharField(max_length=8)
    reviewed_by = models.BigIntegerField(null=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    approved = models.BooleanField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)


class Rating(Part):
    """The asker's judgement in five grades (1 very dissatisfied … 5 very satisfied), given once through one link."""

    personal: ClassVar = frozenset({"comment"})

    case = models.OneToOneField(Case, models.CASCADE, related_name="rating")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.TextField(blank=True, default="")
    rated_at = models.DateTimeField(null=True, blank=True)


class Inquiry(Part):
    """A question back to the asker, and his reply. The clock runs on."""

    personal: ClassVar = frozenset({"question", "reply"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="inquiries")
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    question = models.TextField()
    replied_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(blank=True, default="")


class Participant(Part):
    """Somebody beside the requester: a co-signer or a follower."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "person"], name="participant_once")]


class CaseScope(models.Model):
    """Who may see a case, and what waits for him there. Derived from the case and its parts; never recorded.

    Each list that a page offers is one range of one of these indexes.
    """

    # Derived, and checked by the audit: the database need not look up each case for each of its holders.
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    holder = models.BigIntegerField()
    queue = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=12)
    programme = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "holder"], name="scope_once")]
        indexes: ClassVar = [
            models.Index(fields=["holder", "-case", "state", "programme"], name="scope_newest"),
            models.Index(
                fields=["holder", "queue", "due_at", "case"], condition=models.Q(queue__gt=0), name="scope_queue"
            ),
        ]


class FactValue(Part):
    """One typed fact of a case that only its programme knows. Money is in fen."""

    personal: ClassVar = frozenset({"text"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="facts")
    code = models.CharField(max_length=20)
    text = models.TextField(blank=True, default="")
    number = models.BigIntegerField(null=True, blank=True)
    moment = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "code"], name="fact_once")]
