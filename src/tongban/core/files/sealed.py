"""A file as it lies on disk: in pieces under a key of its own, so that any stretch of it can be read by itself.

Eight random bytes, then each 64 KiB of content with its sign. A piece is bound to its place and to whether it is the
last, so that pieces cannot be exchanged, and a file that was cut short does not pass for a whole one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PIECE = 64 * 1024
KEY = 32
_PREFIX, _TAG = 8, 16


class Damaged(Exception):
    """The file is not as it was sealed, or this is not its key."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A sealed file: how many bytes its content has, and the SHA-256 of what lies on disk."""

    size: int
    sha256: str


def new_key() -> bytes:
    """A key for one file; its derived copies may share it."""
    return os.urandom(KEY)


def seal(pieces: Iterable[bytes], path: Path, key: bytes) -> Lying:
    """Write ``pieces`` to ``path``, which must not exist; on disk when this returns."""
    prefix, cipher, digest, size = os.urandom(_PREFIX), AESGCM(key), hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:

        def put(written: bytes) -> None:
            digest.update(written)
            file.write(written)

        put(prefix)
        for place, (piece, last) in enumerate(_even(pieces)):
            size += len(piece)
            put(cipher.encrypt(_nonce(prefix, place), piece, b"last" if last else b"more"))
        file.flush()
        os.fsync(file.fileno())
    _settle(path.parent)
    return Lying(size, digest.hexdigest())


def unseal(path: Path, key: bytes, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """The content from ``start`` up to ``stop`` (bytes; None: the end). Raises :class:`Damaged`."""
    cipher, whole = AESGCM(key), content_size(path)
    stop = whole if stop is None else min(stop, whole)
    with path.open("rb") as file:
        prefix = file.read(_PREFIX)
        if len(prefix) < _PREFIX:
            raise Damaged(path.name)
        place = start // PIECE
        file.seek(_PREFIX + place * (PIECE + _TAG))
        while place * PIECE < max(stop, 1):
            closed = file.read(PIECE + _TAG)
            last = (place + 1) * PIECE >= whole
            try:
                piece = cipher.decrypt(_nonce(prefix, place), closed, b"last" if last else b"more")
            except InvalidTag:
                raise Damaged(path.name) from None
            yield piece[max(start - place * PIECE, 0) : stop - place * PIECE]
            place += 1


def content_size(path: Path) -> int:
    """How many bytes the content has, by the size of what lies on disk."""
    body = max(path.stat().st_size - _PREFIX, _TAG)
    return body - _TAG * -(-body // (PIECE + _TAG))


def sum_of(path: Path) -> str:
    """The SHA-256 of what lies on disk; needs no key."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _even(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The same bytes in pieces of one size, each with whether it is the last; at least one."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) > PIECE:
            yield bytes(held[:PIECE]), False
            del held[:PIECE]
    yield bytes(held), True


def _nonce(prefix: bytes, place: int) -> bytes:
    return prefix + place.to_bytes(4, "big")


def _settle(folder: Path) -> None:
    """The folder's own entry is on disk too: a row may now name the file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
