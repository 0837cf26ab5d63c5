"""Where messages to phones go out: one port, named by ``settings.TONGBAN_MESSAGE_PORT``.

A port takes a stable key with each message. Delivery is at least once: a worker that dies between handing over and
writing that down hands over again, and the key lets the other side see that it has the message already.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from tongban.core import vault
from tongban.core.labels import Label

CODE = Label(
    "【通办】您的验证码是 {code}，5 分钟内有效。请不要告诉任何人，工作人员也不会问。",
    "[Tongban] Your code is {code}, good for 5 minutes. Tell it to nobody; our staff never ask for it.",
)


class NeverReached(Exception):
    """This number can never be reached: there is no such number, or its owner wants no messages at all."""


class Port(Protocol):
    """Takes messages to phones."""

    def deliver(self, key: str, phone: str, text: str) -> None:
        """Hand one message over. The same ``key`` again changes nothing.

        :class:`NeverReached` means: give up. Any other exception means: try later.
        """


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message as :class:`FilePort` keeps it."""

    key: str
    phone: str
    text: str
    written: float


class FilePort:
    """Writes each message to a file of its own in ``TONGBAN_DATA/messages``, readable by its owner alone.

    For the demo and the tests, and for a gateway that collects files.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(settings.TONGBAN_DATA) / "messages"

    def deliver(self, key: str, phone: str, text: str) -> None:
        """One file, whole or not at all; a second one under the same key is not written."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.path(key)
        if path.exists():
            return
        fresh = self.folder / f".{path.name}.{os.getpid()}.{threading.get_ident()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"key": key, "phone": phone, "text": text}, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # fails where another was first, and never overwrites
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)  # the name of the file too must survive the power going off
        finally:
            os.close(descriptor)

    def path(self, key: str) -> Path:
        """The file of the message with this key; its name tells nothing."""
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.json"

    def delivered(self, phone: str | None = None, most: int | None = None) -> list[Delivered]:
        """What has been handed over, newest first; to one number, if given. For the demo's page and the tests."""
        found: list[Delivered] = []
        dated = sorted(((path.stat().st_mtime_ns, path) for path in self.folder.glob("*.json")), reverse=True)
        for written, path in dated:
            if most is not None and len(found) >= most:
                break
            said = json.loads(path.read_text(encoding="utf-8"))
            if phone is None or said["phone"] == phone:
                found.append(Delivered(said["key"], said["phone"], said["text"], written / 1e9))
        return found


def port() -> Port:
    """The county's port."""
    made: Port = import_string(settings.TONGBAN_MESSAGE_PORT)()
    return made


def send_code(phone: str, code: str, language: str, at: datetime) -> None:
    """Send a one-time code at once; it is stored nowhere but with whoever delivers it."""
    subject = vault.blind_index("phone", phone).hex()[:24]
    port().deliver(f"code:{subject}:{at.isoformat()}", phone, CODE.text(language, code=code))
