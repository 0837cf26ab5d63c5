"""The program as a person at a terminal meets it: real processes, real folders, a real port."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE

import pytest

from tests.ports import free_port

pytestmark = pytest.mark.sqlite  # a demo is always on SQLite, and the other commands say the same on both


def environment(folder: Path, **more: str) -> dict[str, str]:
    """A terminal without anything of this test's own county."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("TONGBAN_", "DJANGO_", "DATABASE_", "LC_", "LANG"))
    }
    return {**kept, "TONGBAN_DATA": str(folder), "LANG": "en_GB.UTF-8", "COLUMNS": "200"} | more


def tongban(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tongban.config.main", *words],
        env=environment(folder, **more), cwd=folder, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


def test_version_and_help_need_no_county_and_make_none(tmp_path: Path) -> None:
    assert tongban(tmp_path, "--version").stdout.startswith("tongban 0.")
    help_text = tongban(tmp_path, "--help").stdout
    for command in ("demo", "codes", "migrate", "import", "serve", "worker"):
        assert f"\n    {command} " in help_text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"TONGBAN_HOSTS": "127.0.0.1,tongban.example,other.example"}, "https://tongban.example"),
        ({"TONGBAN_HOSTS": "tongban.example", "TONGBAN_ADDRESS": "https://desk.example/"}, "https://desk.example"),
    ],
)
def test_links_in_messages_begin_with_the_sites_own_name(tmp_path: Path, given: dict[str, str], address: str) -> None:
    asked = "from tongban.config import settings; print(settings.TONGBAN_SHARED_ADDRESS)"
    done = subprocess.run(
        [sys.executable, "-c", asked], env=environment(tmp_path, **given), capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == address


@pytest.mark.parametrize(
    "words",
    [
        ["mirgate"],
        [],
        ["serve", "--port", "0"],
        ["serve", "--port", "x"],
        ["demo", "--size", "huge"],
        ["migrate", "now"],
    ],
)
def test_what_cannot_be_meant_is_a_sentence_and_status_2(tmp_path: Path, words: list[str]) -> None:
    done = tongban(tmp_path, *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("tongban: ")
    assert "--help` explains" in done.stderr
    assert "Traceback" not in done.stderr


def test_complaints_are_in_the_terminals_language(tmp_path: Path) -> None:
    assert "命令写得不对" in tongban(tmp_path, "mirgate", LANG="zh_CN.UTF-8").stderr
    assert "演示县只在本机开放" in tongban(tmp_path, "demo", "--host", "0.0.0.0", LC_ALL="zh_CN.UTF-8").stderr


def test_migrate_makes_an_empty_county_and_the_second_time_nothing(tmp_path: Path) -> None:
    first, second = tongban(tmp_path, "migrate"), tongban(tmp_path, "migrate")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "Areas +146, units +177, limits +18, sample routes +17." in first.stdout
    assert "Areas +0, units +0, limits +0, sample routes +0." in second.stdout
    assert (tmp_path / "keys/master-1.key").stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(tmp_path / "county.sqlite3") as county:
        assert county.execute("SELECT count(*) FROM cases_case").fetchone() == (0,)
        assert county.execute("SELECT count(*) FROM access_account").fetchone() == (0,)
        samples = county.execute("SELECT DISTINCT confirmed FROM cases_limit").fetchall()
        assert samples == [(0,)]


def test_a_new_countys_first_administrator_is_made_once(tmp_path: Path) -> None:
    assert "Run `tongban migrate` first" in tongban(tmp_path, "administrator", "zhou.wei", "周伟").stderr
    tongban(tmp_path, "migrate")
    made = tongban(tmp_path, "administrator", "zhou.wei", "周伟")
    assert made.returncode == 0
    assert re.search(r"shown this once: (\w{4}-){3}\w{4}\n", made.stdout)
    again = tongban(tmp_path, "administrator", "Zhou.Wei", "另一个周伟")
    assert again.returncode == 1
    assert "Traceback" not in again.stderr
    assert tongban(tmp_path, "audit", "verify").returncode == 0
    assert tongban(tmp_path, "audit", "seal").returncode == 0
    carried = tmp_path / "carried"
    carried.mkdir()
    refused = tongban(tmp_path, "audit", "export-seal", str(carried))
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert "Please name a file" in refused.stderr
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".carried")] == []


