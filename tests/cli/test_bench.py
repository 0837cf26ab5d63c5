"""The bench writes exactly a group's rows, in a county of its own, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tongban.cli.bench.goals import complete, goals
from tongban.cli.words import Trouble

ROOT = Path(__file__).resolve().parents[2]
# Nothing listens there, so a run finds no PostgreSQL.
NOWHERE = "postgresql://nobody@127.0.0.1:9/nothing"


def started(folder: Path, *words: str, **more: str) -> subprocess.Popen[str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "TONGBAN_MODE")}
    settled = {
        "TMPDIR": str(folder),
        "TONGBAN_DATA": str(folder / "untouched"),
        "DATABASE_URL": NOWHERE,
        "LANG": "C.UTF-8",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tongban.config.main", "bench", *words],
        env={**kept, **settled, **more}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def bench(folder: Path, *words: str, **more: str) -> tuple[int, str, str]:
    process = started(folder, *words, **more)
    out, err = process.communicate(timeout=900)
    return process.returncode, out, err


def rows(path: Path) -> dict[str, dict[str, Any]]:
    found = json.loads(path.read_text(encoding="utf-8"))
    assert [r["name"] for r in found] == [g.name for g in goals()[path.stem]]
    return {r["name"]: r for r in found}


def test_a_group_that_comes_later_has_all_its_rows_and_says_so(tmp_path: Path) -> None:
    status, out, err = bench(tmp_path, "trust", "--json", str(tmp_path / "out" / "trust.json"))
    assert status == 0, err
    found = rows(tmp_path / "out" / "trust.json")
    assert {(r["value"], r["why"]) for r in found.values()} == {(None, "comes with a later part")}
    assert found["worst_bomb_cpu"]["unit"] == "s"
    assert "restore_to_first_page_at_million" in out


@pytest.mark.sqlite
def test_the_desks_rows_are_measured_or_say_why_not_and_nothing_is_left(tmp_path: Path) -> None:
    status, _, err = bench(tmp_path, "desk", "--json", str(tmp_path / "desk.json"), "--cases", "60")
    assert status == 0, err
    found = rows(tmp_path / "desk.json")
    assert {name: row["why"] for name, row in found.items() if row["value"] is None} == {
        "list_p95_at_million_sqlite": "this run has 60 cases, not a million",
        "list_p95_at_million_postgresql": "no PostgreSQL answers, neither at DATABASE_URL nor locally",
        "recompute_million_deadlines": "this run has 60 cases, not a million",
        "escalations_not_exactly_once_of_1000_kills": "this run kills 40 workers, not 1,000",
        "escalation_latest": "in this run 10 promises end at once, not 1,000",
        "outbox_double_effects_of_ten_replays": "this run replays once what 5 cases send, not ten times",
        "undo_differences_of_10000_sequences": "this run has 20 sequences, not 10,000",
        "demo_full_ready": "this run has 60 cases, not the year's 7,796",
    }
    assert 0 < found["list_queries_worst"]["value"] <= 6
    assert "SQLite's alone in this run" in err
    assert [p.name for p in tmp_path.iterdir() if p.name != "desk.json"] == []


def test_an_unknown_group_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    status, _, err = bench(tmp_path, "speed", "--json", str(tmp_path / "x.json"))
    assert status == 2
    assert "no group speed; there are cases, desk, trust, triage, reach." in err
    assert not (tmp_path / "x.json").exists()


@pytest.mark.sqlite
def test_one_row_is_measured_alone_and_the_others_stay(tmp_path: Path) -> None:
    kept = [{"name": "demo_full_ready", "value": 33.0, "unit": "s"}]
    (tmp_path / "desk.json").write_text(json.dumps(kept), "utf-8")
    row = "undo_differences_of_10000_sequences"
    status, _, err = bench(tmp_path, "desk", "--json", str(tmp_path / "desk.json"), "--cases", "60", "--only", row)
    assert status == 0, err
    found = rows(tmp_path / "desk.json")
    assert found["demo_full_ready"]["value"] == 33.0
    assert found[row]["why"] == "this run has 20 sequences, not 10,000"
    assert found["escalation_latest"]["why"] == "not measured yet"


def test_a_row_that_cannot_be_measured_alone_is_named(tmp_path: Path) -> None:
    for group, row in (("cases", "create_queries"), ("desk", "speed")):
        status, _, err = bench(tmp_path, group, "--json", str(tmp_path / "x.json"), "--only", row)
        assert (status, row in err, "Traceback" in err) == (2, True, False)
    assert not (tmp_path / "x.json").exists()


def test_a_missing_or_renamed_row_is_a_failure() -> None:
    whole: dict[str, float | str] = {g.name: 1.0 for g in goals()["desk"]}
    assert [r["value"] for r in complete("desk", whole)] == [1.0] * 9
    with pytest.raises(Trouble, match="rows do not match") as missing:
        complete("desk", {n: v for n, v in whole.items() if n != "demo_full_ready"})
    assert missing.value.params["names"] == "demo_full_ready"
    with pytest.raises(Trouble) as strange:
        complete("desk", {**whole, "demo_ready": 3.0})
    assert strange.value.params == {"what": "unknown", "names": "demo_ready"}


@pytest.mark.sqlite
def test_a_small_run_measures_what_it_can_and_says_why_of_the_rest(tmp_path: Path) -> None:
    status, out, err = bench(
        tmp_path, "cases", "--json", str(tmp_path / "cases.json"), "--cases", "60", TONGBAN_SHARED_DATA=str(tmp_path)
    )
    assert status == 0, err
    found = rows(tmp_path / "cases.json")
    assert found["create_queries"]["value"] <= 8
    assert found["list_queries_worst"]["value"] <= 6
    assert found["bulk_write_sqlite"]["value"] > 0
    assert found["create_cpu_sqlite"]["value"] > 0
    assert found["list_p95_at_million_sqlite"]["why"] == "this run has 60 cases, not a million"
    assert found["mix_million_over_ten_thousand_sqlite"]["value"] is None
    assert found["bulk_write_postgresql"]["why"].startswith("no PostgreSQL answers")
    assert found["import_rate"]["why"].startswith("the shared data are absent")
    assert "reached" in out
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cases.details.json", "cases.json"], "nothing is left"


@pytest.mark.long
def test_an_interrupted_run_leaves_no_process_folder_or_database(tmp_path: Path) -> None:
    import psycopg

    url = os.environ.get("DATABASE_URL", "")
    process = started(tmp_path, "cases", "--json", str(tmp_path / "cases.json"), "--cases", "60", DATABASE_URL=url)
    end = time.monotonic() + 60
    while not list(tmp_path.glob("tongban-bench-*_small-*/county.sqlite3")) and time.monotonic() < end:
        time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []
    if url:
        with psycopg.connect(url) as connection:
            left = connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"tongban_bench_{process.pid}%"]
            ).fetchall()
        assert left == []


def test_the_goals_are_those_of_the_project() -> None:
    assert set(goals()) == {"cases", "desk", "trust", "triage", "reach"}
    assert len(goals()["cases"]) == 12
    assert goals()["cases"][0].reached(8)
    assert not goals()["cases"][0].reached(9)
    assert goals()["cases"][8].reached(3000)
