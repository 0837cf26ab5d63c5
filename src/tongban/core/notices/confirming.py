"""The letter with the code that confirms an e-mail address."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from tongban.core.access.models import Account
from tongban.core.labels import Label
from tongban.core.ledger.worker import Task, handles
from tongban.core.notices import mail
from tongban.core.notices.models import Preferences
from tongban.core.notices.ports import NeverReached
from tongban.core.notices.preferences import CODE_LIFE, CONFIRM, email_code

_LETTER = Label(
    "您的邮箱确认码是 {code}。请在“通知方式”一页填上它，一天内有效。\n\n如果不是您本人填的邮箱，不用理会，系统不会再给这个邮箱写信。",
    "The code that confirms your address is {code}. Type it on the page “How I am notified” within a day.\n\n"
    "If you did not give this address, do nothing: no more letters come to it.",
)


@handles(CONFIRM, outside=True, lane="email")
def send(task: Task) -> None:
    """Send the code, unless it has been used, has become old, or another address has been given since."""
    row = Preferences.objects.select_related("person").filter(pk=task.payload["preferences"]).first()
    asked = datetime.fromisoformat(task.payload["asked"])
    if row is None or row.pending_at != asked or asked <= task.at - CODE_LIFE or row.person.erased_at is not None:
        return
    language = Account.objects.filter(person=row.person_id).values_list("language", flat=True).first() or "zh"
    with suppress(
        NeverReached
    ):  # there is no such mailbox: whoever gave it waits for a code in vain, and gives another
        mail.send(task.key, row.pending_address, _LETTER.text(language, code=email_code(row)), language)
