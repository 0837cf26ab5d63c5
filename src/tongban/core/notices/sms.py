"""A gateway for messages to phones that is asked over HTTP: settings.TONGBAN_SMS_URL and TONGBAN_SMS_SECRET.

One POST for each message, as JSON ``{"id", "to", "text"}``, with the id as ``Idempotency-Key`` and the secret as a
bearer token. The gateway answers 2xx and ``{"id": the same, "status": "accepted"}``; "duplicate" says that it has the
message already, and "rejected" that this number can never be reached. Anything else means: try again later.
"""

from __future__ import annotations

import hashlib
import json

from django.conf import settings

from tongban.core.notices import outward
from tongban.core.notices.ports import NeverReached

_SECONDS = 8.0
_MOST_READ = 4096


class HttpPort:
    """Hands messages to the gateway."""

    def deliver(self, key: str, phone: str, text: str) -> None:
        """One message, within eight seconds; :class:`NeverReached` for a number that the gateway rejects."""
        name = stable_id(key)
        answer = outward.post(
            settings.TONGBAN_SMS_URL,
            json.dumps({"id": name, "to": phone, "text": text}, ensure_ascii=False).encode(),
            {
                "Content-Type": "application/json; charset=utf-8",
                "Idempotency-Key": name,
                "Authorization": f"Bearer {settings.TONGBAN_SMS_SECRET}",
            },
            seconds=_SECONDS,
            networks=outward.EVERYWHERE,  # the county's own people have named it
            read=_MOST_READ,
        )
        if not 200 <= answer.status < 300:
            raise outward.CallFailed(f"status-{answer.status}")
        said = _said(answer.body)
        if said.get("id") != name:
            raise outward.CallFailed("answer")
        if said.get("status") == "rejected":
            raise NeverReached
        if said.get("status") not in ("accepted", "duplicate"):
            raise outward.CallFailed("answer")


def stable_id(key: str) -> str:
    """The id under which the gateway knows a message; it tells nothing."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def _said(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except ValueError:  # no JSON, or not even text
        raise outward.CallFailed("answer") from None
    return found if isinstance(found, dict) else {}
