"""How much of a foreign file is read at most; checked before it is parsed. Standard library only."""

from __future__ import annotations

import resource
import zipfile
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024
FILE_BYTES = 20 * MIB
UNPACKED_BYTES = 300 * MIB
# Honest workbooks pack 3 to 20 times; a bomb some hundred times. Small parts may be anything.
UNPACKED_RATIO = 100
SMALL_PART = 4 * MIB
PARTS = 2_000
ROWS = 100_000
COLUMNS = 100
CELLS = 2_000_000
CELL_SIGNS = 32_767  # what Excel itself holds in one cell
SHEETS = 50
# What a child process may take, and what each MiB of the file adds: a small file has no right to be slow.
CPU_SECONDS, CPU_SECONDS_PER_MIB = 2, 1
MEMORY_BYTES, MEMORY_BYTES_PER_MIB = 256 * MIB, 24 * MIB
WALL_SECONDS = 60


class Unreadable(Exception):
    """The file cannot be taken; ``code`` is the refusal's, ``params`` fill its sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the child process may take for one file."""

    cpu: int
    memory: int

    @classmethod
    def of(cls, size: int) -> Allowance:
        """For a file of ``size`` bytes.

        >>> Allowance.of(1000)
        Allowance(cpu=2, memory=268435456)
        """
        whole = size // MIB
        return cls(CPU_SECONDS + whole * CPU_SECONDS_PER_MIB, MEMORY_BYTES + whole * MEMORY_BYTES_PER_MIB)

    def impose(self) -> None:
        """Bind this very process; there is no way back."""
        resource.setrlimit(resource.RLIMIT_CPU, (self.cpu, self.cpu + 1))
        resource.setrlimit(resource.RLIMIT_AS, (self.memory, self.memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def check_archive(path: Path) -> None:
    """Refuse a zip that unpacks to too much: first by what it says of itself, then by unpacking it into nothing."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_promises(parts)
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable("import.file.locked")
            rows = sum(_unpack(archive, part) for part in parts if not part.is_dir())
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, NotImplementedError):
        raise Unreadable("import.file.broken") from None
    if rows > ROWS + 1:
        raise Unreadable("import.file.rows", most=ROWS)


def _check_promises(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > PARTS or unpacked > UNPACKED_BYTES:
        raise Unreadable("import.file.bomb", unpacked=unpacked // MIB)
    for part in parts:
        if part.file_size > SMALL_PART and part.file_size > UNPACKED_RATIO * max(part.compress_size, 1):
            raise Unreadable("import.file.bomb", unpacked=unpacked // MIB)


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Unpack one part piece by piece, keeping nothing; gives the number of rows if it is a sheet.

    ``zipfile`` gives no more than the size that the archive promises, and checks the sum at the end: a part that
    promises little and holds much ends as broken here, before any parser has seen it.
    """
    rows = 0
    sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
    with archive.open(part) as stream:
        tail = b""
        while piece := stream.read(256 * 1024):
            if sheet:
                rows += (tail + piece).count(b"<row")
                tail = piece[-3:]
    return rows
