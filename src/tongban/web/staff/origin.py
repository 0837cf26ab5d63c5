"""Whence a case came that was asked elsewhere, as facts of its page."""

from __future__ import annotations

from typing import Any

from tongban.core.labels import Label
from tongban.engines.cases.queries import Detail

_COMMAND = Label("系统命令", "a command on the server")


def origin_facts(detail: Detail) -> list[tuple[Label, Any, str]]:
    """(name, value, kind): the system, the number there, who brought it here and when."""
    origin = detail.origin
    if origin is None:
        return []
    number: list[tuple[Label, Any, str]] = (
        [(Label("原编号", "Number there"), origin.number, "text")] if origin.number else []
    )
    return [
        (Label("来自系统", "Came from"), origin.source, "text"),
        *number,
        (Label("导入人", "Imported by"), origin.by or _COMMAND, "text"),
        (Label("导入时间", "Imported"), detail.case.recorded_at, "moment"),
    ]
