"""Calls to webhooks: each event at least once under one id, and none held up by a machine that hangs."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from tongban.core import vault
from tongban.core.access.models import Role
from tongban.core.access.queries import officers_of
from tongban.core.access.viewer import ADMINISTRATOR
from tongban.core.labels import Label
from tongban.core.ledger import worker
from tongban.core.ledger.worker import Effect, Hopeless, Task, handles
from tongban.core.notices import breaker, outward, signing, wording
from tongban.core.notices.delivery import LIFE, PATIENCE
from tongban.core.notices.models import Webhook, WebhookCall
from tongban.core.notices.webhooks import CALL, switch_off
from tongban.core.notices.writing import Line, add_lines

SECONDS = 10.0
# With a quarter of an hour between tries that is about five hours in which nothing at all got through.
MOST_FAILURES = 20
OFF, GONE = "off", 410
SWITCHED_OFF = "officer.webhook_off"

wording.declare(
    {
        SWITCHED_OFF: Label(
            "推送“{name}”连续失败，已自动停用。请到“管理 · 推送”检查地址，再启用。",
            "The webhook “{name}” kept failing and was switched off. Check its address under Administration, Webhooks, and"
            " switch it on again.",
        )
    },
    {},
    lambda case, gaps: {"name": gaps.get("name", "")},
    groups={SWITCHED_OFF: wording.REMINDERS},
)


def _given_up(task: Task) -> None:
    WebhookCall.objects.filter(key=task.payload["key"], sent_at=None, failed_at=None).update(failed_at=task.at)


@handles(CALL, outside=True, lane="webhooks", patience=PATIENCE, given_up=_given_up)
def call(task: Task) -> Effect | None:
    """Send one event, signed, to the address as it may be called at this moment."""
    row = WebhookCall.objects.select_related("webhook").get(key=task.payload["key"])
    if row.sent_at or row.failed_at:
        return None
    webhook = row.webhook
    rows = WebhookCall.objects.filter(pk=row.pk)
    if not webhook.active:
        rows.update(error=OFF)
        raise Hopeless
    if row.attempts and task.at > row.made_at + LIFE:
        raise Hopeless
    breaker.ready(webhook, task.at)
    try:
        status = _post(webhook, row, task.at)
    except outward.CallFailed as error:
        rows.update(attempts=F("attempts") + 1, status=None, error=error.code)
        _failed(webhook, task.at)
        raise
    if not 200 <= status < 300:
        rows.update(attempts=F("attempts") + 1, status=status, error="")
        _failed(webhook, task.at, gone=status == GONE)
        raise outward.CallFailed(f"status-{status}")
    breaker.worked(webhook)
    return lambda: _note(rows.update(sent_at=task.at, status=status, attempts=F("attempts") + 1, error=""))


def _post(webhook: Webhook, row: WebhookCall, at: datetime) -> int:
    """The status that is answered; what else is said is not read."""
    secret = vault.decrypt(bytes(webhook.secret), "webhook")
    head = signing.headers(secret, row.key, int(at.timestamp()), row.body)
    networks = settings.TONGBAN_WEBHOOK_NETWORKS
    return outward.post(webhook.address, row.body.encode(), head, seconds=SECONDS, networks=networks).status


def _failed(webhook: Webhook, at: datetime, *, gone: bool = False) -> None:
    """One more failure; after many of them, or at the other side's wish, it is switched off and administrators know."""
    failures = breaker.failed(webhook, at)
    if not gone and failures < MOST_FAILURES:
        return
    with transaction.atomic():
        if switch_off(webhook, at):
            told = sorted(_administrators(at))
            cause = f"{SWITCHED_OFF}:{webhook.pk}:{at.isoformat()}"
            add_lines((Line(SWITCHED_OFF, account=a, gaps={"name": webhook.name}) for a in told), cause=cause, at=at)


def _administrators(at: datetime) -> set[int]:
    bodies = Role.objects.filter(code=ADMINISTRATOR, ended_at=None).values_list("organisation", flat=True).distinct()
    return {account for body in bodies for account, _name in officers_of(body, ADMINISTRATOR, at=at)}


def _note(changed: int) -> None:
    if not changed:
        raise worker.Overtaken
