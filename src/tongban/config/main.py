"""The program ``tongban``: sets Django up and hands the arguments to the commands."""

from __future__ import annotations

import os
import sys

from tongban.core.labels import Label


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit status is 0 if it did what was asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongban.config.settings")
    from tongban.cli.ports import PORTS
    from tongban.cli.run import run

    PORTS.codes = _codes
    return run(sys.argv[1:] if argv is None else argv)


def _codes() -> list[tuple[str, Label, str, str]]:
    """The demo's one-time codes, which the sign-in pages know."""
    from tongban.web.signin.codes import current

    return current()


if __name__ == "__main__":
    sys.exit(main())
