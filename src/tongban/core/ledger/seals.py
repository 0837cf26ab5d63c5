"""Seals: each day's entries under one hash, chained, and copied to a file outside the database.

Whoever can write to the database can rewrite entries, their hashes and the seals with them. What he cannot rewrite is a
seal that left the database: the file in ``TONGBAN_DATA/seals``, and every copy of it that somebody carried away.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tongban.core import database
from tongban.core.labels import Label
from tongban.core.ledger.logic import GENESIS, canonical, seal_root
from tongban.core.ledger.models import Entry, Outbox, Seal
from tongban.core.ledger.worker import Effect, Overtaken, Task, daily, handles
from tongban.core.refusals import Refused, declare

SEAL, EXPORT = "ledger.seal", "ledger.export_seal"
# What is younger is left to tomorrow: somebody may still be writing beside it.
YOUNG = timedelta(seconds=60)
_FORMAT = 1

declare(
    {
        "seal.none": Label(
            "还没有封存过。先运行 tongban audit seal。", "Nothing is sealed yet. Run `tongban audit seal` first."
        ),
        "seal.file": Label(
            "“{path}”不是封存文件，或者已损坏。请换一个由 tongban audit export-seal 写出的文件。",
            "“{path}” is not a seal, or is damaged. Give a file that `tongban audit export-seal` has written.",
        ),
        "seal.county": Label(
            "这份封存属于 {county}，不是本县（{ours}）的。",
            "This seal is of the county {county}, not of this one ({ours}).",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Exported:
    """A seal as it stands in a file outside the database."""

    county: str
    day: str
    first_entry: int
    last_entry: int
    entries: int
    root: str
    made_at: str

    @classmethod
    def of(cls, seal: Seal) -> Exported:
        """What the file says about ``seal``."""
        return cls(
            seal.county, seal.day.isoformat(), seal.first_entry, seal.last_entry, seal.entries,
            bytes(seal.root).hex(), seal.made_at.isoformat(),
        )  # fmt: skip


def last_seal() -> Seal | None:
    """The newest seal."""
    return Seal.objects.order_by("-last_entry", "-day").first()


def county_day(at: datetime) -> date:
    """The day that ``at`` belongs to in the county's zone."""
    return timezone.localtime(at, timezone.get_default_timezone()).date()


def make_seal(*, at: datetime) -> Seal:
    """Seal everything that is not sealed yet and older than a minute. A day has one seal: a second call gives it."""
    effect = _prepare(at)
    if effect is not None:
        try:
            with transaction.atomic():
                effect()
        except (Overtaken, IntegrityError):
            pass  # the worker was first
    made = last_seal()
    if made is None:
        raise Refused("seal.none")
    return made


def _prepare(at: datetime) -> Effect | None:
    """Compute the seal without keeping anybody waiting; the effect writes it, if nobody else has."""
    day = county_day(at)
    if Seal.objects.filter(day=day).exists():
        return None
    before = last_seal()
    first = before.last_entry + 1 if before else 1
    gathered = _Gathered(first - 1)
    root = seal_root(bytes(before.root) if before else GENESIS, gathered.hashes(database.settled(Entry), at - YOUNG))
    seal = Seal(
        county=settings.TONGBAN_COUNTY, day=day, first_entry=first, last_entry=gathered.last, entries=gathered.count,
        root=root, made_at=at,
    )  # fmt: skip

    def write() -> None:
        now = last_seal()
        if (now.pk if now else None) != (before.pk if before else None):
            raise Overtaken
        seal.save(force_insert=True)
        Outbox.objects.create(
            topic=EXPORT, key=f"{EXPORT}:{day}", payload=canonical({"seal": seal.pk}), created_at=at, due_at=at
        )

    return write


@dataclass(slots=True)
class _Gathered:
    """Counts the entries that go into one seal as they pass."""

    last: int
    count: int = 0

    def hashes(self, settled: int, older: datetime) -> Iterator[bytes]:
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                f"SELECT id, hash, recorded_at FROM {database.quote(Entry._meta.db_table)}"  # noqa: S608 - our names
                " WHERE id > %s AND id <= %s ORDER BY id",
                [self.last, settled],
            )
            while rows := cursor.fetchmany(5000):
                for key, digest, recorded_at in rows:
                    # SQLite's driver gives moments in UTC that do not say so.
                    if (recorded_at if recorded_at.tzinfo else recorded_at.replace(tzinfo=UTC)) > older:
                        return
                    self.last, self.count = key, self.count + 1
                    yield bytes(digest)


# -- files outside the database ----------------------------------------------------------------------------------------


def folder() -> Path:
    """Where each daily seal is written."""
    return Path(settings.TONGBAN_DATA) / "seals"


def export(seal: Seal, path: Path | None = None) -> Path:
    """Write ``seal`` to ``path`` (else to the folder of seals), whole or not at all."""
    path = path or folder() / f"{seal.day.isoformat()}.json"
    fresh = path.with_name(f".{path.name}.{uuid4().hex}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as undo:
        file = undo.enter_context(fresh.open("w", encoding="utf-8"))
        undo.callback(fresh.unlink, missing_ok=True)
        json.dump({"format": _FORMAT, **asdict(Exported.of(seal))}, file, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
        fresh.replace(path)
    return path


def read(path: Path) -> Exported:
    """The seal in a file; refused if it is none, or another county's."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said.pop("format") != _FORMAT:
            raise ValueError
        found = Exported(**said)
        if len(bytes.fromhex(found.root)) != 32 or not all(
            isinstance(n, int) for n in (found.first_entry, found.last_entry, found.entries)
        ):
            raise ValueError
        date.fromisoformat(found.day)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise Refused("seal.file", path=path) from None
    if found.county != settings.TONGBAN_COUNTY:
        raise Refused("seal.county", county=found.county, ours=settings.TONGBAN_COUNTY)
    return found


def newest_file() -> Path | None:
    """The file of the last daily seal; None where there is none yet."""
    return max(folder().glob("*.json"), default=None, key=lambda path: path.name)


# -- what the worker does ----------------------------------------------------------------------------------------------


@handles(SEAL, outside=True)
def seal_the_day(task: Task) -> Effect | None:
    """The daily seal."""
    return _prepare(task.at)


@handles(EXPORT, outside=True)
def export_the_seal(task: Task) -> None:
    """Writes the day's seal outside the database, once it is committed."""
    export(Seal.objects.get(pk=task.payload["seal"]))


daily(SEAL, time(0, 30))
