"""What officers and askers are told about a case: lines on the page, messages to the phone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from tongban.core.labels import Label
from tongban.core.notices import wording
from tongban.core.registry.queries import directory
from tongban.engines.cases import secrets

# For those who asked, by the kind of the story's line; only lines that they may see are told.
ASKER: dict[str, Label] = {
    "accept": Label("诉求 {number} 已受理。", "Request {number} has been accepted."),
    "decline": Label(
        "诉求 {number} 没有受理，理由写在进展里。", "Request {number} was not accepted; the reason stands in its story."
    ),
    "refer": Label("诉求 {number} 已转外部单位办理。", "Request {number} was referred to a body outside the county."),
    "assign": Label("诉求 {number} 已交给{unit}办理。", "Request {number} has been given to {unit}."),
    "assist": Label("诉求 {number} 请了{unit}一起办。", "{unit} has been asked to help with request {number}."),
    "ask": Label("{unit}请您补充说明诉求 {number}。", "{unit} asks you for more about request {number}."),
    "send": Label(
        "诉求 {number} 有答复了，请看一看，也请评一评。",
        "Request {number} has been answered. Please read it and rate it.",
    ),
    "close": Label("诉求 {number} 已办结。", "Request {number} is closed."),
    "withdraw": Label("诉求 {number} 已撤回。", "Request {number} has been withdrawn."),
    "promise": Label(
        "工作日历有调整，诉求 {number} 的答复期限改为 {day}。",
        "The working calendar has changed: request {number} is now to be answered by {day}.",
    ),
}

# For officers, by what the line asks of them.
OFFICER: dict[str, Label] = {
    "assigned": Label("{number} 已交办给{unit}，请签收。", "{number} was given to {unit}; please take it on."),
    "assisting": Label("{number} 请{unit}协办。", "{unit} is asked to assist with {number}."),
    "returned": Label("{unit}退回了 {number}，请重新交办。", "{unit} returned {number}; please assign it again."),
    "back": Label("{unit}把 {number} 退回给您。", "{unit} returned {number} to you."),
    "given": Label("{number} 移交给您办理。", "{number} was handed over to you."),
    "reported": Label("{unit}已就 {number} 回填意见。", "{unit} has reported back on {number}."),
    "review": Label("{number} 的答复等您审核。", "The answer to {number} waits for your review."),
    "rejected": Label("{number} 的答复被退回修改。", "The answer to {number} was sent back to be changed."),
    "replied": Label("提出人补充了 {number} 的说明。", "The requester has replied about {number}."),
    "withdrawn": Label(
        "提出人撤回了 {number}，不用再办。", "The requester has withdrawn {number}; nothing is left to do."
    ),
    "rated": Label("提出人评价了 {number}。", "The requester has rated {number}."),
    "recomputed": Label(
        "工作日历有调整，{number} 的办理期限改为 {day}。",
        "The working calendar has changed: {number} is now due on {day}.",
    ),
}

MESSAGES: dict[str, Label] = {
    "opened": Label(
        "【通办】您的诉求收到了，编号 {number}。查询码 {code}，不用登录就能看进展：{track} 查询码只给您自己，请收好。",
        "[Tongban] We have your request, number {number}. With the code {code} you can follow it without signing in:"
        " {track} Please keep it to yourself.",
    ),
    "accept": Label(
        "【通办】诉求 {number} 受理了。交给谁办、什么时候前答复，在这里看：{track}",
        "[Tongban] Request {number} has been accepted. Who handles it, and by when it will be answered: {track}",
    ),
    "decline": Label(
        "【通办】诉求 {number} 没有受理，理由在这里看：{track}",
        "[Tongban] Request {number} was not accepted. The reason stands here: {track}",
    ),
    "refer": Label(
        "【通办】诉求 {number} 已转外部单位办理。转到哪里、为什么，在这里看：{track}",
        "[Tongban] Request {number} was referred to a body outside the county. Where to, and why: {track}",
    ),
    "ask": Label(
        "【通办】{unit}办理诉求 {number} 时要请您补充几句，请打开：{track}",
        "[Tongban] {unit} needs a few more words from you about request {number}: {track}",
    ),
    "send": Label(
        "【通办】诉求 {number} 有答复了：{track} 满意不满意都请评一评（只能评一次）：{rate}",
        "[Tongban] Request {number} has been answered: {track} Please rate it, satisfied or not (once): {rate}",
    ),
}


def tracking_address(case: int) -> str:
    """Where whoever holds the code follows the case."""
    return f"{settings.TONGBAN_SHARED_ADDRESS}/track/{secrets.tracking_code(case)}/"


def rating_address(case: int) -> str:
    """The one-time rating link."""
    return f"{settings.TONGBAN_SHARED_ADDRESS}/rate/{secrets.rating_token(case)}/"


def fill(case: int | None, gaps: Mapping[str, Any]) -> Mapping[str, object]:
    """What fills the gaps of a line or a message about ``case``."""
    key = case or 0
    found: dict[str, object] = {"number": secrets.case_number(key), "unit": _SOMEBODY, "day": ""}
    body = directory().bodies.get(gaps.get("unit") or 0)
    if body is not None:
        found["unit"] = body.name
    if "due" in gaps:
        due = timezone.localtime(datetime.fromisoformat(gaps["due"]), timezone.get_default_timezone())
        found["day"] = Label(f"{due.month} 月 {due.day} 日 {due:%H:%M}", f"{due:%-d %B %Y, %H:%M}")
    return found


def fill_message(case: int | None, gaps: Mapping[str, Any]) -> Mapping[str, object]:
    """As :func:`fill`, with the secrets that only the asker's own phone gets."""
    key = case or 0
    secret = {
        "code": secrets.tracking_code(key),
        "track": tracking_address(key),
        "rate": rating_address(key),
    }
    return {**fill(case, gaps), **secret}


_SOMEBODY = Label("承办单位", "the handling unit")
wording.declare({f"asker.{k}": v for k, v in ASKER.items()} | {f"officer.{k}": v for k, v in OFFICER.items()}, {}, fill)
wording.declare({}, {f"case.{k}": v for k, v in MESSAGES.items()}, fill_message)
