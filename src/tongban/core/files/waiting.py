"""Files that wait to be sent with a form, before there is anything that they belong to.

They are tied to the form by its ``owner``: what names one showing of a form, or a form and whoever fills it in. Each
has a card beside the store, sealed under the county's key. A file waits for a day and serves one request: the row that
then names it can be written once (see the engine that writes it). Cards are collected with whatever nobody came back for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tongban.core import vault
from tongban.core.files import sealed, store
from tongban.core.files.kinds import KINDS
from tongban.core.files.store import WAITS, Stored
from tongban.core.files.taking import AT_ONCE, Taken, take_in
from tongban.core.refusals import Refused

_PURPOSE = "waiting file"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One file that waits; ``place`` is where it stands among those of its form."""

    taken: Taken
    since: datetime
    place: int = 0

    @property
    def token(self) -> str:
        """Its name in the store, by which its form knows it."""
        return self.taken.whole.token

    def small(self) -> bytes:
        """Its small picture as JPEG; nothing where it is none, or has been removed."""
        stored = self.taken.small
        if stored is None or not store.path_of(stored.token).is_file():
            return b""
        return b"".join(sealed.unseal(store.path_of(stored.token), self.taken.key))


def add(owner: str, pieces: Iterable[bytes], name: str, *, at: datetime) -> Waiting:
    """Take a file in for a form. Refuses with ``file.…``."""
    known = of(owner, at=at)
    if len(known) >= AT_ONCE:
        raise _many(name)
    made = Waiting(take_in(pieces, name), at, known[-1].place + 1 if known else 0)
    _write(owner, made)
    if len(of(owner, at=at)) > AT_ONCE:  # others came at the same moment: whoever sees too many takes his own away
        drop(owner, made.token)
        raise _many(made.taken.name)
    return made


def _many(name: str) -> Refused:
    return Refused("file.many", field="files", name=name, most=AT_ONCE)


def of(owner: str, *, at: datetime) -> list[Waiting]:
    """The files that wait for a form, in the order in which they came."""
    try:
        cards = list(_folder(owner).iterdir())
    except FileNotFoundError:
        return []
    found = [card for path in cards if path.suffix == ".card" if (card := _read(path)) is not None]
    return sorted((f for f in found if at - f.since < WAITS), key=lambda f: (f.place, f.since, f.token))


def drop(owner: str, token: str) -> None:
    """Its owner does not want it after all; of a file that is not his nothing happens."""
    path = _folder(owner) / f"{token}.card"
    if store.is_token(token) and _read(path) is not None:
        path.unlink(missing_ok=True)
        # The file itself is left to be collected: a row may have come to name it meanwhile.


def collect(at: datetime) -> int:
    """Remove cards that have waited long enough, and forms without any; gives the number of cards."""
    removed = 0
    for folder in _all().iterdir():
        try:
            cards = list(folder.iterdir())
        except FileNotFoundError:
            continue  # somebody else removed it
        removed += sum(_collected(path, at) for path in cards)
        _remove_empty(folder)
    return removed


def _collected(path: Path, at: datetime) -> int:
    """Remove a card that has waited long enough, or what was left of one being written; gives how many."""
    card = _read(path) if path.suffix == ".card" else None
    try:
        since = card.since.timestamp() if card is not None else path.stat().st_mtime
    except FileNotFoundError:
        return 0  # written and renamed meanwhile, or dropped
    if at.timestamp() - since < WAITS.total_seconds():
        return 0
    path.unlink(missing_ok=True)
    return 1


def _all() -> Path:
    found = Path(settings.TONGBAN_DATA) / "files" / "waiting"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def _folder(owner: str) -> Path:
    return _all() / vault.blind_index("waiting", owner).hex()


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # it holds cards, or another has just come


def _write(owner: str, made: Waiting) -> None:
    taken = made.taken
    card = {
        "name": taken.name, "kind": taken.kind.code, "width": taken.width, "height": taken.height,
        "key": taken.key.hex(), "since": made.since.isoformat(), "place": made.place, "stored": [
            [s.token, s.size, s.sha256] for s in (taken.whole, taken.small) if s is not None
        ],
    }  # fmt: skip
    folder = _folder(owner)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f".{made.token}"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(vault.encrypt(json.dumps(card), _PURPOSE))
    fresh.rename(folder / f"{made.token}.card")


def _read(path: Path) -> Waiting | None:
    try:
        card = json.loads(vault.decrypt(path.read_bytes(), _PURPOSE))
    except (OSError, ValueError, vault.Forgotten):
        return None
    whole, *small = (Stored(*one) for one in card["stored"])
    taken = Taken(
        card["name"], KINDS[card["kind"]], card["width"], card["height"], bytes.fromhex(card["key"]), whole,
        small[0] if small else None,
    )  # fmt: skip
    return Waiting(taken, datetime.fromisoformat(card["since"]), card["place"])