def test_serve_and_worker_refuse_a_county_that_is_not_there(tmp_path: Path) -> None:
    for words in (["serve", "--port", str(free_port())], ["worker"]):
        done = tongban(tmp_path, *words)
        assert done.returncode == 1
        assert "Run `tongban migrate` first." in done.stderr


def test_the_demo_refuses_what_it_is_not_for(tmp_path: Path) -> None:
    assert "never starts" in tongban(tmp_path, "demo", TONGBAN_MODE="production").stderr
    for host in ("0.0.0.0", "192.0.2.7", "::", "example.org"):
        done = tongban(tmp_path, "demo", "--host", host)
        assert done.returncode == 1
        assert "this machine only" in done.stderr
    assert re.search(r"Run `(\S*/)?tongban demo` first\.", tongban(tmp_path, "codes").stderr)
    assert not (tmp_path / "county.sqlite3").exists()


def test_demo_mode_is_not_served_to_others_by_serve_either(tmp_path: Path) -> None:
    done = tongban(tmp_path, "serve", "--host", "0.0.0.0", TONGBAN_MODE="demo")
    assert done.returncode == 1
    assert "this machine only" in done.stderr


def test_a_misspelt_mode_is_refused_by_every_command(tmp_path: Path) -> None:
    for words in (["serve"], ["worker"], ["migrate"], ["demo"], ["codes"]):
        for mode in ("prod", "Production", "", "staging"):
            done = tongban(tmp_path, *words, TONGBAN_MODE=mode)
            assert done.returncode == 1, (words, mode)
            assert "it can only be production" in done.stderr
    assert "0 to 9" in tongban(tmp_path, "serve", TONGBAN_PROXIES="two").stderr
    assert list(tmp_path.iterdir()) == []
    bare = subprocess.run(  # another server, which asks the settings alone
        [sys.executable, "-c", "import tongban.config.wsgi"], env=environment(tmp_path, TONGBAN_MODE="prod"),
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "it must be production, demo or test" in bare.stderr


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("DATABASE_URL", "mysql://x", "must begin with postgresql://"),
        ("TONGBAN_QUIET_HOURS", "21", "it must be like 21:00-08:00"),
        ("TONGBAN_MAIL", "smtp://h:abc", "abc"),
        ("TONGBAN_DATA", "/proc/nothing", "/proc/nothing"),
    ],
)
def test_a_setting_that_cannot_be_used_is_a_sentence(tmp_path: Path, name: str, value: str, why: str) -> None:
    done = tongban(tmp_path, "migrate", **{name: value})
    assert done.returncode == 1
    assert "The settings cannot be used" in done.stderr
    assert why in done.stderr
    assert "Traceback" not in done.stderr


def test_test_mode_is_not_served(tmp_path: Path) -> None:
    done = tongban(tmp_path, "serve", "--port", str(free_port()), TONGBAN_MODE="test")
    assert done.returncode == 1
    assert "no pages are served" in done.stderr


def test_a_county_is_its_owners_alone(tmp_path: Path) -> None:
    county = tmp_path / "county"
    before = os.umask(0o022)
    try:
        county.mkdir(mode=0o755)
        assert tongban(county, "migrate").returncode == 0
        database = county / "county.sqlite3"
        assert {S_IMODE(p.stat().st_mode) & 0o077 for p in (county, *county.rglob("*"))} == {0}
        # One that an earlier version made openly is closed by whatever command comes first.
        county.chmod(0o755)
        database.chmod(0o644)
        tongban(county, "audit", "verify")
        assert (S_IMODE(county.stat().st_mode), S_IMODE(database.stat().st_mode)) == (0o700, 0o600)
        # A folder that was named by mistake is not closed to those who share it.
        shared = tmp_path / "shared"
        (shared / "others").mkdir(parents=True)
        shared.chmod(0o755)
        for _ in range(2):
            tongban(shared, "worker")
        assert S_IMODE(shared.stat().st_mode) == 0o755
    finally:
        os.umask(before)


