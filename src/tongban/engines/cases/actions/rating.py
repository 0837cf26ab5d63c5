"""Rating: each answer once, in five grades, through one link. A bad one has the case done again."""

from __future__ import annotations

from datetime import datetime

from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.plain import clean
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.authority import workers
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.redoing import unhappy
from tongban.engines.cases.actions.writing import by_itself
from tongban.engines.cases.declare import GRADES, SATISFIED
from tongban.engines.cases.models import Case, Rating
from tongban.engines.cases.secrets import case_of_rating_token

COMMENT = 2000


def rate(*, token: str, grade: int, comment: str = "", by: Actor, at: datetime) -> int:
    """Use a rating link; gives the case's key. A second use, a late one and the handler's own are refused."""
    key = case_of_rating_token(token)
    if key is None:
        raise Refused("rating.link")
    if grade not in GRADES:
        raise Refused("rating.grade", field="grade")
    comment = clean(comment.replace("\r\n", "\n")).strip()
    if len(comment) > COMMENT:
        raise Refused("rating.long", field="comment", most=COMMENT, length=len(comment))
    with by_itself("cases.rate", key, by=by, at=at) as act:
        case, journal = act.case, act.journal
        rating = next(reversed(keeper().parts(case, Rating)), None)
        if rating is None:
            raise Refused("rating.link")
        if rating.grade is not None:
            raise Refused("rating.used")
        if at > rating.expires_at:
            raise Refused("rating.expired", day=calendar_now().day_of(rating.expires_at).isoformat())
        _refuse_workers(case, by)
        journal.change(rating, of=case, grade=grade, comment=comment, rated_at=at)
        journal.change(case, grade=grade)
        act.tell("rate", text=comment)
        act.notify("rate")
        if grade not in SATISFIED and case.state in ("answered", "closed"):
            unhappy(act)
    return key


def _refuse_workers(case: Case, by: Actor) -> None:
    mine = workers(case)
    if by.account is not None and by.account in mine:
        raise Refused("rating.own")
    if case.requester_id is not None and case.requester_id in keeper().persons(mine):
        raise Refused("rating.own")
