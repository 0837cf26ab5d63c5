"""The process that measures in one database. Commands come as JSON lines on standard input; see ``databases``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any


def main() -> None:
    """Serve commands until standard input ends."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
    import django

    django.setup()
    from django.conf import settings

    # Nobody signs in here, and hundreds of passwords that are hard to guess would take minutes.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from tongban.cli.bench.measures import Measures

    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints goes to standard error

    def say(message: dict[str, Any]) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    measures = Measures(lambda done, whole: say({"progress": [done, whole]}))
    for line in sys.stdin:
        wanted = json.loads(line)
        do: Callable[..., dict[str, Any]] = getattr(measures, wanted.pop("do"))
        say({"result": do(**wanted)})


if __name__ == "__main__":
    main()
