"""Hashes of entries and seals, and replay: pure functions over plain values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

GENESIS = b"\0" * 32
Image = tuple[str, int, Mapping[str, Any] | None]


AS_IT_IS = frozenset({type(None), str, int, bool, float})


def plain(value: Any) -> Any:
    """A column's value as JSON holds it; one value has one form."""
    if type(value) in AS_IT_IS or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime):
        return written(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    raise TypeError(f"a column of type {type(value).__name__} cannot enter the ledger")


def written(moment: datetime) -> str:
    """A moment in UTC, in its one spelling."""
    return _spelt(moment) if moment.tzinfo is UTC else moment.astimezone(UTC).isoformat()


# One action writes one moment many times. Only moments in UTC: of other zones two may be equal and not the same.
@lru_cache(maxsize=512)
def _spelt(moment: datetime) -> str:
    return moment.isoformat()


def _encoder(*, sort_keys: bool) -> Callable[[Any], str]:
    """JSON without spaces. CPython's encoder is made once here; ``JSONEncoder.encode`` makes one for each call."""
    usual = json.JSONEncoder(ensure_ascii=False, sort_keys=sort_keys, separators=(",", ":"), allow_nan=False)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return usual.encode
    spelt: Callable[[str], str] = json.encoder.encode_basestring
    pieces = make(None, usual.default, spelt, None, ":", ",", sort_keys, False, False)
    return lambda value: "".join(pieces(value, 0))


_canonical = _encoder(sort_keys=True)
_in_order = _encoder(sort_keys=False)


def canonical(value: Any) -> str:
    """JSON with one spelling: sorted keys, no spaces."""
    return _canonical(value)


@dataclass(frozen=True, slots=True)
class Fact:
    """What an entry says, apart from its own hash; the order of fields is the order in which they are hashed."""

    action: str
    kind: str
    object_id: int
    number: int
    name: str
    by_account: int | None
    by_role: int | None
    on_behalf: int | None
    by_system: str
    happened_at: datetime
    happened_precision: str
    recorded_at: datetime
    programme: str
    unit: int | None
    area: int | None
    schema: int
    images: str

    def hash(self, before: bytes) -> bytes:
        """SHA-256 over the hash ``before`` in the chain and this entry's text."""
        values = [
            self.action, self.kind, self.object_id, self.number, self.name, self.by_account, self.by_role,
            self.on_behalf, self.by_system, written(self.happened_at), self.happened_precision,
            written(self.recorded_at), self.programme, self.unit, self.area, self.schema,
            self.images,
        ]  # fmt: skip
        return digest(before, values)


def digest(before: bytes, values: list[Any]) -> bytes:
    """An entry's hash from its values as they are hashed: in the order of :class:`Fact`, moments spelt out.

    Hashed are the hash ``before``, the values but the last as one line of JSON, and the last, the images, as they are:
    they are JSON already, and a line of JSON holds no line end.
    """
    *first, images = values
    text = f"{_in_order(first)}\n{images}"
    return hashlib.sha256(before + text.encode("utf-8", "surrogatepass")).digest()


def seal_root(before: bytes, hashes: Iterable[bytes]) -> bytes:
    """The hash of one day's entries, in the order of their ids, chained to the seal before."""
    total = hashlib.sha256(before)
    for one in hashes:
        total.update(one)
    return total.digest()


def replay(images: Iterable[Image], rows: dict[tuple[str, int], dict[str, Any]]) -> None:
    """Apply one entry's images to ``rows`` (model and id → columns): the whole of replay."""
    for model, key, columns in images:
        if columns is None:
            rows.pop((model, key), None)
        else:
            rows.setdefault((model, key), {}).update(columns)
