"""What an archive (ZIP) says of itself in its last bytes, read before anything parses its table of contents.

``zipfile`` makes an object of every record of that table as soon as it opens an archive, and it goes by the table's size,
not by the number of parts that the archive claims. Twenty MiB hold 400,000 such records: several hundred MB and seconds.
"""

from __future__ import annotations

import struct
from pathlib import Path

# Signature, this disk, the table's disk, records on this disk, records, the table's size and place, the comment's length.
_END = struct.Struct("<4s4H2IH")
_SIGN, _LOCATOR, _LOCATOR_BYTES = b"PK\x05\x06", b"PK\x06\x07", 20
_COMMENT = 2**16 - 1  # bytes at most


def is_plain(path: Path, *, parts: int, table: int) -> bool:
    """Whether the archive ends as an ordinary one does: no more than ``parts``, and their table of at most ``table`` bytes.

    Stricter than readers are, so that all of them find the same table: nothing may follow the archive's comment, the
    table must end where the last record begins, and ZIP64 (which may give other numbers) is none.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        begin = max(size - _END.size - _COMMENT - _LOCATOR_BYTES, 0)
        file.seek(begin)
        tail = file.read()
    at = tail.rfind(_SIGN)
    if at < 0 or len(tail) < at + _END.size or tail[max(at - _LOCATOR_BYTES, 0) : at].startswith(_LOCATOR):
        return False
    _, disk, first, here, count, bytes_, place, comment = _END.unpack_from(tail, at)
    fits = at + _END.size + comment == len(tail) and place + bytes_ == begin + at
    return bool(fits and disk == first == 0 and here == count <= parts and bytes_ <= table)
