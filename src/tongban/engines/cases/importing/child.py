"""The child process that opens one foreign file under hard limits and prints what it found, one line of JSON a row.

``python -I -m tongban.engines.cases.importing.child FILE``: first line ``{"name": …, "unread": […]}``, then a list for
each row, then ``{"end": rows}``. Trouble is one line ``{"trouble": code, "params": {…}}``. Whatever happens here, a
bomb, a crash in the parser, a loop, ends this process and nothing else.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tongban.engines.cases.importing.bounds import FILE_BYTES, Allowance, Unreadable
from tongban.engines.cases.importing.tables import check_width, open_table


def plain(cell: Any) -> Any:
    """A cell that JSON does not know: a moment or a day keeps its kind, a time of day becomes text."""
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return str(cell)
    return ""


def main(path: Path) -> None:
    """Print the table in ``path``, or why it cannot be read."""
    size = path.stat().st_size
    Allowance.of(size).impose()
    say = sys.stdout.write
    try:
        if size > FILE_BYTES:
            raise Unreadable("import.file.size", most=FILE_BYTES // 1024**2)
        sheet = open_table(path)
        say(json.dumps({"name": sheet.name, "unread": sheet.unread}) + "\n")
        rows = 0
        for row in sheet.rows:
            say(json.dumps(check_width(row), default=plain, ensure_ascii=True) + "\n")
            rows += 1
        say(json.dumps({"end": rows}) + "\n")
    except Unreadable as trouble:
        say(json.dumps({"trouble": trouble.code, "params": trouble.params}) + "\n")
    except MemoryError:
        say(json.dumps({"trouble": "import.file.bomb", "params": {"unpacked": 0}}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
