"""An MP3 without the tags before and behind its sound: ID3 of both kinds, APE, Lyrics3. Some recorders write several."""

from __future__ import annotations

# Bytes of what stands at the end of a sound; Lyrics3 of the first version holds up to 5,100 between its two words.
_ID3_END, _HEAD, _APE, _FIRST_LYRICS = 128, 10, 32, 5_100 + 11 + 9
_APE_HAS_HEAD = 1 << 31


def tidy(content: bytes) -> bytes:
    """The sound alone; nothing where a tag claims to be longer than the file."""
    begin, end = 0, len(content)
    while begin < end and (size := _before(content, begin)):
        begin += size
    while begin < end and (size := _behind(content, begin, end)):
        end -= size
    return content[begin:end] if begin < end else b""


def _before(content: bytes, at: int) -> int:
    """Bytes of the tag that begins here."""
    head = content[at : at + _APE]
    if head.startswith(b"ID3") and len(head) >= _HEAD:
        # The fourth version may repeat its head behind itself.
        return _HEAD + _sevens(head[6:10]) + (_HEAD if head[5] & 0x10 else 0)
    if head.startswith(b"APETAGEX") and len(head) == _APE:
        return _APE + int.from_bytes(head[12:16], "little")
    return 0


def _behind(content: bytes, begin: int, end: int) -> int:
    """Bytes of the tag that ends here."""
    foot = content[max(end - _APE, begin) : end]
    if content.startswith(b"TAG", max(end - _ID3_END, begin)):
        return _ID3_END
    if foot.startswith(b"APETAGEX"):
        head = _APE if int.from_bytes(foot[20:24], "little") & _APE_HAS_HEAD else 0
        return max(int.from_bytes(foot[12:16], "little"), _APE) + head
    if foot[-_HEAD:].startswith(b"3DI"):
        return 2 * _HEAD + _sevens(foot[-4:])
    if foot.endswith(b"LYRICS200") and foot[-15:-9].isdigit():
        return 15 + int(foot[-15:-9])
    if foot.endswith(b"LYRICSEND"):
        first = content.rfind(b"LYRICSBEGIN", max(end - _FIRST_LYRICS, begin), end)
        return end - first if first >= 0 else 0
    return 0


def _sevens(four: bytes) -> int:
    """A number of which each byte carries seven bits.

    >>> _sevens(bytes([0, 0, 1, 1]))
    129
    """
    size = 0
    for seven in four:
        size = size << 7 | (seven & 127)
    return size
