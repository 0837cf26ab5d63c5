"""Other systems that are told of what happens: every write to their subscriptions, and what is announced to them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from tongban.core import vault
from tongban.core.access.authority import administering
from tongban.core.labels import Label
from tongban.core.ledger.actor import WORKER, Actor
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.logic import canonical, written
from tongban.core.ledger.models import Outbox
from tongban.core.notices import outward, signing
from tongban.core.notices.models import Webhook, WebhookCall
from tongban.core.plain import one_line
from tongban.core.refusals import Refused
from tongban.core.refusals import declare as declare_refusals

CALL, TEST = "notices.call", "test"
_MOST = 50
_LOOK_UP = 1.5  # seconds for a name server while somebody waits for the page; a call itself has more
KINDS: dict[str, Label] = {}

declare_refusals(
    {
        "webhook.unknown": Label("没有这个推送，可能已被删除。请回到列表查看。", "There is no such webhook; look at the list."),
        "webhook.name": Label("请写明推送给谁用，例如“市数据平台”。", "Say whom it is for, such as “city data platform”."),
        "webhook.kinds": Label("请至少选一种要推送的事。", "Choose at least one kind of event."),
        "webhook.many": Label(
            "推送已有 {most} 个，不能再加。请先停用并改用不再需要的。",
            "There are {most} webhooks already. Change one that is no longer needed.",
        ),
        "webhook.shape": Label(
            "地址写得不对。应以 https:// 开头，不带用户名、密码和 #，例如 https://example.org/hook。",
            "This is no usable address. It begins with https:// and holds no user name, password or #, such as"
            " https://example.org/hook.",
        ),
        "webhook.name_unknown": Label(
            "查不到这个域名。请检查拼写，或稍后再试。", "The name in this address cannot be found. Check it, or try later."
        ),
        "webhook.private": Label(
            "这个地址指向内部网络或本机，不能推送。如确是本县内网系统，请在服务器设置 TONGBAN_WEBHOOK_NETWORKS 里写明它的网段。",
            "This address leads into an internal network or to this machine. If it is a system of the county's own, its"
            " network has to be named in TONGBAN_WEBHOOK_NETWORKS on the server.",
        ),
        "webhook.scheme": Label(
            "公网地址要用 https://。", "An address on the public network has to begin with https://."
        ),
        "webhook.port": Label(
            "公网地址的端口只能是 443 或 8443。", "On the public network only the ports 443 and 8443 may be used."
        ),
        "webhook.off": Label("这个推送已停用，请先启用再试。", "This webhook is switched off; switch it on first."),
    }
)  # fmt: skip


def declare(kinds: Mapping[str, Label]) -> None:
    """Name kinds of events to which other systems may subscribe."""
    for kind, label in kinds.items():
        if len(kind) > 40 or " " in kind or KINDS.setdefault(kind, label) != label:
            raise ValueError(f"the event {kind!r} is declared twice, or cannot be a name")


# -- actions -----------------------------------------------------------------------------------------------------


def add_webhook(*, name: str, address: str, kinds: Collection[str], by: Actor, at: datetime) -> tuple[Webhook, str]:
    """A new subscription, and its secret, which is told once."""
    columns = _columns(name, address, kinds)
    secret = signing.new_secret()
    with Journal("notices.add_webhook", by=by, at=at) as journal:
        administering(by, at)
        if Webhook.objects.count() >= _MOST:
            raise Refused("webhook.many", most=_MOST)
        row = Webhook(secret=vault.encrypt(secret, "webhook"), **columns)
        journal.add(row)
    return row, secret


def change_webhook(*, webhook: int, name: str, address: str, kinds: Collection[str], by: Actor, at: datetime) -> None:
    """Another name, address or choice of events."""
    columns = _columns(name, address, kinds)
    with Journal("notices.change_webhook", by=by, at=at) as journal:
        administering(by, at)
        row = _webhook(webhook)
        if row.address != columns["address"]:
            journal.change(row, failures=0, rests_until=None)
        journal.change(row, **columns)


def switch_webhook(*, webhook: int, active: bool, by: Actor, at: datetime) -> None:
    """On or off. What happens while it is off is not told later."""
    with Journal("notices.switch_webhook", by=by, at=at) as journal:
        administering(by, at)
        row = _webhook(webhook)
        if row.active != active:
            journal.change(row, active=active, failures=0, rests_until=None)


def renew_secret(*, webhook: int, by: Actor, at: datetime) -> str:
    """Another secret, told once; the old one is good for nothing from now on."""
    secret = signing.new_secret()
    with Journal("notices.renew_secret", by=by, at=at) as journal:
        administering(by, at)
        journal.change(_webhook(webhook), secret=vault.encrypt(secret, "webhook"))
    return secret


def try_webhook(*, webhook: int, by: Actor, at: datetime) -> None:
    """Send an event that says nothing but that it is a test."""
    with Journal("notices.try_webhook", by=by, at=at) as journal:
        administering(by, at)
        row = _webhook(webhook)
        if not row.active:
            raise Refused("webhook.off")
        journal.touch(row)
        _ask(row, f"{TEST}:{at.isoformat()}", TEST, {}, at)


# -- what happens by itself ----------------------------------------------------------------------------------------


def announce(*, kind: str, cause: str, data: Mapping[str, object], at: datetime) -> None:
    """Tell whoever subscribes to ``kind``; ``data`` names nobody. The same ``cause`` (an outbox key) is told once."""
    if kind not in KINDS:
        raise LookupError(f"the event {kind!r} is not declared")
    for row in Webhook.objects.filter(active=True).order_by("pk"):
        if kind in row.wanted:
            _ask(row, cause, kind, data, at)


def switch_off(row: Webhook, at: datetime) -> bool:
    """After too many failures: nobody is kept waiting by it any more. Whether it was on."""
    with Journal("notices.switch_webhook_off", by=WORKER, at=at) as journal:
        fresh = Webhook.objects.get(pk=row.pk)
        if not fresh.active:
            return False
        journal.change(fresh, active=False)
    return True


def _ask(row: Webhook, cause: str, kind: str, data: Mapping[str, object], at: datetime) -> None:
    key = hashlib.sha256(f"{row.pk}:{cause}:{kind}".encode()).hexdigest()[:32]
    body = canonical({"type": kind, "timestamp": written(at), "data": dict(data)})
    _, made = WebhookCall.objects.get_or_create(
        key=f"msg_{key}", defaults={"webhook": row, "kind": kind, "body": body, "made_at": at}
    )
    if made:
        Outbox.objects.create(
            topic=CALL, key=f"{CALL}:{key}", payload=canonical({"key": f"msg_{key}"}), created_at=at, due_at=at
        )


# -- inside ------------------------------------------------------------------------------------------------------


def _columns(name: str, address: str, kinds: Collection[str]) -> dict[str, Any]:
    known, wanted = one_line(name, 80), [kind for kind in KINDS if kind in kinds]
    if not known:
        raise Refused("webhook.name", field="name")
    if not wanted:
        raise Refused("webhook.kinds", field="kinds")
    return {"name": known, "address": _address(address), "kinds": " ".join(wanted)}


def _address(typed: str) -> str:
    """The address as it may be called now; each call checks anew, for a name may lead elsewhere tomorrow."""
    address = typed.strip()
    try:
        outward.checked(address[:301], networks=settings.TONGBAN_WEBHOOK_NETWORKS, seconds=_LOOK_UP)
    except outward.CallFailed as error:
        code = "name_unknown" if error.code == "name" else error.code
        raise Refused(f"webhook.{code}", field="address") from None
    if len(address) > 300:
        raise Refused("webhook.shape", field="address")
    return address


def _webhook(key: int) -> Webhook:
    row = Webhook.objects.filter(pk=key).first()
    if row is None:
        raise Refused("webhook.unknown")
    return row
