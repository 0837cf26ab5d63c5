"""Signatures of webhooks in the way of the Standard Webhooks specification (symmetric, version 1)."""

from __future__ import annotations

import base64
import hmac
import secrets

_PREFIX = "whsec_"


def new_secret() -> str:
    """A fresh secret as both sides write it: 32 random bytes."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, name: str, timestamp: int, body: str) -> str:
    """``v1,`` and the base64 of HMAC-SHA256 over ``name.timestamp.body``.

    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, '{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{name}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def headers(secret: str, name: str, timestamp: int, body: str) -> dict[str, str]:
    """What goes with ``body``: the id is the same however often it is sent, the moment is that of this attempt."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": name,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, name, timestamp, body),
    }