def test_a_taken_port_is_a_sentence_before_anything_is_built(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        done = tongban(tmp_path, "demo", "--port", str(holder.getsockname()[1]))
    assert done.returncode == 1
    assert "is taken by another program" in done.stderr
    assert not (tmp_path / "county.sqlite3").exists()


def test_the_demo_never_touches_a_county_that_is_none(tmp_path: Path) -> None:
    tongban(tmp_path, "migrate")
    before = (tmp_path / "county.sqlite3").stat().st_mtime_ns
    done = tongban(tmp_path, "demo", "--fresh", "--size", "tiny", "--build-only")
    assert done.returncode == 1
    assert "left alone" in done.stderr
    assert (tmp_path / "county.sqlite3").stat().st_mtime_ns == before


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo county, built once."""
    folder = tmp_path_factory.mktemp("demo")
    done = tongban(folder, "demo", "--size", "tiny", "--build-only")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def running(demo: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The demo, served; its process and its address."""
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "tongban.config.main", "demo", "--port", str(port)],
        env=environment(demo), cwd=demo, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as child:  # fmt: skip
        try:
            yield child, f"http://127.0.0.1:{port}"
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait(30)


def until_told(child: subprocess.Popen[str], words: str) -> str:
    """What it has printed, up to the line with these words."""
    assert child.stdout is not None
    told = ""
    for line in child.stdout:
        told += line
        if words in line:
            return told
    raise AssertionError(f"it ended before it said {words!r}: {told}{child.stderr.read() if child.stderr else ''}")


