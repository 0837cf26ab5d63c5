"""How far what goes out has come: for administrators in counts without anybody's data, about one case for its desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, Value

from tongban.core.access.queries import administers
from tongban.core.access.viewer import Viewer
from tongban.core.labels import Label
from tongban.core.notices import digest, wording
from tongban.core.notices.delivery import NEVER, NOT_TRIED, State, state
from tongban.core.notices.models import Message, Route, Webhook, WebhookCall

LATELY = timedelta(days=7)
WEBHOOKS = "webhook"
CHANNELS: dict[str, Label] = {
    Message.Channel.SMS: Label("短信", "Messages to phones"),
    Message.Channel.EMAIL: Label("邮件", "E-mail"),
    WEBHOOKS: Label("推送", "Webhooks"),
}
_WHY: dict[str, Label] = {
    NEVER: Label(
        "平台说这个号码或邮箱收不到", "the gateway or mail server says that nothing reaches this number or address"
    ),
    "slow": Label("对方超过时间没有应答", "no answer in time"),
    "connection": Label("连不上对方", "no connection"),
    "certificate": Label("对方的证书无效", "its certificate is not valid"),
    "name": Label("查不到对方的域名", "its name cannot be found"),
    "answer": Label("对方没有确认收到", "the answer does not say that it was taken"),
    "private": Label("地址现在指向内部网络，没有发", "the address leads inside now; nothing was sent"),
    "scheme": Label("地址不是 https，没有发", "the address is not https; nothing was sent"),
    "port": Label("端口不允许，没有发", "the port is not allowed; nothing was sent"),
    "shape": Label("地址写得不对，没有发", "the address is not usable; nothing was sent"),
    "off": Label("已停用，没有发", "switched off; nothing was sent"),
}
_DIGEST = Label("每日汇总", "The day's digest")


@dataclass(frozen=True, slots=True)
class ChannelState:
    """One channel: what waits, and what became of what was made lately."""

    channel: str
    waiting: int
    oldest: datetime | None  # of what waits
    sent: int
    untried: int  # there was no number or address, or it was switched off meanwhile
    failed: int
    rests_until: datetime | None  # it failed so often that nobody tries it until then


@dataclass(frozen=True, slots=True)
class Failure:
    """One that was given up. It says neither to whom it was to go nor about what."""

    channel: str
    about: Label
    made_at: datetime
    failed_at: datetime
    attempts: int
    why: Label


@dataclass(frozen=True, slots=True)
class Told:
    """One message about a case: which, how far it has come, since when."""

    kind: str
    state: State
    at: datetime


def channels(viewer: Viewer, at: datetime) -> list[ChannelState]:
    """Each channel's state; for administrators."""
    if not administers(viewer):
        return []
    counts = {row.pop("channel"): row for row in _counted(Message.objects.values("channel"), at)}
    calls = WebhookCall.objects.annotate(channel=Value(WEBHOOKS)).values("channel")
    counts |= {row.pop("channel"): row for row in _counted(calls, at)}
    rests = dict(Route.objects.filter(rests_until__gt=at).values_list("channel", "rests_until"))
    rests |= {WEBHOOKS: Webhook.objects.filter(active=True).aggregate(last=Max("rests_until"))["last"]}
    return [_channel(name, counts.get(name, _NOTHING), rests.get(name), at) for name in CHANNELS]


def failures(viewer: Viewer, *, limit: int = 50) -> list[Failure]:
    """Messages that were given up, newest first; for administrators."""
    if not administers(viewer):
        return []
    rows = (
        Message.objects.filter(failed_at__isnull=False)
        .exclude(error__in=NOT_TRIED)
        .order_by("-failed_at", "-pk")[:limit]
    )
    return [
        Failure(row.channel, about(row.kind), row.made_at, row.failed_at, row.attempts, why(row.error))
        for row in rows
        if row.failed_at
    ]


def failed_lately(viewer: Viewer, at: datetime) -> int:
    """How many messages were given up in the last days; for administrators."""
    if not administers(viewer):
        return 0
    return Message.objects.filter(failed_at__gt=at - LATELY).exclude(error__in=NOT_TRIED).count()


def about(kind: str) -> Label:
    """What a message is about, as far as an administrator may know."""
    return _DIGEST if kind == digest.KIND else wording.GROUPS[wording.group_of(kind)].label


def why(error: str, status: int | None = None) -> Label:
    """What went wrong, in words; a status that was answered; or the place in the program, where nothing else is known."""
    given = str(status) if status else error.removeprefix("status-") if error.startswith("status-") else ""
    if given:
        return Label(f"对方应答 {given}", f"answered {given}")
    return _WHY.get(error) or Label(error or "—", error or "—")


def messages_about(case: int) -> list[Told]:
    """The messages to the requester's phone about a case, oldest first. Whoever asks sees to who may know."""
    rows = Message.objects.filter(case=case, channel=Message.Channel.SMS).order_by("made_at", "pk")
    own = [row for row in rows if wording.has_message(row.kind)]
    return [Told(row.kind, state(row), row.sent_at or row.failed_at or row.made_at) for row in own]


_NOTHING: dict[str, Any] = {"waiting": 0, "oldest": None, "sent": 0, "untried": 0, "failed": 0}


def _counted(rows: Any, at: datetime) -> Any:
    """What waits of each group of ``rows``, and what became of what was made lately."""
    waits, lately = Q(sent_at=None, failed_at=None), Q(made_at__gt=at - LATELY)
    given_up = lately & Q(failed_at__isnull=False)
    return rows.filter(waits | lately).annotate(
        waiting=Count("pk", filter=waits),
        oldest=Min("made_at", filter=waits),
        sent=Count("pk", filter=lately & Q(sent_at__isnull=False)),
        untried=Count("pk", filter=given_up & Q(error__in=NOT_TRIED)),
        failed=Count("pk", filter=given_up & ~Q(error__in=NOT_TRIED)),
    )


def _channel(name: str, counts: dict[str, Any], rests: datetime | None, at: datetime) -> ChannelState:
    return ChannelState(name, rests_until=rests if rests and rests > at else None, **counts)
