"""Pictures made anew from their pixels: turned as they were held, small enough to be seen, and with nothing beside them.

Position, time, camera, embedded previews, comments and whatever else stood in the file are gone, because none of it is
carried over. Runs in the bounded child process alone (see :mod:`tongban.core.files.child`); Pillow alone.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

#: Pixels of the longer side, as it is shown large and in a list.
LARGE, SMALL = 2048, 320
#: Pixels that a picture may claim before any of it is unpacked. Phones take 50 million; a JPEG is unpacked no larger than
#: it is needed, the others whole, WebP at several times their size.
PIXELS = {"jpeg": 50_000_000, "heic": 50_000_000, "png": 25_000_000, "webp": 16_000_000}
_SIDE = 20_000
_FORMATS = {"jpeg": ("JPEG", "MPO"), "png": ("PNG",), "webp": ("WEBP",), "heic": ("HEIF",)}


class NoPicture(Exception):
    """The file cannot be taken; ``code`` is the refusal's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Tidied:
    """A picture as JPEG, large and small."""

    width: int
    height: int
    large: bytes
    small: bytes


def tidied(path: Path, kind: str) -> Tidied:
    """The picture in ``path``, made anew; raises :class:`NoPicture`."""
    Image.MAX_IMAGE_PIXELS = PIXELS[kind]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=_FORMATS[kind]) as opened:
            return _made_anew(opened, PIXELS[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise NoPicture("file.pixels") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, RuntimeError):
        raise NoPicture("file.broken") from None


def _made_anew(opened: Any, most: int) -> Tidied:
    width, height = opened.size
    if width * height > most or max(width, height) > _SIDE:
        raise NoPicture("file.pixels")
    opened.draft("RGB", (LARGE, LARGE))  # a JPEG is unpacked no larger than it is needed
    opened.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    ImageOps.exif_transpose(opened, in_place=True)  # once it is small: a turned copy of the whole would double it
    plain = _on_white(opened)
    small = plain.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
    return Tidied(*plain.size, _jpeg(plain, 85), _jpeg(small, 75))


def _on_white(picture: Image.Image) -> Image.Image:
    """Its pixels alone, in a picture that knows nothing else; what was transparent is white."""
    plain = Image.new("RGB", picture.size, "white")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        plain.paste(seen, mask=seen.getchannel("A"))
    else:
        plain.paste(picture.convert("RGB"))
    return plain


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