def descendants(pid: int) -> set[int]:
    """The processes that descend from ``pid``, from /proc."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    found, grown = {pid}, True
    while grown:
        inner = {p for p, parent in parents.items() if parent in found} - found
        found |= inner
        grown = bool(inner)
    return found - {pid}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_demo_serves_pages_tells_its_accounts_and_ends_with_all_its_processes(
    running: tuple[subprocess.Popen[str], str], demo: Path, number: signal.Signals
) -> None:
    child, url = running
    told = until_told(child, "Ctrl-C ends it.")
    assert f"{url}/\n" in told
    assert f"{url}/demo/codes/" in told
    assert re.search(r"`(\S*/)?tongban codes`", told)
    assert re.search(r"`(\S*/)?tongban demo --fresh`", told)
    accounts = json.loads((demo / "demo.json").read_text())["accounts"]
    assert len(accounts) >= 10
    for account in accounts:
        assert account["account"] in told
    with urllib.request.urlopen(url, timeout=10) as page:
        assert page.status == 200
    second = tongban(demo, "demo", "--port", str(free_port()))
    assert second.returncode == 1
    assert "running already" in second.stderr
    started = descendants(child.pid)
    assert len(started) >= 3  # the pages' manager with its processes, and the worker
    child.send_signal(number)
    assert child.wait(30) == 0
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(Path(f"/proc/{pid}").exists() for pid in started):
        time.sleep(0.1)
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]
    assert "Traceback" not in (child.stderr.read() if child.stderr else "")
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url, timeout=2)


def test_a_demos_folder_is_never_served_as_a_county(demo: Path) -> None:
    done = tongban(demo, "serve", "--port", str(free_port()))
    assert done.returncode == 1
    assert "holds a demo county, whose passwords are public" in done.stderr
    bare = subprocess.run(
        [sys.executable, "-c", "import tongban.config.wsgi"], env=environment(demo), cwd=demo, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "holds a demo county" in bare.stderr


def test_a_county_without_its_master_key_is_refused_and_gets_no_new_one(demo: Path, tmp_path: Path) -> None:
    county = tmp_path / "restored"
    shutil.copytree(demo, county)
    key = county / "keys" / "master-1.key"
    right = key.read_bytes()
    key.unlink()
    for command in (("serve", "--port", str(free_port())), ("worker",), ("audit", "verify"), ("migrate",)):
        done = tongban(county, *command, TONGBAN_MODE="demo")
        assert (done.returncode, key.exists()) == (1, False), command
        assert "master key is missing" in done.stderr
    key.write_bytes(base64.b64encode(bytes(32)))
    done = tongban(county, "worker", TONGBAN_MODE="demo")
    assert done.returncode == 1
    assert "not the one under which this county was written" in done.stderr
    key.write_bytes(right)
    assert tongban(county, "audit", "verify", TONGBAN_MODE="demo").returncode == 0


def test_codes_are_shown_for_every_staff_account_of_the_list(demo: Path) -> None:
    shown = tongban(demo, "codes")
    assert shown.returncode == 0, shown.stderr
    lines = {line.split()[0]: line.split()[-1] for line in shown.stdout.splitlines() if line.strip()}
    staff = [a["account"] for a in json.loads((demo / "demo.json").read_text())["accounts"] if a["password"]]
    assert staff
    for account in staff:
        assert lines[account].isdigit()
        assert len(lines[account]) == 6


def test_the_demo_has_cases_in_every_state_and_its_ledger_holds(demo: Path) -> None:
    with sqlite3.connect(demo / "county.sqlite3") as county:
        states = {row[0] for row in county.execute("SELECT DISTINCT state FROM cases_case")}
        overdue = county.execute("SELECT count(*) FROM cases_case WHERE due_at < datetime('now')").fetchone()[0]
        in_order = [row[0] for row in county.execute("SELECT opened_at FROM cases_case ORDER BY id")]
        seals = county.execute("SELECT count(*) FROM ledger_seal").fetchone()[0]
    assert states >= {"new", "accepted", "assigned", "handling", "review", "approved", "answered", "closed"}
    assert overdue >= 1
    assert in_order == sorted(in_order)
    assert seals > 50
    verified = tongban(demo, "audit", "verify", TONGBAN_MODE="demo")
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.long
def test_the_full_demo_has_the_year_2020_behind_todays_desk_and_its_ledger_holds(tmp_path: Path) -> None:
    assert tongban(tmp_path, "demo", "--size", "tiny", "--build-only").returncode == 0
    done = tongban(tmp_path, "demo", "--size", "full", "--build-only")
    assert done.returncode == 0, done.stderr
    assert "the full one takes its place" in done.stdout
    assert "Requests of 2020" in done.stdout
    again = tongban(tmp_path, "demo", "--build-only")  # who asks for less keeps what is there
    assert "is in" in again.stdout
    assert "already" in again.stdout
    with sqlite3.connect(tmp_path / "county.sqlite3") as county:

        def counted(where: str) -> dict[str, int]:
            return dict(county.execute(f"SELECT state, count(*) FROM cases_case WHERE {where} GROUP BY state"))

        past, present = (counted(f"opened_at {sign} '2021-01-01'") for sign in ("<", ">"))
        first = county.execute("SELECT min(id) FROM cases_case WHERE opened_at > '2021-01-01'").fetchone()[0]
        in_order = [row[0] for row in county.execute("SELECT opened_at FROM cases_case ORDER BY id")]
        waiting = county.execute("SELECT count(*) FROM ledger_outbox WHERE created_at < '2021-01-01'").fetchone()[0]
    assert past == {"closed": 7790, "handling": 6, "declined": 96, "referred": 58, "withdrawn": 71}
    assert set(present) >= {"new", "accepted", "assigned", "handling", "review", "approved", "answered", "closed"}
    assert first == sum(past.values()) + 1
    assert in_order == sorted(in_order)
    assert waiting <= 1  # the copy of the year's seal; nobody is told today of what happened then
    accounts = [a["account"] for a in json.loads((tmp_path / "demo.json").read_text())["accounts"] if a["password"]]
    codes = tongban(tmp_path, "codes").stdout
    assert all(f"{account} " in codes for account in accounts)
    verified = tongban(tmp_path, "audit", "verify", TONGBAN_MODE="demo")
    assert verified.returncode == 0, verified.stdout + verified.stderr
