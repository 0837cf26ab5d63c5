"""The command on a fresh machine: after ``migrate`` alone, killed in the middle, its last line and its exit status."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.engines.cases.importing.conftest import LETTERS, as_csv

pytestmark = pytest.mark.sqlite


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county made by ``tongban migrate`` and nothing else."""
    made = tmp_path_factory.mktemp("county")
    assert tongban(made, "migrate").returncode == 0
    return made


def environment(folder: Path, language: str = "en") -> dict[str, str]:
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("TONGBAN_", "DATABASE_URL", "DJANGO_", "LC_", "LANG"))
    }
    return {**kept, "TONGBAN_DATA": str(folder), "TONGBAN_MODE": "demo", "LANG": f"{language}.UTF-8"}


def tongban(folder: Path, *words: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tongban.config.main", *words],
        env=environment(folder, language), capture_output=True, text=True, encoding="utf-8", timeout=180, check=False,
    )  # fmt: skip


def import_(folder: Path, *words: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    return tongban(folder, "import", "requests", *words, "--programme", "community", language=language)


def last(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout.splitlines()[-1]


def count(folder: Path, sql: str) -> int:
    with sqlite3.connect(folder / "county.sqlite3") as database:
        return int(database.execute(sql).fetchone()[0])


def test_the_command_tells_in_the_readers_language_and_ends_in_english(folder: Path) -> None:
    tried = import_(folder, str(LETTERS), "--source", "a", "--dry-run", language="zh_CN")
    assert (tried.returncode, last(tried)) == (0, "11 rows: 9 would be opened, 0 unchanged, 2 refused")
    first = import_(folder, str(LETTERS), "--source", "a", language="zh_CN")
    assert (first.returncode, last(first)) == (0, "11 rows: 9 opened, 0 unchanged, 2 refused")
    assert "第 11 行 [没导入 · 来件时间] 看不懂时间“前天下午”" in first.stderr
    again = import_(folder, str(LETTERS), "--source", "a")
    assert (again.returncode, last(again)) == (0, "11 rows: 0 opened, 9 unchanged, 2 refused")
    assert "Row 11 [left out · Time of the request] The time “前天下午” is not understood." in again.stderr
    assert list((folder / "uploads").glob("batch-*.csv"))


def test_what_cannot_be_read_or_is_said_wrongly_opens_nothing(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.xls"
    page.write_text("<html><table></table></html>")
    before = count(folder, "select count(*) from cases_batch")
    for words, said in (
        ([str(page)], "web page"),
        ([str(tmp_path / "nothing.xlsx")], "no file"),
        ([str(LETTERS), "--mapping", "没有的"], "no saved mapping"),
        ([str(LETTERS), "--column", "body=没有的"], "no column"),
        ([str(LETTERS), "--source", ""], "which system"),
    ):
        done = import_(folder, *words)
        assert done.returncode == 1, words
        assert said in done.stderr
        assert not done.stdout
    assert tongban(folder, "import", "requests", str(LETTERS), "--programme", "nonsense").returncode == 1
    assert count(folder, "select count(*) from cases_batch") == before


def test_a_choice_of_columns_is_kept_and_used_again(folder: Path) -> None:
    words = (str(LETTERS), "--source", "b", "--column", "body=留言主题", "--column", "title=留言用户")
    assert last(import_(folder, *words, "--save-mapping", "换了列")) == "11 rows: 10 opened, 0 unchanged, 1 refused"
    assert last(import_(folder, str(LETTERS), "--source", "b", "--mapping", "换了列")).startswith(
        "11 rows: 0 opened, 10"
    )


def test_a_name_that_cannot_be_kept_is_said_before_anything_is_imported(folder: Path) -> None:
    before = count(folder, "select count(*) from cases_batch")
    done = import_(folder, str(LETTERS), "--source", "c", "--save-mapping", "长" * 61)
    assert done.returncode == 1
    assert not done.stdout
    assert count(folder, "select count(*) from cases_batch") == before


def test_killed_in_the_middle_and_run_again_it_is_complete_and_without_doubles(folder: Path, tmp_path: Path) -> None:
    rows: list[list[object]] = [["编号", "标题", "时间", "内容", "答复", "答复时间"]]
    rows += [[str(n), f"第{n}件", "2019/4/25 8:00:00", "内容" * 200, "已办", "2019/4/26 8:00:00"] for n in range(4000)]
    path = as_csv(tmp_path / "many.csv", rows)
    sql = "select count(*) from cases_case where source = 'many'"
    killed = 0
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-m", "tongban.config.main", "import", "requests", str(path), "--programme", "community",
             "--source", "many"],
            env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        begun = count(folder, sql)
        while child.poll() is None and count(folder, sql) == begun:
            time.sleep(0.02)
        if child.poll() is None:
            child.send_signal(signal.SIGKILL)
            killed += 1
        child.communicate()
    assert killed == 3
    before = count(folder, sql)
    assert 0 < before < 4000
    done = import_(folder, str(path), "--source", "many")
    assert last(done) == f"4000 rows: {4000 - before} opened, {before} unchanged, 0 refused"
    assert count(folder, sql) == 4000
    assert count(folder, f"{sql} and state = 'closed'") == 4000
    answers = "select count(*) from cases_answer a join cases_case c on c.id = a.case_id where c.source = 'many'"
    assert count(folder, answers) == 4000


def test_two_at_once_open_each_row_once(folder: Path, tmp_path: Path) -> None:
    rows: list[list[object]] = [["编号", "内容"]] + [[str(n), f"第{n}件事"] for n in range(800)]
    path = as_csv(tmp_path / "both.csv", rows)
    command = [
        sys.executable,
        "-m",
        "tongban.config.main",
        "import",
        "requests",
        str(path),
        "--programme",
        "community",
        "--source",
        "both",
    ]
    both = [
        subprocess.Popen(command, env=environment(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    lines = []
    for child in both:
        out, err = child.communicate(timeout=120)
        assert child.returncode == 0, err
        lines.append(out.splitlines()[-1])
    assert count(folder, "select count(*) from cases_case where source = 'both'") == 800
    opened = [int(line.split()[2]) for line in lines]
    assert sum(opened) == 800
    assert all(line.startswith("800 rows: ") and line.endswith(" 0 refused") for line in lines)
