"""Pictures and other files as people's phones and machines make them, made here: nobody's own stand in the repository."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageDraw

#: Words that stand beside the pixels and must be gone: in EXIF, XMP, a comment, the embedded preview's maker.
BESIDE = (b"PhoneMaker", b"SecretPlace", b"a comment of somebody", b"30.6958")


def jpeg(width: int = 320, height: int = 240, *, orientation: int = 1, left: str = "red") -> bytes:
    """A JPEG whose left half has one colour and whose right half is blue, with everything beside it that a phone writes."""
    picture = Image.new("RGB", (width, height), "blue")
    ImageDraw.Draw(picture).rectangle((0, 0, width // 2 - 1, height), fill=left)
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "PhoneMaker", orientation
    position = exif.get_ifd(0x8825)
    position[1], position[2], position[3], position[4] = "N", (30.0, 41.0, 45.0), "E", (121.0, 1.0, 2.0)
    out = io.BytesIO()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><p>SecretPlace 30.6958,121.0172</p></x:xmpmeta>"
    picture.save(out, "JPEG", exif=exif, xmp=xmp, comment=b"a comment of somebody", quality=90)
    return _with_preview(out.getvalue())


def _with_preview(content: bytes) -> bytes:
    """With an embedded preview in a block of the maker's own, as some cameras leave them."""
    small = io.BytesIO()
    Image.new("RGB", (16, 12), "green").save(small, "JPEG")
    block = b"PREVIEW" + small.getvalue()
    return content[:2] + b"\xff\xe5" + (len(block) + 2).to_bytes(2, "big") + block + content[2:]


def png(width: int = 60, height: int = 40) -> bytes:
    """A PNG that is transparent on its left half, with a text beside it."""
    from PIL.PngImagePlugin import PngInfo

    picture = Image.new("RGBA", (width, height), (0, 0, 255, 255))
    ImageDraw.Draw(picture).rectangle((0, 0, width // 2 - 1, height), fill=(0, 0, 0, 0))
    beside = PngInfo()
    beside.add_text("Location", "SecretPlace")
    out = io.BytesIO()
    picture.save(out, "PNG", pnginfo=beside)
    return out.getvalue()


def claiming(width: int, height: int, body: int = 600) -> bytes:
    """A PNG of less than a kilobyte that claims to be this large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(bytes(body * 1000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def office(main: str = "word/document.xml", **more: bytes) -> bytes:
    """An office file with one main part, and more parts by name (``__`` for a slash)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<document/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()
