"""Files that wait for a form, and what is collected."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.pictures import jpeg
from tongban.core.files import store, waiting
from tongban.core.files.taking import AT_ONCE
from tongban.core.refusals import Refused

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_form_knows_its_own_files_in_their_order_and_no_other_s() -> None:
    for n, name in enumerate(("一.jpg", "二.txt")):
        waiting.add("form a", [jpeg() if n == 0 else "话".encode()], name, at=NOW + timedelta(seconds=n))
    assert [w.taken.name for w in waiting.of("form a", at=NOW)] == ["一.jpg", "二.txt"]
    first, second = waiting.of("form a", at=NOW)
    assert first.small().startswith(b"\xff\xd8")
    assert second.small() == b""
    assert waiting.of("form b", at=NOW) == []


def test_only_its_owner_drops_a_file() -> None:
    mine = waiting.add("mine", [b"words"], "a.txt", at=NOW)
    waiting.drop("another's", mine.token)
    waiting.drop("mine", "../../keys/master-1.key")
    assert waiting.of("mine", at=NOW) == [mine]
    waiting.drop("mine", mine.token)
    assert waiting.of("mine", at=NOW) == []


def test_a_form_takes_so_many_and_no_more() -> None:
    for n in range(AT_ONCE):
        waiting.add("full", [b"words"], f"{n}.txt", at=NOW)
    with pytest.raises(Refused, match="At most 9"):
        waiting.add("full", [b"words"], "one more.txt", at=NOW)


def test_many_sent_at_once_are_no_more_than_one_after_the_other() -> None:
    ready = threading.Barrier(24)

    def send(n: int) -> str:
        ready.wait(60)
        try:
            waiting.add("at once", [b"words"], f"{n}.txt", at=NOW)
        except Refused as refusal:
            return refusal.code
        return "taken"

    with ThreadPoolExecutor(24) as threads:
        said = Counter(threads.map(send, range(24)))
    assert set(said) <= {"taken", "file.many"}
    assert said["taken"] == len(waiting.of("at once", at=NOW)) <= AT_ONCE


def test_a_file_waits_a_day_and_is_then_collected_with_its_card_and_its_form() -> None:
    one = waiting.add("a day", [jpeg()], "a.jpg", at=NOW)
    assert waiting.of("a day", at=NOW + DAY) == []
    # Another test's cards stand beside it.
    waiting.collect(NOW + DAY - timedelta(seconds=1))
    assert waiting.of("a day", at=NOW) == [one]
    assert waiting.collect(NOW + DAY) >= 1
    assert waiting.of("a day", at=NOW) == []
    path = store.path_of(one.token)
    now = path.stat().st_mtime
    store.collect(lambda tokens: set(), now + 1.9 * 86400)
    assert path.is_file(), "a row might still be on its way"
    store.collect(set, now + 3 * 86400)
    assert path.is_file(), "a row names it"
    store.collect(lambda tokens: set(), now + 3 * 86400)
    assert not path.is_file()


def test_nothing_of_a_card_can_be_read_on_disk() -> None:
    waiting.add("secret", [b"words"], "张三身份证.txt", at=NOW)
    raw = b"".join(p.read_bytes() for p in (store.folder() / "waiting").rglob("*") if p.is_file())
    assert "张三".encode() not in raw
    assert b"secret" not in raw


# -- what others do meanwhile, and what forms send -------------------------------------------------------------------


class Disappearing(type(Path())):  # type: ignore[misc]
    """A file that somebody else removes or renames between its folder's listing and the question how old it is."""

    def stat(self, **how: bool) -> os.stat_result:
        self.unlink(missing_ok=True)
        return super().stat(**how)


def disappear(monkeypatch: pytest.MonkeyPatch, method: str, *names: str) -> None:
    """Have files of these names gone once ``Path.iterdir`` or ``Path.glob`` has listed them."""
    listed = getattr(Path, method)

    def listing(folder: Path, *how: str) -> Iterator[Path]:
        return (Disappearing(p) if p.name in names else p for p in listed(folder, *how))

    monkeypatch.setattr(Path, method, listing)


def test_the_collectors_go_on_when_a_file_disappears_under_them(monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = (waiting.add("collected", [b"words"], name, at=NOW) for name in ("a.txt", "b.txt"))
    folder = next(p for p in (store.folder() / "waiting").glob(f"*/{one.token}.card")).parent
    (folder / ".being-written").write_bytes(b"")
    left = store.path_of(two.token)
    later = left.stat().st_mtime + 3 * 86400
    disappear(monkeypatch, "iterdir", ".being-written")
    disappear(monkeypatch, "glob", one.token)
    assert waiting.collect(NOW + DAY) >= 2
    assert not folder.exists()
    assert store.collect(lambda tokens: set(), later) >= 1
    assert not left.exists()


def test_what_a_process_that_died_left_unsealed_goes_with_the_next_file() -> None:
    left, under_way = store.incoming() / "left", store.incoming() / "under way"
    for path in (left, under_way):
        path.write_bytes(b"somebody's words")
    an_hour_ago = left.stat().st_mtime - 3601
    os.utime(left, (an_hour_ago, an_hour_ago))
    waiting.add("another", [b"words"], "a.txt", at=NOW)
    assert (left.exists(), under_way.exists()) == (False, True)
    under_way.unlink()


def test_what_is_no_name_of_a_file_is_never_made_a_path() -> None:
    mine = waiting.add("mine too", [b"words"], "a.txt", at=NOW)
    waiting.add("another's", [b"words"], "b.txt", at=NOW)
    card = next((store.folder() / "waiting").glob(f"*/{mine.token}.card"))
    for token in (
        "a" * 300 + "/b",
        "a" * 300,
        "\0/x",
        f"../{card.parent.name}/{mine.token}",
        str(card.with_suffix("")),
    ):
        waiting.drop("another's", token)
    assert waiting.of("mine too", at=NOW) == [mine]
