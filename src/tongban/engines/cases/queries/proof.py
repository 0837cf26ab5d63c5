"""What the asker may see who has no account: he shows what only he has.

The tracking code alone opens what is public in the case. With it, the whole phone number that was given when asking opens
what the requester sees: the question that waits for him and the answer. The rating link opens the rating.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.core.calendar.queries import calendar_now
from tongban.core.refusals import Refused
from tongban.core.registry.askers import is_number_of
from tongban.engines.cases.models import Case, Inquiry, Rating
from tongban.engines.cases.queries.detail import Detail, tracked
from tongban.engines.cases.secrets import case_of_rating_token, tracking_code


def number_fits(code: str, phone: str) -> bool:
    """Whether ``phone`` is the requester's whole number in the case that the tracking code opens."""
    found = tracked(code)
    return found is not None and is_number_of(found.case.requester, phone)


def question_waits(case: Case) -> bool:
    """Whether a question waits for the asker: told to whoever holds the code, for the asker may hold no more; its words
    are not."""
    return Inquiry.objects.filter(case_id=case.pk, replied_at=None).exists()


@dataclass(frozen=True, slots=True)
class Rated:
    """The case that a rating link opens, and why it cannot be used, if it cannot."""

    detail: Detail
    refusal: Refused | None
    expires_at: datetime | None


def rated(token: str, at: datetime) -> Rated | None:
    """What a rating link opens; None for a wrong one."""
    key = case_of_rating_token(token)
    found = tracked(tracking_code(key)) if key is not None else None
    if found is None:
        return None
    rating = Rating.objects.filter(case_id=found.case.pk).order_by("-pk").first()
    if rating is None:
        return Rated(found, Refused("rating.link"), None)
    refusal = None
    if rating.grade is not None:
        refusal = Refused("rating.used")
    elif at > rating.expires_at:
        refusal = Refused("rating.expired", day=calendar_now().day_of(rating.expires_at).isoformat())
    return Rated(found, refusal, rating.expires_at)
