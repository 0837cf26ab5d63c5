"""Databases of the bench's own, and the processes that measure in them; both are gone afterwards, come what may."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

_LOCAL = ("postgresql://postgres@127.0.0.1:5432/postgres", "postgresql:///postgres")
Told = Callable[[int, int], None]


def server() -> str:
    """The PostgreSQL to be used: the one that DATABASE_URL names, else a local one that answers; else nothing."""
    import psycopg

    named = os.environ.get("TONGBAN_BENCH_DATABASE_URL", "")
    for url in [named] if named.startswith("postgres") else _LOCAL:
        try:
            psycopg.connect(url, connect_timeout=3).close()
        except psycopg.Error:
            continue
        return url
    return ""


def kinds() -> list[str]:
    """The databases that a run can measure on."""
    return ["sqlite", *(["postgresql"] if server() else [])]


@contextmanager
def database(kind: str, name: str) -> Iterator[dict[str, str]]:
    """The environment of a process with a county of its own, on one database or the other."""
    folder = tempfile.mkdtemp(prefix=f"tongban-bench-{name}-")
    try:
        if kind == "sqlite":
            yield {"TONGBAN_DATA": folder}
        else:
            with _postgresql(f"tongban_bench_{os.getpid()}_{name}") as url:
                yield {"TONGBAN_DATA": folder, "DATABASE_URL": url}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _postgresql(name: str) -> Iterator[str]:
    import psycopg
    from psycopg import sql

    url = server()
    new = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
    gone = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(new)
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(gone)


class Measurer:
    """A process that measures in one database: it takes a command a line, and answers with JSON lines."""

    def __init__(self, environment: dict[str, str]) -> None:
        kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tongban.cli.bench.measurer"],
            # A session of its own: Ctrl-C comes to the bench alone, which then ends its processes and drops databases.
            env={**kept, **environment}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            start_new_session=True,
        )  # fmt: skip

    def ask(self, do: str, told: Told | None = None, **given: Any) -> dict[str, Any]:
        """Let it do something; ``told`` hears how far it is."""
        self.begin(do, **given)
        return self.wait(told)

    def begin(self, do: str, **given: Any) -> None:
        """Let it begin something, without waiting."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **given}) + "\n")
        self._process.stdin.flush()

    def wait(self, told: Told | None = None) -> dict[str, Any]:
        """What came of it."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            if "result" in said:
                result: dict[str, Any] = said["result"]
                return result
            if told is not None:
                told(*said["progress"])
        raise RuntimeError(f"a measuring process ended with status {self._process.wait()}")

    def __enter__(self) -> Measurer:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
