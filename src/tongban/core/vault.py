"""Keys and personal data: what is encrypted, how it is found again, and how it is forgotten.

One master key in the data folder, versioned; purposes get keys derived from it. Each person (and each case of an unknown
person) has a random key of his own, stored wrapped in his row: destroying that column forgets what it encrypted,
wherever a copy stands.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import normalize

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12
_KEY = 32


class KeyMissing(Exception):
    """The county's master key is not in its folder; a new one would open nothing that was ever closed."""


class Forgotten(Exception):
    """The key that would open this has been destroyed, or is not the one that closed it."""


def key_folder() -> Path:
    """The folder of key files inside ``TONGBAN_DATA``; only its owner may read it."""
    return Path(settings.TONGBAN_DATA) / "keys"


@cache
def _folder(data: str | Path) -> str:
    # Asked for every value that is closed; a path costs more to build than a value to encrypt.
    return str(Path(data) / "keys")


def ensure_keys() -> None:
    """Make the master key on a new machine; an existing one is left as it is."""
    folder = key_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "master-1.key"
    if path.exists():
        return
    fresh = folder / f".new-{os.getpid()}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(os.urandom(_KEY)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(fresh, path)  # fails, not overwrites, when another process was first
    fresh.unlink()


def has_keys() -> bool:
    """Whether the master key is there."""
    return (key_folder() / "master-1.key").exists()


@cache
def _master(folder: str) -> bytes:
    # Never made here: only a new county gets a new key, and whoever makes one says so by ensure_keys.
    try:
        return base64.b64decode((Path(folder) / "master-1.key").read_bytes())
    except FileNotFoundError:
        raise KeyMissing("the folder of keys holds no master-1.key") from None


def opens(wrapped: bytes) -> bool:
    """Whether a wrapped key was wrapped under this master key."""
    try:
        _unwrapped(wrapped)
    except Forgotten:
        return False
    return True


@cache
def _purpose(folder: str, purpose: str) -> bytes:
    return hmac.digest(_master(folder), b"tongban/1/" + purpose.encode(), "sha256")


@cache
def _cipher(folder: str, purpose: str) -> AESGCM:
    return AESGCM(_purpose(folder, purpose))


def derived_key(purpose: str) -> bytes:
    """32 bytes that depend on the master key and ``purpose`` alone."""
    return _purpose(_folder(settings.TONGBAN_DATA), purpose)


def encrypt(text: str, purpose: str = "column") -> bytes:
    """``text`` under the county's key: for columns that must be read back."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(_folder(settings.TONGBAN_DATA), purpose).encrypt(nonce, text.encode(), None)


def decrypt(sealed: bytes, purpose: str = "column") -> str:
    """What :func:`encrypt` was given; empty for nothing."""
    if not sealed:
        return ""
    sealed = bytes(sealed)
    try:
        return _cipher(_folder(settings.TONGBAN_DATA), purpose).decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()
    except InvalidTag:
        raise Forgotten("this value was encrypted under another key") from None


def blind_index(kind: str, value: str) -> bytes:
    """A keyed fingerprint by which an encrypted value is found whole, and never in part."""
    return hmac.digest(derived_key("blind/" + kind), value.encode(), "sha256")


def new_subject_key() -> bytes:
    """A fresh key for one person's data, wrapped for storage in his row."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(_folder(settings.TONGBAN_DATA), "wrap").encrypt(nonce, os.urandom(_KEY), None)


def _unwrapped(wrapped: bytes) -> AESGCM:
    if not wrapped:
        raise Forgotten("this person's key has been destroyed")
    return _opened(_folder(settings.TONGBAN_DATA), bytes(wrapped))


# One action closes several columns of one person: his key is unwrapped once.
@lru_cache(maxsize=64)
def _opened(folder: str, wrapped: bytes) -> AESGCM:
    try:
        return AESGCM(_cipher(folder, "wrap").decrypt(wrapped[:_NONCE], wrapped[_NONCE:], None))
    except InvalidTag:
        raise Forgotten("this key was wrapped by another master key") from None


def close_for(wrapped: bytes, text: str) -> str:
    """``text`` under one person's key, as printable text for a ledger entry."""
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + _unwrapped(wrapped).encrypt(nonce, text.encode(), None)).decode()


def open_for(wrapped: bytes, closed: str) -> str:
    """What :func:`close_for` was given; :class:`Forgotten` once the key is destroyed."""
    sealed = base64.b64decode(closed)
    try:
        return _unwrapped(wrapped).decrypt(sealed[:_NONCE], sealed[_NONCE:], None).decode()
    except InvalidTag:
        raise Forgotten("this entry was closed under another key") from None


_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U


def token(purpose: str, subject: str, length: int) -> str:
    """A secret that need not be stored: ``length`` characters (5 bits each) that only this county can derive."""
    digest = int.from_bytes(hashlib.blake2b(subject.encode(), key=derived_key("token/" + purpose)).digest(), "big")
    return "".join(_ALPHABET[(digest >> (5 * i)) & 31] for i in range(length))


def same(a: str, b: str) -> bool:
    """Whether two secrets are equal, in time that does not tell where they differ."""
    return hmac.compare_digest(a.encode(), b.encode())


def tidy_token(typed: str) -> str:
    """A typed secret as it was meant: capitals, half-width, no spaces or dashes, O as 0, I and L as 1."""
    kept = "".join(c for c in normalize("NFKC", typed).upper() if c.isalnum())
    return kept.replace("O", "0").replace("I", "1").replace("L", "1")
