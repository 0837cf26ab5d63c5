"""Taking a file in: what it is, whether it may be, what is left of it, and where it lies then."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tongban.core.files import media, sealed, store
from tongban.core.files.bounded import in_child
from tongban.core.files.kinds import KINDS, Kind, kind_of
from tongban.core.files.pictures import PIXELS, NoPicture
from tongban.core.files.store import Stored
from tongban.core.files.uploads import tidy_name
from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare

#: One file, and how many with one form: what somebody shows of one matter, sent over a phone's network.
FILE_BYTES, AT_ONCE = 20 * 1024 * 1024, 9
_SPARE = 1024**3  # bytes of the disk that are the database's

declare(
    {
        "file.size": Label(
            "“{name}”超过 {most} MiB，没有收下。照片请选小一些的，录像请剪短。",
            "“{name}” is larger than {most} MiB, so it was not taken. Please choose a smaller one, or cut the film.",
        ),
        "file.empty": Label(
            "“{name}”是空的，请重新选一个。", "“{name}” holds nothing; please choose another file."
        ),
        "file.kind": Label(
            "“{name}”不是能收的文件。能收：照片（JPG、PNG、WebP、HEIC）、PDF、Word（docx）、Excel（xlsx，不带宏）、文本、MP4、MP3。",
            "“{name}” is no file that is taken here. Pictures (JPG, PNG, WebP, HEIC), PDF, Word (docx), Excel (xlsx), without"
            " macros, text, MP4 and MP3 are.",
        ),
        "file.broken": Label(
            "“{name}”打不开，可能没有传完整。请重新选这张，或者截个图再传。",
            "“{name}” cannot be opened; perhaps a part of it is missing. Please choose it again, or send a screenshot of it.",
        ),
        "file.pixels": Label(
            "“{name}”的尺寸太大（超过 {most}00 万像素），没有收下。请缩小或截图后再传。",
            "“{name}” has too many pixels (over {most} million), so it was not taken. Please make it smaller first.",
        ),
        "file.many": Label(
            "一次最多带 {most} 个文件，“{name}”没有收下。可以先移除别的，或者以后补充说明时再传。",
            "At most {most} files go with one form, so “{name}” was not taken. Remove another first, or send it later with a reply.",
        ),
        "file.full": Label(
            "存放文件的地方快满了，暂时收不下文件。文字照样能交；文件请明天再补。",
            "There is hardly any room left for files, so none are taken now. Your words are; please send the file tomorrow.",
        ),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that lies in the store. ``name`` is what its owner called it; ``key`` opens it and its small picture."""

    name: str
    kind: Kind
    width: int
    height: int
    key: bytes
    whole: Stored
    small: Stored | None

    @property
    def tokens(self) -> list[str]:
        """Its names in the store."""
        return [s.token for s in (self.whole, self.small) if s is not None]


def take_in(pieces: Iterable[bytes], name: str) -> Taken:
    """Look at a file and store what is to be kept of it. Refuses with ``file.…``."""
    name = tidy_name(name)
    store.sweep()
    if shutil.disk_usage(store.folder()).free < _SPARE:
        raise Refused("file.full", field="files")
    with tempfile.NamedTemporaryFile(dir=store.incoming()) as file:
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > FILE_BYTES:
                raise Refused("file.size", field="files", name=name, most=FILE_BYTES // 1024**2)
            file.write(piece)
        file.flush()
        if not size:
            raise Refused("file.empty", field="files", name=name)
        return _kept(Path(file.name), name)


def _kept(path: Path, name: str) -> Taken:
    kind, key = kind_of(path), sealed.new_key()
    if kind is None:
        raise Refused("file.kind", field="files", name=name)
    if not kind.picture:
        kept = b"".join(media.tidy(path, kind.code))
        if not kept:  # it was nothing but what is removed
            raise Refused("file.broken", field="files", name=name)
        return Taken(name, kind, 0, 0, key, store.put([kept], key), None)
    try:
        made = in_child(path, kind.code)
    except NoPicture as trouble:
        raise Refused(trouble.code, field="files", name=name, most=PIXELS[kind.code] // 10**6) from None
    whole, small = store.put([made.large], key), store.put([made.small], key)
    return Taken(name, KINDS["jpeg"], made.width, made.height, key, whole, small)
