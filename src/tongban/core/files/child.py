"""The child process that opens one foreign picture under hard limits and gives it back made anew.

``python -I -m tongban.core.files.child FILE KIND``: one line of JSON, then the large and the small picture. Whatever
happens here, a bomb, a crash in a decoder, a loop, ends this process and nothing else.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

import pi_heif

from tongban.core.files.pictures import NoPicture, tidied

#: The largest that are let in take 430 MiB (a progressive JPEG in four colours), 360 (HEIC), 320 (WebP), 270 (PNG).
MEMORY_BYTES = 640 * 1024 * 1024
CPU_SECONDS = 10


def main(path: Path, kind: str) -> None:
    """Write the picture, or why it cannot be taken."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    pi_heif.register_heif_opener(thumbnails=False)
    try:
        made = tidied(path, kind)
    except NoPicture as trouble:
        head, body = {"trouble": trouble.code}, b""
    else:
        head = {"width": made.width, "height": made.height, "large": len(made.large)}  # type: ignore[dict-item]
        body = made.large + made.small
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
