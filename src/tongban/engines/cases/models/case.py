"""The case itself, who may see it, and what its programme alone knows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.core.access.models import Account
from tongban.core.ledger.models import Part, Recorded
from tongban.core.registry.models import Area, Firm, Organisation, Person
from tongban.engines.cases.models.importing import Batch


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
    # The asker wants nothing of it published, not even without names.
    kept_private = models.BooleanField(default=False)

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
    # Why the clock stands still now ("": it runs); how often it was paused; how far an extension has come.
    stopped = models.CharField(max_length=8, blank=True, default="")
    pauses = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    callback = models.CharField(
        max_length=10, blank=True, default=""
    )  # what the last one found: unreached, solved, unsolved
    extension = models.CharField(max_length=8, blank=True, default="")
    # The ladder: how many of its rungs lie behind for the present due time, when the next one acts, and on whose agenda
    # the case stands now ("", "monthly", "joint").
    risen = models.PositiveSmallIntegerField(default=0)
    rises_at = models.DateTimeField(null=True, blank=True)
    agenda = models.CharField(max_length=8, blank=True, default="")
    slip_due_at = models.DateTimeField(null=True, blank=True)  # by when an open supervision slip is to be reported on
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    # What came of it by the answer that the asker has now ("": unanswered, or nobody has said).
    outcome = models.CharField(max_length=10, blank=True, default="")
    why_not = models.CharField(max_length=10, blank=True, default="")

    # The case as which this one goes on. It may have been merged itself: who asks where the matter stands walks on.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    # Under which title neighbours find it and follow instead of asking again ("": they do not), and how many do.
    open_title = models.CharField(max_length=120, blank=True, default="")
    neighbours = models.PositiveIntegerField(default=0)

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
            # The worker looks every few seconds for cases whose next rung has come.
            models.Index(fields=["rises_at"], condition=models.Q(rises_at__isnull=False), name="case_rises"),
            models.Index(fields=["agenda"], condition=~models.Q(agenda=""), name="case_agenda"),
            models.Index(fields=["stopped"], condition=~models.Q(stopped=""), name="case_stopped"),
            models.Index(fields=["slip_due_at"], condition=models.Q(slip_due_at__isnull=False), name="case_slip"),
            # What neighbours may follow is looked up before anything is asked.
            models.Index(fields=["area"], condition=~models.Q(open_title=""), name="case_open_title"),
            models.Index(fields=["batch"], condition=models.Q(batch__isnull=False), name="case_batch"),
            # A desk calls back whom nobody has called yet, the latest answered first.
            models.Index(
                fields=["desk", "callback", "answered_at"],
                condition=models.Q(answered_at__isnull=False),
                name="case_called",
            ),
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


class CaseScope(models.Model):
    """Who may see a case, and what waits for him there. Derived from the case and its parts; never recorded.

    Each list that a page offers is one range of one of these indexes.
    """

    # Derived, and checked by the audit: the database need not look up each case for each of its holders.
    case = models.ForeignKey(Case, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    holder = models.BigIntegerField()
    queue = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()  # of what waits; else no clock is kept here
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


class Participant(Part):
    """Somebody beside the requester: a co-signer or a follower."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=10)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "person"], name="participant_once")]
