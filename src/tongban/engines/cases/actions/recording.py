"""What another system had already told the asker, taken over with its own time: used by the import alone."""

from __future__ import annotations

from datetime import datetime

from tongban.core.ledger.actor import Actor, Precision
from tongban.core.ledger.rows import new_row
from tongban.engines.cases.actions.desk import required
from tongban.engines.cases.actions.working import ANSWER
from tongban.engines.cases.actions.writing import acting
from tongban.engines.cases.models import Answer


def record_reply(
    *, case: int, text: str, replied_at: datetime, precision: Precision, receipt: bool, by: Actor, at: datetime
) -> None:
    """Record a reply given elsewhere at ``replied_at``. A receipt leaves the case waiting; an answer ends it there
    and then: the matter was closed in the other system, and nobody here has anything to do for it.

    No promise was made here, so there is no verdict on time; and nobody here wrote it, whoever brought it.
    """
    text = required(text, "case.text.empty", "reply", ANSWER)
    with acting(case, "record_receipt" if receipt else "record_reply", by=by, at=at) as act:
        row = new_row(
            Answer, case=act.case, text=text, receipt=receipt, written_by=None, written_at=replied_at,
            precision=precision.value, sent_at=replied_at, approved=None if receipt else True,
        )  # fmt: skip
        act.journal.happened_at, act.journal.precision = replied_at, precision
        act.journal.add(row, of=act.case)
        if receipt:
            act.journal.change(act.case, receipt_at=replied_at)
        else:
            act.journal.change(
                act.case, accepted_at=act.case.opened_at, answered_at=replied_at,
                answered_precision=precision.value, closed_at=replied_at, due_at=None,
            )  # fmt: skip
        told = "taken_receipt" if receipt else "taken_answer"
        act.tell(told, text=text, happened_at=replied_at, precision=precision)
